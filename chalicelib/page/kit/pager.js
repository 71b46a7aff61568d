// A list that comes in pages, newest first: more on demand, and what went wrong in its
// own place.

import { el } from "./dom.js";
import { requestId } from "./toast.js";

/** `ask(cursor)` brings {items, next_cursor}; `render(item)` makes an <li>. */
export function pager({ ask, render, empty, more }) {
  const list = el("ul", { className: "items" });
  const foot = el("div", { className: "pager" }, el("i", { className: "bone" }));
  const load = async (cursor) => {
    try {
      const { items, next_cursor: next } = await ask(cursor);
      list.append(...items.map(render));
      const onclick = () => load(next);
      const button = el("button", { type: "button", className: "link", onclick }, more);
      foot.replaceChildren(next ? button : "");
      tellEmpty();
    } catch (problem) {
      const onclick = () => load(cursor);
      const again = el("button", { type: "button", className: "link", onclick }, "Try again");
      const said = el("p", { className: "fault" }, problem.message, " ", again);
      foot.replaceChildren(said, requestId(problem) ?? "");
    }
  };
  const tellEmpty = () => {
    const none = list.children.length === 0 && !foot.firstChild?.tagName;
    if (none) foot.replaceChildren(el("span", { className: "muted" }, empty));
    else if (foot.firstChild?.className === "muted") foot.replaceChildren();
  };
  load();
  return { nodes: [list, foot], list, tellEmpty };
}
