// The one modal dialog. The browser keeps the focus in it, closes it at Esc, and gives
// the focus back to what had it before.

import { $, el, iconButton } from "./dom.js";

const dialog = $("#dialog");

export const close = () => dialog.close();
export const isOpen = () => dialog.open;
export const shows = (node) => dialog.open && dialog.contains(node);

export function show(title, role, content) {
  const heading = el("h2", { id: "dialog-title" }, title);
  const head = el("header", {}, heading, iconButton("close", "Close", close));
  dialog.setAttribute("role", role);
  dialog.setAttribute("aria-labelledby", "dialog-title");
  dialog.replaceChildren(head, content);
  if (!dialog.open) dialog.showModal();
}

// A click on the backdrop is a click on the dialog itself, outside its content.
dialog.addEventListener("click", ({ target, clientX: x, clientY: y }) => {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  const inside = x >= left && x <= right && y >= top && y <= bottom;
  if (target === dialog && !inside) close();
});
