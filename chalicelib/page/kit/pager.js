// A list that comes in pages: more on demand, each item once, and what went wrong in its
// own place. The newest stands first; or last, as in a conversation (`upward`), where
// older ones come in above without moving what is being read.

import { el } from "./dom.js";
import { requestId } from "./toast.js";

/** `ask(cursor)` brings {items, next_cursor}, newest first; `render(item)` makes an <li>.
 *  `upward`: the box that a list with the newest below is scrolled in. `arrange(list,
 *  whole)` is called after each change; `whole` says that nothing is left to ask for. */
export function pager({ ask, render, empty, more, upward = null, arrange = () => {} }) {
  const list = el("ul", { className: "items" });
  const foot = el("div", { className: "pager" }, el("i", { className: "bone" }));
  const shown = new Map(); // id -> its <li>
  let asking = false;
  let left = true; // there may be more than is shown

  /** Shows an item: a new one as the newest, another where it stands. */
  function put(item) {
    place(item, !upward);
    tell();
    return shown.get(item.id);
  }

  function drop(id) {
    shown.get(id)?.remove();
    shown.delete(id);
    tell();
  }

  function place(item, first) {
    if (typeof item.id !== "string") throw new TypeError("An item without an id.");
    const node = render(item);
    if (shown.has(item.id)) shown.get(item.id).replaceWith(node);
    else if (first) list.prepend(node);
    else list.append(node);
    shown.set(item.id, node);
  }

  function tell() {
    const none = shown.size === 0 && !left;
    if (none) foot.replaceChildren(el("span", { className: "muted" }, empty));
    else if (foot.firstChild?.className === "muted") foot.replaceChildren();
    arrange(list, !left);
  }

  async function load(cursor) {
    asking = true;
    try {
      const page = await ask(cursor);
      left = Boolean(page.next_cursor);
      take(page.items, page.next_cursor);
    } catch (problem) {
      const said = el("p", { className: "fault", role: "alert" }, problem.message, " ");
      said.append(button("Try again", () => load(cursor)));
      foot.replaceChildren(said, requestId(problem) ?? "");
    }
    asking = false;
  }

  /** What came meanwhile from this page itself is newer, and stays as it is. */
  function take(items, next) {
    const within = foot.contains(document.activeElement);
    const still = upward ? hold(upward) : () => {};
    const unseen = items.filter(({ id }) => !shown.has(id));
    unseen.forEach((item) => place(item, Boolean(upward)));
    foot.replaceChildren(next ? button(more, () => load(next)) : "");
    tell();
    still();
    if (within) stayBy(unseen[0]);
  }

  /** The key that has asked for more stays at hand: the button, or what it has brought. */
  function stayBy(item) {
    const to = foot.querySelector("button") ?? shown.get(item?.id) ?? list;
    if (to.tagName !== "BUTTON") to.tabIndex = -1;
    to.focus({ preventScroll: true });
  }

  const button = (label, onclick) => {
    const ask = () => asking || onclick();
    return el("button", { type: "button", className: "link", onclick: ask }, label);
  };

  upward?.append(foot, list);
  load();
  return { nodes: upward ? [upward] : [list, foot], list, put, drop };
}

/** What is seen of a scrolled box is measured from its end: there it stays, when more is
 *  put in above; and an unread one is at its end at first. */
function hold(box) {
  const rest = box.scrollHeight - box.scrollTop;
  return () => (box.scrollTop = box.scrollHeight - rest);
}
