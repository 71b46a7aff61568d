// The values of what a workspace notes beside the fields: each keeps its type. Text,
// number, yes or no, and a day, which is stored as the text "2026-11-24".

import { el } from "../kit/dom.js";

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const NUMBER = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const isDay = (value) => DAY.test(value) && !Number.isNaN(Date.parse(value));

export const KINDS = { text: "Text", number: "Number", choice: "Yes or no", day: "Date" };

/** undefined: a list or an object, which is left as it is. */
export function kindOf(value) {
  if (typeof value === "string") return isDay(value) ? "day" : "text";
  return { number: "number", boolean: "choice" }[typeof value];
}

export function shown(value) {
  if (typeof value === "boolean") return value ? "Yes" : "No";
  return typeof value === "object" ? JSON.stringify(value) : String(value ?? "");
}

const written = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

/** To be read. */
export const asText = (value) =>
  kindOf(value) === "day" ? written.format(new Date(value)) : shown(value);

const PROPS = {
  text: { type: "text", dir: "auto" },
  number: { type: "text", inputMode: "decimal" },
  day: { type: "date" },
};

/** What a value of this kind is filled in with, showing `value` as far as it fits. */
export function valueInput(kind, value) {
  const node = kind === "choice"
    ? el("select", {}, new Option("Yes"), new Option("No"))
    : el("input", { autocomplete: "off", ...PROPS[kind] });
  fillValue(node, kind, value);
  return node;
}

export function fillValue(node, kind, value) {
  if (kind === "choice") node.value = /^(no|false|0|)$/i.test(shown(value)) ? "No" : "Yes";
  else node.value = shown(value);
}

/** What is filled in; undefined: it is nothing of that kind. */
export function readValue(node, kind) {
  const text = node.value.trim();
  if (kind === "choice") return text === "Yes";
  if (kind === "number") return NUMBER.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined;
  if (kind === "day") return isDay(text) ? text : undefined;
  return text;
}

export const wrongValue = (name, kind) =>
  kind === "number" ? `${name} must be a number, such as 1250 or 12.5.` : `${name} must be a date.`;
