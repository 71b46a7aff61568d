// One status in the list: its handle, its colour, its name, and what can be done with it.
// It stands for the status whose id it carries, and is found by nothing else.

import { looksLike, picker } from "./colors.js";
import { $, el, icon, iconButton } from "../kit/dom.js";

const LONGEST = 40;
const WHY_NEW = "Every new contact begins with it, so it cannot be removed.";

/** `edited()` is called after each change, `remove(row)` when it is to go. */
export function statusRow(one, { edited, remove }) {
  const node = el("li", { className: "status-row", data: { status: idOf(one) } });
  const name = nameInput(one, () => label(node, one) || edited());
  const color = el("button", { type: "button", className: "color", "aria-expanded": "false" });
  color.addEventListener("click", () => toggle(node, one, edited));
  node.append(
    el("span", { className: "handle", title: "Drag to another place" }, icon("more")),
    color,
    name,
    el(
      "div",
      { className: "acts" },
      act("chevron", { step: -1 }),
      act("chevron", { step: 1 }),
      act("trash", {}, () => (one.key === "new" ? null : remove(node))),
    ),
    el("p", { className: "hint", id: `status-${idOf(one)}-hint` }),
    el("p", { className: "fault", id: `status-${idOf(one)}-fault` }),
    el("div", { className: "below" }),
  );
  if (one.key === "new") keep(node);
  label(node, one);
  return node;
}

/** The id of a status; throws when it has none. */
function idOf({ id }) {
  if (typeof id === "string" && id) return id;
  throw new TypeError("A status without an id.");
}

function nameInput(one, edited) {
  const input = el("input", { value: one.label, maxLength: LONGEST, dir: "auto", autocomplete: "off" });
  const described = ["hint", "fault"].map((kind) => `status-${idOf(one)}-${kind}`).join(" ");
  input.setAttribute("aria-describedby", described);
  input.addEventListener("input", () => {
    one.label = input.value;
    edited();
  });
  return input;
}

function act(symbol, data, onclick = () => {}) {
  const node = iconButton(symbol, "", onclick);
  Object.assign(node.dataset, data);
  return node;
}

/** Its buttons say whose they are. */
function label(node, { label: name, color }) {
  const whose = name.trim() || "the new status";
  const [up, down, remove] = node.querySelectorAll(".acts button");
  tell($(".color", node), `Colour of ${whose}`);
  $(".color", node).style.setProperty("--c", color);
  tell($("input", node), `Name of the status ${name.trim()}`.trim());
  tell(up, `Move ${whose} up`);
  tell(down, `Move ${whose} down`);
  tell(remove, `Remove ${whose}`);
}

function tell(node, text) {
  node.setAttribute("aria-label", text);
  if (node.tagName === "BUTTON") node.title = text;
}

function keep(node) {
  const remove = $(".acts button:last-child", node);
  remove.setAttribute("aria-disabled", "true");
  remove.setAttribute("aria-describedby", "status-new-hint");
  $(".hint", node).textContent = WHY_NEW;
}

/** The palette opens beneath its status, and no other is open. */
function toggle(node, one, edited) {
  const button = $(".color", node);
  const close = () => {
    $(".below", node).replaceChildren();
    button.setAttribute("aria-expanded", "false");
    button.focus();
  };
  if (button.ariaExpanded === "true") return close();
  const pick = (color) => {
    one.color = color;
    label(node, one);
    edited();
  };
  for (const other of node.parentElement.querySelectorAll(".color[aria-expanded=true]")) other.click();
  button.setAttribute("aria-expanded", "true");
  const choice = picker(button.ariaLabel, one.color, pick, close);
  $(".below", node).replaceChildren(choice);
  ($("[aria-pressed=true]", choice) ?? $("button", choice)).focus();
  choice.scrollIntoView({ block: "nearest" });
}

/** Says softly that a colour is much like another status's. */
export function compare(node, one, others, recoloured) {
  const like = recoloured && others.find(({ color }) => looksLike(color, one.color));
  const said = like ? `Its colour is much like that of “${like.label.trim()}”.` : "";
  const text = [one.key === "new" ? WHY_NEW : "", said].filter(Boolean).join(" ");
  if ($(".hint", node).textContent !== text) $(".hint", node).textContent = text;
}
