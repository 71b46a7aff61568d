// The fields of a contact that a person fills in: as text in an input, and back.

import { $, el } from "../kit/dom.js";
import { run } from "./commands.js";

const plain = { show: (value) => value ?? "", read: (text) => text.trim() || null };

export const FIELDS = {
  name: { ...plain, label: "Name", props: { maxLength: 100 } },
  phone: { ...plain, label: "Phone", props: { type: "tel" } },
  email: { ...plain, label: "E-mail", props: { type: "email", maxLength: 255 } },
  lead_score: {
    label: "Score",
    props: { type: "number", min: 0, max: 100, step: 1 },
    show: (value) => String(value ?? 0),
    read: (text) => (text.trim() === "" ? null : Number(text)),
  },
  tags: {
    label: "Tags",
    props: { placeholder: "family, priority" },
    show: (value) => (value ?? []).join(", "),
    read: (text) => text.split(",").map((tag) => tag.trim()).filter(Boolean),
  },
  source: { ...plain, label: "Source", props: { maxLength: 50 } },
};

/** An input of a field, showing a value. */
export function input(field, value, props = {}) {
  const { label, props: own, show } = FIELDS[field];
  const all = { type: "text", autocomplete: "off", ...own, ...props, name: field };
  const node = el("input", { ...all, "aria-label": label });
  node.value = show(value);
  return node;
}

/** The fields whose inputs no longer show what the contact has. */
export function changesOf(inputs, contact) {
  const changed = inputs.filter(({ name, value }) => {
    return value.trim() !== FIELDS[name].show(contact[name]);
  });
  return Object.fromEntries(
    changed.map(({ name, value }) => [name, FIELDS[name].read(value)]),
  );
}

/** Which field a refusal is about, and its sentence: every one that it names. */
export function faults(problem) {
  const named = problem.errors.map(({ field, message }) => [field, message]);
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
