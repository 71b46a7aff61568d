// Why the list shows nothing, or no more: in its place, with the way on.

import { run } from "../core/commands.js";
import { mayWrite, statusOf } from "../core/workspace.js";
import { $, el, icon } from "../kit/dom.js";
import { requestId } from "../kit/toast.js";

const place = $("#state");

export const hide = () => (place.hidden = true);

/** `rest`: what can be done about it. */
export function tell(symbol, title, text, ...rest) {
  const parts = [icon(symbol), el("h2", {}, title), el("p", { dir: "auto" }, text), ...rest];
  place.replaceChildren(...parts.filter(Boolean));
  place.hidden = false;
}

const button = (label, onclick, className = "button") =>
  el("button", { type: "button", className, onclick }, label);

export function noContacts() {
  const add = mayWrite() && button("Add contact", () => run("add contact"), "primary");
  tell("plus", "No contacts yet", "The first contact that is added appears here.", add);
}

export function noMatch({ q, status }, clear) {
  const parts = [q && `“${q}”`, status && `status ${statusOf(status).label}`];
  const text = `No contact matches ${parts.filter(Boolean).join(" with ")}.`;
  tell("search", "No match", text, button("Clear filters", clear));
}

export function failed(problem, again) {
  const rest = [button("Try again", again), requestId(problem)];
  tell("alert", "Contacts could not be loaded", problem.message, ...rest);
}
