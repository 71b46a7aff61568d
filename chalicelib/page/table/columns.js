// The columns: which are shown, in which order, how wide; remembered per workspace on this
// device. Name comes first and stays when the table is scrolled sideways; actions are last.

import { columnsKey } from "../core/workspace.js";
import { $, el } from "../kit/dom.js";

export const LABELS = {
  name: "Name",
  email: "E-mail",
  status: "Status",
  tags: "Tags",
  assignee: "Assigned to",
  score: "Score",
  activity: "Last activity",
  created: "Created",
  more: "Actions",
};
const WIDTHS = {
  name: "minmax(184px, 1.5fr)",
  email: "minmax(120px, 1.3fr)",
  status: "128px",
  tags: "minmax(112px, 1.2fr)",
  assignee: "minmax(92px, .8fr)",
  score: "92px",
  activity: "104px",
  created: "104px",
  more: "48px",
};
const NARROWEST = 64;
const WIDEST = 640;
const MOVABLE = Object.keys(LABELS).filter((name) => !["name", "more"].includes(name));
const grid = $("#grid");
const listeners = new Set();
let chosen = { order: MOVABLE, hidden: [], widths: {} };

export const movable = () => chosen.order;
export const isShown = (name) => !chosen.hidden.includes(name);
export const shown = () => ["name", ...chosen.order.filter(isShown), "more"];
/** Calls `listener()` when other columns are shown, or in another order or width. */
export const listen = (listener) => listeners.add(listener);

/** Those of the workspace that is open. What was stored may be older than the page. */
export function open() {
  const { order = [], hidden = [], widths = {} } = stored();
  const known = order.filter((name) => MOVABLE.includes(name));
  const rest = MOVABLE.filter((name) => !known.includes(name));
  chosen = { order: [...known, ...rest], hidden, widths };
  apply();
}

function stored() {
  try {
    return JSON.parse(localStorage.getItem(columnsKey())) ?? {};
  } catch {
    return {};
  }
}

export function show(name, is) {
  const others = chosen.hidden.filter((one) => one !== name);
  change({ hidden: is ? others : [...others, name] });
}

/** By so many places to the right, or to the left. */
export function move(name, by) {
  const order = chosen.order.filter((one) => one !== name);
  const to = chosen.order.indexOf(name) + by;
  order.splice(Math.max(0, Math.min(order.length, to)), 0, name);
  change({ order });
}

export const moveTo = (name, other) =>
  move(name, chosen.order.indexOf(other) - chosen.order.indexOf(name));

/** In pixels; null: as wide as it is by itself. */
export function size(name, width) {
  const { [name]: _, ...widths } = chosen.widths;
  if (width !== null) widths[name] = Math.max(NARROWEST, Math.min(WIDEST, Math.round(width)));
  change({ widths });
}

function change(some) {
  chosen = { ...chosen, ...some };
  localStorage.setItem(columnsKey(), JSON.stringify(chosen));
  apply();
}

function apply() {
  const width = (name) => (chosen.widths[name] ? `${chosen.widths[name]}px` : WIDTHS[name]);
  grid.style.setProperty("--columns", shown().map(width).join(" "));
  $("thead tr", grid).replaceChildren(...shown().map(heading));
  for (const listener of listeners) listener();
}

function heading(name) {
  const props = { role: "columnheader", tabIndex: -1, data: { col: name } };
  if (name === "more") return el("th", props, el("span", { className: "unseen" }, LABELS.more));
  const sizer = el("span", { className: "sizer", "aria-hidden": "true" });
  return el("th", { ...props, draggable: name !== "name" }, LABELS[name], sizer);
}
