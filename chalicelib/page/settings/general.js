// The workspace itself: its name, and from which country its phone numbers are.

import { $, el, iconButton } from "../kit/dom.js";
import { countries, countryName } from "./countries.js";
import { mayManage, save } from "./keep.js";
import { field, foot, form, missing, refuse, say, whole } from "./parts.js";

const LABELS = { name: "Name", phone_region: "Country" };
const NO_COUNTRY = "None: + and country code needed";
const WHY_COUNTRY = "How phone numbers without a country code are read.";

/** {node, dirty}: the form, or what it would show to who may only look. */
export function general(found) {
  if (!mayManage()) return { node: facts(found), dirty: () => false };
  const part = { seen: found, name: nameInput(found), region: regionChoice(found) };
  part.node = form(
    "part",
    () => submit(part),
    el(
      "div",
      { className: "scroll" },
      field("Name", part.name),
      field("Country of phone numbers", part.region, WHY_COUNTRY),
      fixed(found),
    ),
    foot("Save"),
  );
  return { node: part.node, dirty: () => Object.keys(changes(part)).length > 0 };
}

function nameInput({ name }) {
  const props = { name: "name", maxLength: 100, dir: "auto", autocomplete: "off" };
  return el("input", { ...props, value: name });
}

function regionChoice({ phone_region: now }) {
  const choice = el("select", { name: "phone_region" }, new Option(NO_COUNTRY, ""));
  choice.append(...countries().map(({ region, name, code }) => new Option(`${name} (+${code})`, region)));
  if (now && ![...choice.options].some(({ value }) => value === now)) choice.append(new Option(now));
  choice.value = now ?? "";
  return choice;
}

/** What never changes, to be handed to those who need it. */
function fixed({ id, slug }) {
  return el("dl", { className: "settings-facts" }, ...fact("Short name", slug, true), ...fact("Id", id, true));
}

function fact(label, value, code = false) {
  const copy = () => navigator.clipboard?.writeText(value);
  const shown = code
    ? [el("code", {}, value), iconButton("copy", `Copy: ${label}`, copy, "quiet tiny")]
    : [el("span", { dir: "auto" }, value)];
  return [el("dt", {}, label), el("dd", {}, ...shown)];
}

function facts(found) {
  const country = found.phone_region ? countryName(found.phone_region) : NO_COUNTRY;
  const list = fixed(found);
  list.prepend(...fact("Name", found.name), ...fact("Country of phone numbers", country));
  const who = el("p", { className: "muted" }, "Admins and owners can change this.");
  return el("div", { className: "part" }, el("div", { className: "scroll" }, list, who));
}

function changes({ seen, name, region }) {
  const found = {};
  if (name.value.trim() !== seen.name) found.name = name.value.trim();
  if (region.value !== (seen.phone_region ?? "")) found.phone_region = region.value || null;
  return found;
}

async function submit(part) {
  const fields = changes(part);
  const names = Object.keys(fields);
  say(part.node, "");
  if (missing(part.node, { name: "Enter a name." })) return;
  if (names.length === 0) return say(part.node, "Nothing has changed.");
  const differ = (seen, now) => names.some((field) => seen[field] !== now[field]);
  try {
    const saved = await save(part.seen, () => fields, differ);
    adopt(part, saved, changes({ ...part, seen: { ...part.seen, ...fields } }));
    say(part.node, "Saved.");
  } catch (problem) {
    if (problem.current) meanwhile(part, problem, fields);
    else refuse(part.node, problem, LABELS);
  }
}

/** Shows what is stored, but where something else was typed. */
function adopt(part, now, typed) {
  part.seen = now;
  if (!("name" in typed)) part.name.value = now.name;
  if (!("phone_region" in typed)) part.region.value = now.phone_region ?? "";
}

function meanwhile(part, problem, typed) {
  const { seen } = part;
  const now = problem.current;
  const said = [];
  if (seen.name !== now.name) said.push(`The name is now “${now.name}”.`);
  if (seen.phone_region !== now.phone_region) {
    said.push(`The country is now ${now.phone_region ? countryName(now.phone_region) : "none"}.`);
  }
  adopt(part, now, typed);
  whole(part.node, `${problem.message} ${said.join(" ")} Save again to keep yours.`);
  $("[type=submit]", part.node).focus();
}
