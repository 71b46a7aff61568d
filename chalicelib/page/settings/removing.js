// Removing a status: at once when no contact has it; else it asks where they go, moves
// them, says how far it is, and then removes it.

import * as dialog from "../kit/dialog.js";
import { el } from "../kit/dom.js";
import { openOf } from "./draft.js";
import { countOf, move } from "./emptying.js";
import { save } from "./keep.js";
import { ask } from "./parts.js";
import { toast } from "../kit/toast.js";
import { counted, nameOf } from "../kit/words.js";

const ROUNDS = 5; // somebody may give a contact this status while they are moved
const PAUSE = 500; // ms until the index of the statuses has caught up
const NAMED = 3; // contacts of those that could not be moved
const list = new Intl.ListFormat("en-GB");
const quoted = ({ label }) => `“${label.trim()}”`;

/** Asks beneath its row. `gone(workspace, count)` is called when it was removed. */
export async function askToRemove(part, row, one, gone) {
  const view = { part, row, one, gone, total: 0 };
  const place = row.querySelector(".below");
  row.querySelector(".color").setAttribute("aria-expanded", "false");
  place.replaceChildren(el("p", { className: "muted", role: "status" }, "Looking for its contacts…"));
  try {
    const { count, more } = await countOf(part.seen.id, one.key);
    if (!place.isConnected) return;
    if (count === 0) askUnused(view, place);
    else askWhere(view, place, more ? `More than ${counted(count, "contact")}` : counted(count, "contact"), !more && count);
  } catch (problem) {
    place.replaceChildren(el("p", { className: "fault", role: "alert" }, problem.message));
  }
}

const backOf = ({ row }) => row.querySelector(".acts button:last-child");

function askUnused(view, place) {
  const text = `No contact has ${quoted(view.one)}. Remove it?`;
  const act = async () => {
    try {
      view.gone(await take(view), 0);
    } catch (problem) {
      if (problem.code !== "status_in_use") throw problem;
      askToRemove(view.part, view.row, view.one, view.gone); // somebody was quicker
    }
  };
  const node = ask(place, { text, verb: "Remove", act, back: backOf(view) });
  node.querySelector("button").focus();
}

/** Out of what is stored by now, with whatever else somebody has changed. */
const take = ({ part, one }) =>
  save(part.seen, (now) => ({
    lead_statuses: now.lead_statuses.filter(({ key }) => key !== one.key),
  }));

function askWhere(view, place, who, total) {
  view.total = total || 0;
  const { part, one, row } = view;
  const others = openOf(part.seen).filter(({ key }) => key !== one.key);
  const choice = el("select", { "aria-label": "Move them to" }, new Option("Choose a status", ""));
  choice.append(...others.map(({ key, label }) => new Option(label, key)));
  const act = () => {
    if (choice.value) return start(view, place, others.find(({ key }) => key === choice.value));
    throw Object.assign(new Error("Choose where its contacts go."), { status: 422, input: choice });
  };
  const have = who.startsWith("1 ") ? "has" : "have";
  const text = `${who} ${have} ${quoted(one)}. They move to another status, and then it is removed.`;
  const label = el("label", { className: "where" }, el("span", {}, "Move them to"), choice);
  ask(place, { text, more: [label], verb: "Move and remove", act, back: backOf(view) });
  row.scrollIntoView({ block: "nearest" });
  choice.focus();
}

/** While it runs nothing else of the list can be changed, and it can be stopped. */
async function start(view, place, target) {
  const run = progress(view, place, target);
  const rest = [...view.part.node.querySelectorAll(".status-row, .closed-row, .scroll > .button, .settings-foot")];
  const others = rest.filter((node) => node !== view.row);
  const parts = [...view.row.children].filter((node) => node !== place);
  for (const node of [...others, ...parts]) node.inert = true;
  let left = null;
  try {
    left = await rounds(view, target, run);
  } catch (problem) {
    left = problem.message;
  }
  for (const node of [...others, ...parts]) node.inert = false;
  end(view, place, run, left);
}

/** Null when it was removed, else why not. */
async function rounds(view, target, run) {
  const { part, one } = view;
  for (let round = 1; ; round++) {
    const before = run.count;
    await move(part.seen.id, one.key, target.key, run);
    if (!run.going()) return "It was stopped.";
    if (run.failures.length) return failed(run.failures);
    try {
      run.result = await take(view);
      return null;
    } catch (problem) {
      if (problem.code !== "status_in_use" || round === ROUNDS) throw problem;
      if (run.count === before) await new Promise((resume) => setTimeout(resume, PAUSE));
    }
  }
}

function failed(failures) {
  const names = failures.slice(0, NAMED).map(({ contact }) => nameOf(contact));
  const more = failures.length - names.length;
  const who = list.format(more ? [...names, `${more} more`] : names);
  return `${who} could not be moved: ${failures[0].problem.message}`;
}

function progress({ total, one, part }, place, target) {
  const bar = el("progress", { "aria-label": "Moved so far" });
  if (total) Object.assign(bar, { max: total, value: 0 });
  const said = el("p", { role: "status", dir: "auto" }, `Moving contacts to ${quoted(target)}…`);
  const stop = el("button", { type: "button", className: "button" }, "Stop");
  const run = { count: 0, failures: [], stopped: false, result: null };
  stop.addEventListener("click", () => {
    run.stopped = true;
    stop.disabled = true;
  });
  // Who closes the dialog or signs out has stopped it, too.
  run.going = () => !run.stopped && dialog.shows(part.node);
  run.moved = () => {
    run.count += 1;
    if (total) bar.value = run.count;
    said.textContent = `${run.count.toLocaleString("en")} moved from ${quoted(one)} to ${quoted(target)}`;
  };
  run.failed = (contact, problem) => run.failures.push({ contact, problem });
  place.replaceChildren(el("div", { className: "question" }, bar, said, el("div", { className: "buttons" }, stop)));
  stop.focus();
  return run;
}

/** Removed; or it says why not, and asks again. */
async function end(view, place, run, left) {
  if (left === null) return view.gone(run.result, run.count);
  const told = `${counted(run.count, "contact")} moved. ${left}`;
  if (!dialog.shows(view.part.node)) return toast(`${quoted(view.one)} was not removed. ${told}`);
  await askToRemove(view.part, view.row, view.one, view.gone);
  return place.prepend(el("p", { className: "fault", role: "alert" }, told));
}
