// One menu for the whole page. It opens beneath a button; arrows move, a letter jumps,
// Esc and Tab close, and the focus goes back to where it came from.

import { $, el, icon } from "./dom.js";

const menu = $("#menu");
let anchor = null;
let dismissed = { anchor: null, at: 0 };

/** items: {label, pick, more?, color?, icon?, checked?, many?, danger?}; without `pick`
 *  it only tells something. */
export function openMenu(button, label, items) {
  // The click that dismissed this menu by landing on its own button must not reopen it.
  if (dismissed.anchor === button && performance.now() - dismissed.at < 150) {
    dismissed.anchor = null;
    return;
  }
  anchor = button;
  menu.setAttribute("aria-label", label);
  menu.replaceChildren(...items.map(itemNode));
  menu.classList.toggle("iconic", items.some((item) => item.icon));
  menu.showPopover();
  place();
  button.setAttribute("aria-expanded", "true");
  ($("[aria-checked=true]", menu) ?? stops()[0]).focus();
}

const stops = () => [...menu.children].filter((node) => node.role);

function itemNode(item) {
  if (!item.pick) return told(item);
  const choice = item.many ? "menuitemcheckbox" : "menuitemradio";
  const node = el("button", {
    type: "button",
    className: item.danger ? "item danger" : "item",
    role: item.checked === undefined ? "menuitem" : choice,
    tabIndex: -1,
    onclick: () => pick(node, item),
  });
  if (item.checked !== undefined) node.setAttribute("aria-checked", item.checked);
  node.append(lead(item), el("span", {}, item.label), icon("check"));
  return node;
}

const told = ({ label, more }) =>
  el("div", { className: "told" }, el("strong", { dir: "auto" }, label), el("small", { dir: "auto" }, more ?? ""));

function lead(item) {
  if (item.icon) return icon(item.icon);
  const dot = el("span", { className: item.color ? "dot" : "no-dot" });
  if (item.color) dot.style.setProperty("--c", item.color);
  return dot;
}

function pick(node, item) {
  if (item.many) {
    const checked = node.getAttribute("aria-checked") !== "true";
    node.setAttribute("aria-checked", checked);
    item.pick(checked);
    return;
  }
  close();
  item.pick();
}

function place() {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = at.bottom + 4 + height <= innerHeight - 8;
  const left = Math.min(at.left, innerWidth - width - 8);
  menu.style.left = `${Math.max(8, left)}px`;
  menu.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - 4 - height)}px`;
}

function close() {
  const button = anchor;
  anchor = null;
  menu.hidePopover();
  button?.setAttribute("aria-expanded", "false");
  button?.focus({ preventScroll: true });
}

// Dismissed by a click elsewhere; beforetoggle, since toggle comes after that click.
menu.addEventListener("beforetoggle", (event) => {
  if (event.newState === "open") return;
  menu.replaceChildren(); // it names a contact; that must not outlive its use
  menu.removeAttribute("aria-label");
  if (!anchor) return;
  dismissed = { anchor, at: performance.now() };
  anchor.setAttribute("aria-expanded", "false");
  anchor = null;
});

menu.addEventListener("keydown", (event) => {
  const items = stops();
  const here = items.indexOf(document.activeElement);
  const last = items.length - 1;
  const to = {
    ArrowDown: here === last ? 0 : here + 1,
    ArrowUp: here <= 0 ? last : here - 1,
    Home: 0,
    End: last,
  }[event.key];
  if (event.key === "Escape" || event.key === "Tab") close();
  else if (to !== undefined) items[to].focus();
  else if (event.key.length === 1 && event.key !== " ") jump(items, here, event.key);
  else return;
  event.preventDefault();
  event.stopPropagation();
});

function jump(items, here, letter) {
  const order = [...items.slice(here + 1), ...items.slice(0, here + 1)];
  const starts = (item) => item.textContent.toLowerCase().startsWith(letter.toLowerCase());
  order.find(starts)?.focus();
}
