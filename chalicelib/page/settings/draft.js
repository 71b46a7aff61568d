// The statuses while they are edited: what a person has made of them, laid over what is
// stored, so that nobody's change is lost. Pure: no elements, no requests.

import { keyOf } from "./spelling.js";

const FIELDS = ["label", "color"];
const quoted = (text) => `“${text}”`;

export const openOf = (found) => found.lead_statuses.filter(({ closed }) => !closed);
export const closedOf = (found) => found.lead_statuses.filter(({ closed }) => closed);
const byKey = (statuses) => new Map(statuses.map((one) => [one.key, one]));
const look = (statuses) => JSON.stringify(statuses.map(({ key, label, color }) => [key, label, color]));

/** Whether two lists of open statuses are the same. */
export const alike = (one, other) => look(one) === look(other);
export const contradicts = (seen, now) => !alike(openOf(seen), openOf(now));

/** What was made of the statuses of `seen`, on those that are stored `now`: a change of
 *  mine stays, all others are theirs. */
export function over(seen, mine, now) {
  const was = byKey(openOf(seen));
  const theirs = byKey(openOf(now));
  const kept = mine
    .filter((one) => theirs.has(one.key) || !was.has(one.key) || changed(one, was.get(one.key)))
    .map((one) => blended(one, was.get(one.key), theirs.get(one.key)));
  const mentioned = new Set([...was.keys(), ...mine.map(({ key }) => key)]);
  const added = [...theirs.values()].filter(({ key }) => !mentioned.has(key));
  const ours = moved(was, mine) || !moved(was, [...theirs.values()]);
  const order = ours ? mine.map(idOf) : [...theirs.keys()];
  const place = (one) => (order.includes(idOf(one)) ? order.indexOf(idOf(one)) : order.length);
  return [...kept, ...added].sort((one, other) => place(one) - place(other));
}

/** The whole list to be stored: the open ones, then those that are closed. */
export function whole(open, now) {
  const keys = new Set(open.map(({ key }) => key));
  const kept = open.map(({ key, label, color }) => ({ key, label: label.trim(), color }));
  return [...kept, ...closedOf(now).filter(({ key }) => !keys.has(key))];
}

/** Gives each new status its key; given once, it stays while the answer is not known. */
export function name(mine, now) {
  const taken = new Set([...now.lead_statuses, ...mine].map(({ key }) => key));
  for (const one of mine.filter(({ key }) => !key)) {
    one.key = keyOf(one.label, taken);
    taken.add(one.key);
  }
}

const idOf = ({ key, id }) => key ?? id; // a new one has no key yet
const changed = (one, was) => FIELDS.some((field) => one[field] !== was[field]);

function blended(one, was, theirs) {
  if (!was || !theirs) return one;
  const taken = FIELDS.filter((field) => one[field] === was[field]);
  return { ...one, ...Object.fromEntries(taken.map((field) => [field, theirs[field]])) };
}

function moved(was, mine) {
  const known = mine.map(({ key }) => key).filter((key) => was.has(key));
  return String(known) !== String([...was.keys()].filter((key) => known.includes(key)));
}

/** What somebody else has changed: "“Active” is now called “Busy”." */
export function differences(seen, now) {
  const [was, is] = [openOf(seen), openOf(now)].map(byKey);
  const said = [];
  for (const [key, { label, color }] of is) {
    const before = was.get(key);
    if (!before) said.push(`${quoted(label)} was added.`);
    else if (before.label !== label) said.push(`${quoted(before.label)} is now called ${quoted(label)}.`);
    if (before && before.color !== color) said.push(`${quoted(label)} has another colour.`);
  }
  for (const [key, { label }] of was) if (!is.has(key)) said.push(`${quoted(label)} was removed.`);
  if (moved(was, [...is.values()])) said.push("Their order is another.");
  return said.join(" ");
}
