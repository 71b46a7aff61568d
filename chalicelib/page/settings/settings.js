// The settings of the workspace: one wide dialog with four tabs. What was typed in one
// stays while another is looked at.

import * as dialog from "../kit/dialog.js";
import { $, el } from "../kit/dom.js";
import { general } from "./general.js";
import { fresh } from "./keep.js";
import { members } from "./members.js";
import { statuses } from "./statuses.js";
import { tokens } from "./tokens.js";
import { requestId } from "../kit/toast.js";

const PARTS = {
  general: ["General", general],
  statuses: ["Statuses", statuses],
  members: ["Members", members],
  tokens: ["Tokens", tokens],
};

/** Opens on one of `general`, `statuses`, `members` and `tokens`. */
export function open(first = "general") {
  if (dialog.isOpen()) return;
  const view = { found: null, made: new Map(), shown: first };
  view.tabs = Object.entries(PARTS).map(([name, [label]]) => tabOf(view, name, label));
  view.panels = Object.keys(PARTS).map(panelOf);
  const bar = el("div", { className: "tabs", role: "tablist", "aria-label": "Settings" }, ...view.tabs);
  bar.addEventListener("keydown", (event) => keys(view, event));
  view.node = el("div", { className: "settings" }, bar, ...view.panels);
  const dirty = () => [...view.made.values()].reduce((lost, part) => lost || part.dirty(), false);
  dialog.show("Workspace settings", "dialog", view.node, { wide: true, dirty });
  show(view, first);
  tabNow(view).focus();
  load(view);
  const again = () => made(view)?.again?.(); // others may have changed something meanwhile
  addEventListener("focus", again);
  dialog.closed().then(() => removeEventListener("focus", again));
}

const made = ({ made: parts, shown }) => parts.get(shown);

function tabOf(view, name, label) {
  const props = { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `part-${name}` };
  return el("button", { ...props, onclick: () => show(view, name) }, label);
}

const panelOf = (name) =>
  el("div", { id: `part-${name}`, role: "tabpanel", tabIndex: 0, "aria-labelledby": `tab-${name}` });

const tabNow = ({ node, shown }) => $(`#tab-${shown}`, node);

/** The versions that are edited are those of now, not those of this morning. */
async function load(view) {
  const bones = () => [el("i", { className: "bone" }), el("i", { className: "bone" })];
  for (const panel of view.panels) panel.replaceChildren(el("div", { className: "scroll" }, ...bones()));
  try {
    view.found = await fresh();
    show(view, view.shown);
  } catch (problem) {
    const again = el("button", { type: "button", className: "button", onclick: () => load(view) }, "Try again");
    const said = el("div", { className: "scroll", role: "alert" }, el("p", { className: "fault" }, problem.message));
    said.append(requestId(problem) ?? "", again);
    $(`#part-${view.shown}`, view.node).replaceChildren(said);
  }
}

/** One panel; it is made when it is first looked at. */
function show(view, name) {
  view.shown = name;
  for (const tab of view.tabs) {
    const chosen = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", chosen);
    tab.tabIndex = chosen ? 0 : -1;
  }
  for (const panel of view.panels) panel.hidden = panel.id !== `part-${name}`;
  if (view.made.has(name)) return view.made.get(name).again?.();
  if (!view.found) return;
  const part = PARTS[name][1](view.found);
  view.made.set(name, part);
  $(`#part-${name}`, view.node).replaceChildren(part.node);
}

function keys(view, event) {
  const names = Object.keys(PARTS);
  const here = names.indexOf(view.shown);
  const to = {
    ArrowRight: (here + 1) % names.length,
    ArrowLeft: (here + names.length - 1) % names.length,
    Home: 0,
    End: names.length - 1,
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  show(view, names[to]);
  tabNow(view).focus();
}
