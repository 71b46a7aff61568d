// The one modal dialog. The browser keeps the focus in it and gives the focus back to what
// had it before. Esc, the cross and a click beside it leave; what was typed is asked about.

import { $, el, iconButton } from "./dom.js";

const dialog = $("#dialog");
let unsaved = () => false; // says whether leaving would lose something
let pressed = null; // where the pointer went down

export const isOpen = () => dialog.open;
export const shows = (node) => dialog.open && dialog.contains(node);

/** Whether closing it would lose something. */
export const isDirty = () => dialog.open && Boolean(unsaved());

/** Closes, whatever is in it. */
export const close = () => dialog.close();

/** `wide`: for lists. `dirty()` says whether something was typed that leaving would lose,
 *  or what else would be lost: {text, keep, drop} of the question. */
export function show(title, role, content, { wide = false, dirty = () => false } = {}) {
  const heading = el("h2", { id: "dialog-title", dir: "auto" }, title);
  const head = el("header", {}, heading, iconButton("close", "Close", leave));
  unsaved = dirty;
  dialog.className = wide ? "wide" : "";
  dialog.setAttribute("role", role);
  dialog.setAttribute("aria-labelledby", "dialog-title");
  dialog.replaceChildren(head, content);
  if (!dialog.open) dialog.showModal();
}

/** When it is closed, if it is open. */
export const closed = () =>
  new Promise((go) => (dialog.open ? dialog.addEventListener("close", go, { once: true }) : go()));

/** Tells above its content what has happened behind it; the node. */
export function tell(text, label, act) {
  $(".leaving", dialog)?.remove();
  const button = el("button", { type: "button", className: "button", onclick: act }, label);
  const told = el("div", { className: "leaving", role: "alert" }, text, el("div", {}, button));
  $("header", dialog).after(told);
  return told;
}

/** Closes, or asks first when something was typed. */
export function leave() {
  const lost = unsaved();
  if (!lost) return close();
  if ($(".leaving", dialog)) return $(".leaving button", dialog).focus();
  const back = document.activeElement;
  const stay = () => {
    question.remove();
    back?.focus();
  };
  const keep = el("button", { type: "button", className: "button", onclick: stay }, lost.keep ?? "Keep editing");
  const drop = { type: "button", className: "link danger", onclick: close };
  const question = el("div", { className: "leaving", role: "alert" }, `${lost.text ?? "Discard what you typed?"} `);
  question.append(el("div", {}, keep, el("button", drop, lost.drop ?? "Discard")));
  $("header", dialog).after(question);
  keep.focus();
}

dialog.addEventListener("cancel", (event) => {
  if (event.target !== dialog) return; // a file picker's, for example
  event.preventDefault();
  leave();
});
// It comes late: by then the next one may be open.
dialog.addEventListener("close", () => dialog.open || (unsaved = () => false));
// Back, a link, or closing the tab: the browser asks, in its own words.
addEventListener("beforeunload", (event) => {
  if (isDirty()) event.preventDefault();
});

// By where the pointer went down: a text that is selected by dragging past the edge ends
// with a click on the backdrop, too. A press on it is one on the dialog, outside its box.
dialog.addEventListener("pointerdown", (event) => (pressed = outside(event) ? dialog : null));
dialog.addEventListener("click", (event) => {
  if (pressed === dialog && outside(event)) leave();
});

function outside({ target, clientX: x, clientY: y }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return target === dialog && (x < left || x > right || y < top || y > bottom);
}
