// The statuses of the workspace: named, coloured and ordered in a draft that is saved as
// a whole; removed and opened again one by one, at once.

import { unused } from "./colors.js";
import { $, el } from "../kit/dom.js";
import { closedOf, alike, contradicts, differences, name, openOf, over, whole as all } from "./draft.js";
import { mayManage, save } from "./keep.js";
import { reorder } from "./order.js";
import { fault, foot, form, refuse, say, whole } from "./parts.js";
import { askToRemove } from "./removing.js";
import { compare, statusRow } from "./status-row.js";
import { counted } from "../kit/words.js";

const MOST = 20;
const FULL = `A workspace has at most ${MOST} statuses; closed ones count.`;
const CLOSED = "Closed: nobody can choose it. It goes when no contact has it any more.";
const LABELS = { lead_statuses: "The list" };
let added = 0; // a new status has an id of this dialog's own until it is saved

/** {node, dirty} */
export function statuses(found) {
  if (!mayManage()) return { node: shown(found), dirty: () => false };
  const part = { seen: found, draft: draftOf(found), list: el("ol", { className: "status-list" }) };
  part.closed = el("ul", { className: "status-list" });
  part.spoken = el("p", { className: "unseen", role: "status" });
  part.add = el("button", { type: "button", className: "button", onclick: () => add(part) }, "Add status");
  part.full = el("p", { className: "hint", id: "statuses-full" });
  part.add.setAttribute("aria-describedby", "statuses-full");
  const scroll = el("div", { className: "scroll" }, part.list, part.add, part.full, part.closed, part.spoken);
  part.node = form("part", () => submit(part), scroll, foot("Save"));
  reorder(part.list, (item) => moved(part, item));
  render(part);
  return { node: part.node, dirty: () => !alike(openOf(part.seen), part.draft) };
}

const draftOf = (found) => openOf(found).map((one) => ({ ...one, id: one.key }));

function shown(found) {
  const items = found.lead_statuses.map(({ label, color, closed }) => {
    return el("li", {}, pill(label, color), closed ? el("span", { className: "hint" }, CLOSED) : "");
  });
  const who = el("p", { className: "muted" }, "Admins and owners can change them.");
  const list = el("ol", { className: "status-list look" }, ...items);
  return el("div", { className: "part" }, el("div", { className: "scroll" }, list, who));
}

function pill(label, color) {
  const node = el("span", { className: "pill", dir: "auto" }, label);
  node.style.setProperty("--c", color);
  return node;
}

function render(part) {
  const acts = { edited: () => edited(part), remove: (row) => remove(part, row) };
  part.list.replaceChildren(...part.draft.map((one) => statusRow(one, acts)));
  part.closed.replaceChildren(...closedOf(part.seen).map((one) => closedRow(part, one)));
  edited(part);
}

export const rowOf = (part, id) => $(`[data-status="${CSS.escape(id)}"]`, part.list);

/** What depends on the whole list: colours that are alike, and whether it is full. */
function edited(part) {
  const was = new Map(part.seen.lead_statuses.map(({ key, color }) => [key, color]));
  for (const one of part.draft) {
    const others = part.draft.filter((other) => other !== one);
    compare(rowOf(part, one.id), one, others, was.get(one.key) !== one.color);
  }
  const full = part.draft.length + closedOf(part.seen).length >= MOST;
  part.add.setAttribute("aria-disabled", full);
  part.full.textContent = full ? FULL : "";
}

function moved(part, item) {
  const ids = [...part.list.children].map(({ dataset }) => dataset.status);
  part.draft.sort((one, other) => ids.indexOf(one.id) - ids.indexOf(other.id));
  const at = ids.indexOf(item.dataset.status);
  part.spoken.textContent = `${part.draft[at].label || "The new status"}: place ${at + 1} of ${ids.length}`;
}

function add(part) {
  if (part.add.ariaDisabled === "true") return;
  const color = unused(part.draft.map((one) => one.color));
  const one = { id: `+${++added}`, key: null, label: "", color };
  part.draft.push(one);
  const acts = { edited: () => edited(part), remove: (row) => remove(part, row) };
  part.list.append(statusRow(one, acts));
  edited(part);
  $("input", rowOf(part, one.id)).focus();
}

async function submit(part) {
  const blank = part.draft.filter(({ label }) => !label.trim());
  say(part.node, "");
  for (const { id } of blank) fault($("input", rowOf(part, id)), "A status needs a name.");
  if (blank.length) return $("input", rowOf(part, blank[0].id)).focus();
  if (alike(openOf(part.seen), part.draft)) return say(part.node, "Nothing has changed.");
  const fresh = part.draft.filter(({ key }) => !key);
  name(part.draft, part.seen);
  try {
    const { seen, draft } = part;
    const change = (now) => ({ lead_statuses: all(over(seen, draft, now), now) });
    adopt(part, await save(seen, change, contradicts), true);
    say(part.node, "Saved.");
  } catch (problem) {
    // Refused: what will be saved may have another name, and then another key.
    if (problem.status >= 400 && problem.status < 500) for (const one of fresh) one.key = null;
    if (problem.current) meanwhile(part, problem);
    else refuse(part.node, problem, LABELS);
  }
}

function meanwhile(part, problem) {
  const said = differences(part.seen, problem.current);
  adopt(part, problem.current);
  whole(part.node, `${problem.message} ${said} Yours is kept in the list: save again to apply it.`);
  $("[type=submit]", part.node).focus();
}

/** Takes over what is stored now. What was not saved stays as it was typed. */
export function adopt(part, now, saved = false) {
  const typed = saved ? [] : over(part.seen, part.draft, now);
  part.draft = saved ? draftOf(now) : typed.map((one) => ({ ...one, id: one.id ?? one.key }));
  part.seen = now;
  const focused = document.activeElement?.closest("[data-status]")?.dataset.status;
  render(part);
  if (focused && rowOf(part, focused)) $("input", rowOf(part, focused)).focus();
}

function remove(part, row) {
  const one = part.draft.find(({ id }) => id === row.dataset.status);
  const gone = (now, count) => {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    if (now) adopt(part, now);
    else row.remove();
    const moves = count ? ` ${counted(count, "contact")} moved.` : "";
    say(part.node, `“${one.label.trim() || "The new status"}” was removed.${moves}`);
    $("input", rowOf(part, next.dataset.status) ?? part.list).focus();
  };
  if (part.seen.lead_statuses.some(({ key }) => key === one.key)) return askToRemove(part, row, one, gone);
  part.draft = part.draft.filter((other) => other !== one);
  gone(null);
  return edited(part);
}

function closedRow(part, one) {
  const open = async ({ currentTarget: button }) => {
    button.disabled = true;
    try {
      await openAgain(part, one.key);
    } catch (problem) {
      button.disabled = false;
      refuse(part.node, problem, LABELS);
    }
  };
  const button = el("button", { type: "button", className: "link", onclick: open }, "Open again");
  button.setAttribute("aria-label", `Open again: ${one.label}`);
  return el("li", { className: "closed-row" }, pill(one.label, one.color), el("p", { className: "hint" }, CLOSED), button);
}

async function openAgain(part, key) {
  const open = (one) => (one.key === key ? { ...one, closed: false } : one);
  const change = (now) => ({ lead_statuses: now.lead_statuses.map(open) });
  adopt(part, await save(part.seen, change));
  say(part.node, "It can be chosen again.");
  if (rowOf(part, key)) $("input", rowOf(part, key)).focus();
}
