// What the settings are made of: a field with its sentence, a form with its foot, and a
// question that is asked in its place.

import { $, el } from "../kit/dom.js";
import { requestId } from "../kit/toast.js";

let asked = 0; // every question has its own id
let drop = null; // withdraws the question that is open: there is one at a time

/** A labelled field: what is wrong with it is told beneath it. */
export function field(label, node, hint = "") {
  const id = (node.id ||= `settings-${node.name}`);
  node.setAttribute("aria-describedby", `${id}-hint ${id}-fault`);
  return el(
    "div",
    { className: "field" },
    el("label", { htmlFor: id }, label),
    node,
    el("p", { className: "hint", id: `${id}-hint` }, hint),
    el("p", { className: "fault", id: `${id}-fault` }),
  );
}

/** A form that submits once at a time, and never while a word is being composed. */
export function form(className, submit, ...children) {
  const node = el("form", { className, noValidate: true }, ...children);
  let busy = false;
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.isComposing) event.preventDefault();
  });
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    try {
      await submit();
    } finally {
      busy = false;
    }
  });
  return node;
}

/** The foot of a form: what happened, what is wrong with the whole, and its button. */
export const foot = (button) =>
  el(
    "div",
    { className: "settings-foot" },
    el("p", { className: "said muted", role: "status" }),
    el("div", { className: "fault whole", role: "alert" }),
    el("button", { type: "submit", className: "primary" }, button),
  );

/** Tells at the first field of `needed` ({name: sentence}) that is empty, before the server
 *  is asked; whether there is one. */
export function missing(node, needed) {
  const [name, text] = Object.entries(needed).find(([one]) => !$(`[name="${one}"]`, node).value.trim()) ?? [];
  if (!name) return false;
  accept(node);
  const input = $(`[name="${name}"]`, node);
  fault(input, text);
  input.focus();
  return true;
}

export function say(node, text) {
  accept(node);
  $(".said", node).textContent = text;
}

export function accept(node) {
  for (const one of node.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
  for (const one of node.querySelectorAll(".fault")) one.replaceChildren();
  $(".said", node)?.replaceChildren();
}

// Refusals whose code says which field they are about.
const ABOUT = {
  slug_taken: ["slug"],
  member_exists: ["user_id", "email"],
  invitation_exists: ["email"],
};

/** Each sentence of a refusal by the field that it is about; the rest beneath the form. */
export function refuse(node, problem, labels) {
  accept(node);
  const about = ABOUT[problem.code]?.find((name) => name in labels);
  const errors = about ? [{ field: about, message: problem.message }] : problem.errors;
  const rest = errors.filter(({ field: name, message }) => {
    const input = labels[name] && $(`[name="${name}"]`, node);
    if (input) fault(input, spoken(message, name, labels[name]));
    return !input;
  });
  if (errors.length > rest.length) $("[aria-invalid=true]", node).focus();
  if (errors.length === 0) whole(node, problem.message, problem);
  else if (rest.length) whole(node, rest.map((one) => named(one, labels)).join(" "), problem);
}

const named = ({ field: name, message }, labels) => spoken(message, name, labels[name] ?? name);

/** "slug must be …" as a person says it: "Short name must be …". */
const spoken = (message, name, label) =>
  message.startsWith(`${name} `) ? label + message.slice(name.length) : message;

export function fault(input, text) {
  input.setAttribute("aria-invalid", "true");
  const id = input.getAttribute("aria-describedby").split(" ").at(-1);
  $(`#${CSS.escape(id)}`).textContent = text;
}

export function whole(node, text, problem = null) {
  $(".fault.whole", node).replaceChildren(el("p", {}, text), idOf(problem) ?? "");
}

const idOf = (problem) =>
  problem && (problem.status >= 500 || problem.status === 0) ? requestId(problem) : null;

/** Withdraws the question that is open, if there is one. */
export const unask = () => drop?.();

/** Asks in `place`. `act` is called when it is answered with yes; it may refuse, and then
 *  `refused(problem)` may say that it has told it itself. `no` is called when nothing comes
 *  of it; the focus goes `back` when it is answered with no. */
export function ask(place, { text, more = [], verb, act, back, danger = true, no, refused }) {
  unask();
  const id = `settings-question-${++asked}`;
  const wrong = el("div", { className: "fault", role: "alert" });
  const mine = () => {
    if (drop === mine) drop = null;
    if (node.isConnected) place.replaceChildren();
    no?.();
  };
  const close = () => {
    mine();
    if (back?.isConnected) back.focus();
  };
  const yes = async () => {
    node.inert = true;
    if (drop === mine) drop = null; // it is on its way
    try {
      await act();
    } catch (problem) {
      no?.();
      if (refused?.(problem)) return;
      node.inert = false;
      if (!drop) drop = mine;
      wrong.replaceChildren(el("p", {}, problem.message), idOf(problem) ?? "");
      problem.input?.setAttribute("aria-invalid", "true");
      (problem.input ?? go).focus();
    }
  };
  const go = el("button", { type: "button", className: "primary", onclick: yes }, verb);
  go.classList.toggle("danger", danger);
  const cancel = { type: "button", className: "button", onclick: close };
  const node = el(
    "div",
    { className: "question", role: "group", "aria-labelledby": id },
    el("p", { id, dir: "auto" }, text),
    ...more,
    wrong,
    el("div", { className: "buttons" }, el("button", cancel, "Cancel"), go),
  );
  node.addEventListener("keydown", (event) => leave(event, close));
  place.replaceChildren(node);
  drop = mine;
  node.scrollIntoView({ block: "nearest" });
  return node;
}

/** Paints a list anew; the control that had the focus has it again, found by its name. */
export function keepFocus(list, paint) {
  const had = list.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
  paint();
  if (had) $(`[aria-label="${CSS.escape(had)}"]`, list)?.focus();
}

/** Esc answers the question with no; it does not leave the dialog. */
export function leave(event, close) {
  if (event.key !== "Escape") return;
  event.preventDefault();
  event.stopPropagation();
  close();
}
