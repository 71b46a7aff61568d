// A row of the panel: a label, a value, and beside it what became of a change. What is
// typed saves by itself when it is left.

import { change } from "../core/change.js";
import { alike, faults, otherLink } from "../core/fields.js";
import { leftWith } from "../core/saving.js";
import * as store from "../core/store.js";
import { watch } from "../core/typed.js";
import { el } from "../kit/dom.js";
import { entered } from "../kit/keys.js";
import { requestId } from "../kit/toast.js";

const SHOWN = 2000; // ms that "Saved" stands there
let count = 0; // of the rows that were made: their labels need ids

/** A value with its label, to read. */
export function textRow(label, value) {
  return el("div", { className: "row text" }, el("span", { dir: "auto" }, label), value);
}

/** What stands where there is nothing. */
export const none = () =>
  el("span", { className: "none" }, el("span", { "aria-hidden": "true" }, "–"), el("span", { className: "unseen" }, "none"));

/** {node, saved(), refuse(problem), clear()} around something to fill in. */
export function row(label, node, ...more) {
  node.id = `panel-field-${++count}`;
  const fault = el("div", { className: "fault", id: `${node.id}-fault`, role: "alert" });
  const told = el("span", { className: "told", role: "status" });
  node.removeAttribute("aria-label");
  node.setAttribute("aria-describedby", fault.id);
  const name = el("label", { htmlFor: node.id, dir: "auto" }, label);
  const beside = el("div", { className: "beside" }, told, ...more);
  const whole = el("div", { className: "row" }, name, el("div", { className: "value" }, node, fault), beside);
  let timer = 0;
  const clear = () => {
    node.removeAttribute("aria-invalid");
    fault.replaceChildren();
  };
  return {
    node: whole,
    clear,
    saved: () => {
      clearTimeout(timer);
      told.textContent = "Saved";
      timer = setTimeout(() => (told.textContent = ""), SHOWN);
    },
    refuse: (problem, sentence = problem.message) => {
      node.setAttribute("aria-invalid", "true");
      fault.replaceChildren(sentence, " ", otherLink(problem));
      if (problem.status >= 500) fault.append(requestId(problem) ?? "");
    },
  };
}

/** A row that saves. `of(contact)` is its value there, `read()` what is filled in, `fill`
 *  shows a contact's, `body` makes a change of a value; `live()`: still on show. */
export function savingRow({ id, label, node, live, of, read, fill, body, more = [] }) {
  const made = row(label, node, ...more);
  const state = { opened: null, queue: Promise.resolve(), waiting: 0 };
  const busy = () => node.contains(document.activeElement) || state.waiting > 0;
  const paint = (contact) => busy() || node.getAttribute("aria-invalid") === "true" || fill(contact);
  const accept = (value) => {
    made.clear();
    const contact = store.asStored(id);
    const focused = node.contains(document.activeElement);
    if (contact && alike(read(), value)) fill(contact, focused);
    state.opened = focused || state.waiting > 1 ? contact : null;
  };
  const save = async () => {
    const { opened } = state;
    if (!opened || !live()) return;
    const value = read();
    if (alike(value, of(opened))) return accept(value);
    try {
      await change(id, body(value), opened);
      if (live()) made.saved();
      accept(value);
    } catch (problem) {
      if (leftWith(problem, id)) return;
      state.opened = problem.current ?? opened;
      const named = faults(problem).find(([field]) => field === node.name);
      made.refuse(problem, named?.[1]);
    }
  };
  // One after the other: what is typed while the first is on its way is compared with
  // what that one has stored.
  const leave = () => {
    state.waiting++;
    state.queue = state.queue.then(save).finally(() => state.waiting--);
  };
  listen(node, { id, state, leave, made, of, read, fill });
  watch(node, () => {
    const { opened } = state;
    if (!opened || !live() || alike(read(), of(opened))) return null;
    if (!node.name) return true; // one more field
    return ["edit contact", id, { fields: { [node.name]: read() }, opened, focus: node.name }];
  });
  return { ...made, paint };
}

function listen(node, { id, state, leave, made, of, read, fill }) {
  node.addEventListener("focusin", () => {
    if (state.opened) return;
    state.opened = store.asStored(id);
    fill(state.opened, true);
  });
  if (node.tagName === "SELECT") {
    node.addEventListener("change", () => {
      state.opened ??= store.asStored(id); // a screen reader can choose without the focus
      leave();
    });
  }
  node.addEventListener("focusout", ({ relatedTarget }) => {
    if (!node.contains(relatedTarget)) leave();
  });
  node.addEventListener("keydown", (event) => {
    if (entered(event)) leave();
    const now = store.asStored(id);
    if (event.key !== "Escape" || !now || alike(read(), of(now))) return;
    event.stopPropagation(); // gives the edit up; once more closes the panel
    made.clear();
    state.opened = now;
    fill(now, true);
  });
}
