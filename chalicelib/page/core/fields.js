// The fields of a contact that a person fills in: in an input, and back; and what is said
// when a value will not do, in the words that stand beside the inputs.

import { Problem } from "./api.js";
import { run } from "./commands.js";
import { $, el } from "../kit/dom.js";
import { tagsInput, wrongIn } from "../kit/tags.js";
import { members } from "./members.js";
import { nameOf } from "./names.js";
import { settable, statusOf } from "./workspace.js";

const plain = { show: (value) => value ?? "", read: (text) => text.trim() || null };
const SCORE = "Score must be a whole number from 0 to 100.";
const isScore = (value) => Number.isInteger(value) && value >= 0 && value <= 100;

/** Of each: its label; `show`, as text; `read`, from an input's value; `wrong`, what is
 *  certain before the server is asked; `make`, where it is not an <input>. */
export const FIELDS = {
  name: { ...plain, label: "Name", props: { maxLength: 100, dir: "auto" } },
  phone: { ...plain, label: "Phone", props: { type: "tel", dir: "ltr" } },
  email: { ...plain, label: "E-mail", props: { type: "email", maxLength: 255, dir: "ltr" } },
  lead_status: {
    label: "Status",
    show: (value) => statusOf(value).label,
    read: (key) => key,
    make: statusChoice,
  },
  lead_score: {
    label: "Score",
    // Not type=number: that says "" for "1e", and changes under the wheel.
    props: { inputMode: "numeric" },
    show: (value) => String(value ?? ""),
    // What is no number stays what was typed, to be told, never 0.
    read: (text) => (/^\d+$/.test(text.trim()) ? Number(text) : text.trim() || null),
    wrong: (value) => (isScore(value) ? "" : SCORE),
  },
  assigned_to: {
    label: "Assigned to",
    show: (value) => (value ? nameOf(value) : ""),
    read: (user) => user || null,
    make: memberChoice,
  },
  tags: {
    label: "Tags",
    show: (value) => (value ?? []).join(", "),
    read: (tags) => tags,
    wrong: wrongIn,
    make: (props, value) => tagsInput(props, value ?? []),
  },
  source: { ...plain, label: "Source", props: { maxLength: 50, dir: "auto" } },
};

/** An input of a field, showing a value; or what acts as one. */
export function input(field, value, props = {}) {
  const { label, props: own, make = textInput } = FIELDS[field];
  const node = make({ ...own, ...props, name: field }, value);
  node.setAttribute("aria-label", label);
  return node;
}

function textInput(props, value) {
  const node = el("input", { type: "text", autocomplete: "off", ...props });
  fill(node, value);
  return node;
}

function statusChoice(props, value) {
  const choice = el("select", props);
  choice.append(...settable().map(({ key, label }) => new Option(label, key)));
  fill(choice, value);
  return choice;
}

function memberChoice(props, value) {
  const choice = el("select", props, new Option("Nobody", ""));
  fill(choice, value);
  members().then(
    (found) => fillMembers(choice, found),
    ({ message }) => choice.dispatchEvent(new CustomEvent("lost", { detail: message })),
  );
  return choice;
}

/** All members in their order; one who has left is still named where he is chosen. */
function fillMembers(choice, found) {
  const { value } = choice;
  const options = found.map((one) => new Option(nameOf(one.user_id), one.user_id));
  choice.replaceChildren(choice.options[0], ...options);
  fill(choice, value);
}

/** Shows a contact's value in the input that was made for it. */
export function fill(node, value) {
  const { show, make } = FIELDS[node.name];
  if (node.name === "tags") node.value = value ?? [];
  else if (!make) node.value = show(value);
  else choose(node, value ?? "", show(value));
}

/** What is chosen can be something that can no longer be: it is offered as it is. */
function choose(choice, value, label) {
  const known = [...choice.options].some((one) => one.value === value);
  if (!known) choice.append(new Option(label, value));
  choice.value = value;
}

/** The fields whose inputs no longer show what the contact has. */
export function changesOf(inputs, contact) {
  const given = inputs.map((node) => [node.name, FIELDS[node.name].read(node.value)]);
  return Object.fromEntries(given.filter(([name, value]) => !alike(value, contact[name])));
}

export const alike = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/** Refuses what the server would certainly refuse, with a sentence at each field. */
export function check(fields) {
  const errors = Object.entries(fields)
    .map(([field, value]) => ({ field, message: FIELDS[field]?.wrong?.(value) }))
    .filter(({ message }) => message);
  if (errors.length === 0) return;
  const detail = errors.map(({ message }) => message).join(" ");
  throw new Problem(422, { code: "invalid_fields", detail, errors, worded: true });
}

/** The same refusal in the words of the page: the server names fields as they are spelled
 *  in the API ("lead_score must be an integer from 0 to 100."). */
export function inWords(problem) {
  if (!problem.errors?.length || problem.worded) return problem;
  problem.worded = true;
  const before = problem.errors.map(({ message }) => message).join(" ");
  problem.errors = problem.errors.map((one) => ({ ...one, message: worded(one) }));
  const after = problem.errors.map(({ message }) => message).join(" ");
  problem.message = problem.message.replace(before, () => after);
  return problem;
}

function worded({ field, code, message }) {
  if (field === "name" && code === "required") return "Give a name, a phone or an e-mail.";
  const label = FIELDS[field]?.label ?? (field === "metadata" ? "More fields" : field);
  const rest = message.startsWith(`${field} `) ? message.slice(field.length) : ` ${message}`;
  return label + rest.replace("an integer", "a whole number").replace(" as JSON", "");
}

/** Which field a refusal is about, and its sentence: every one that it names. */
export function faults(problem) {
  const named = inWords(problem).errors.map(({ field, message }) => [field, message]);
  const taken = /^(phone|email)_taken$/.exec(problem.code);
  return taken ? [[taken[1], problem.message]] : named;
}

/** "Another contact has this phone": and here it is. */
export function otherLink(problem) {
  if (!problem.contact_id) return "";
  const onclick = () => {
    $("#dialog").close();
    run("open contact", problem.contact_id);
  };
  return el("button", { type: "button", className: "link", onclick }, "Open the existing contact");
}
