// Somebody goes: what is assigned to him is told, and handed to another in the same step.

import * as api from "../core/api.js";
import { run } from "../core/commands.js";
import { forget } from "../core/members.js";
import { nameOf } from "../core/names.js";
import { $, el } from "../kit/dom.js";
import { counted } from "../kit/words.js";
import { place } from "./keep.js";
import { ask } from "./parts.js";

const NOBODY = "none";
const PAUSE = 400; // ms between two looks at a running hand-over
const TRIES = 5; // looks in a row that may fail

/** Asks beneath a row. `going`: {user, name or mine, text, verb, others(), done(said)}. */
export async function askToGo(below, back, going) {
  below.replaceChildren(el("p", { className: "muted", role: "status" }, "Looking for contacts…"));
  try {
    const { assigned } = await api.get(place("members", going.user));
    if (below.isConnected) askWhere(below, back, going, assigned);
  } catch (problem) {
    below.replaceChildren(el("p", { className: "fault", role: "alert" }, problem.message));
  }
}

function askWhere(below, back, going, assigned) {
  const choice = assigned.count ? heirs(going) : null;
  const label = choice && el("label", { className: "where" }, el("span", {}, "Hand them to"), choice);
  const node = ask(below, {
    text: [going.text, toldOf(assigned, going)].filter(Boolean).join(" "),
    more: label ? [label] : [],
    verb: going.verb,
    act: () => go(below, going, choice?.value ?? NOBODY, assigned),
    back,
  });
  (choice ?? $("button", node)).focus();
}

/** "12 contacts are Amara’s." */
function toldOf({ count, exact }, { name, mine }) {
  if (!count) return "";
  const many = exact ? counted(count, "contact") : `More than ${counted(count, "contact")}`;
  return `${many} ${count === 1 ? "is" : "are"} ${mine ? "yours" : `${name}’s`}.`;
}

function heirs({ others }) {
  const people = others().map(({ user_id: id }) => new Option(nameOf(id), id));
  return el("select", {}, new Option("Nobody", NOBODY), ...people);
}

async function go(below, going, to, { count }) {
  const who = place("members", going.mine ? "me" : going.user);
  const { job } = await api.remove(`${who}?assign_to=${encodeURIComponent(to)}`);
  forget();
  // Who has left may not look how far it is; it goes on all the same.
  const left = job && !going.mine ? await follow(below, job, to) : "";
  if (!going.mine) run("look for changes");
  going.done(left || (count ? said(to) : ""));
}

const said = (to) =>
  to === NOBODY ? " Their contacts are assigned to nobody." : ` Their contacts are now ${nameOf(to)}’s.`;

/** Shows how far it is until it is done; empty, or what is to be said instead. */
async function follow(below, first, to) {
  const bar = el("progress", { "aria-label": "Handed over so far" });
  const told = el("p", { role: "status" }, "Handing over…");
  below.replaceChildren(el("div", { className: "question" }, bar, told));
  let job = first;
  for (let failures = 0; !job.finished_at; ) {
    Object.assign(bar, { max: Math.max(job.total, 1), value: job.done });
    told.textContent = `${job.done.toLocaleString("en")} of ${counted(job.total, "contact")} handed over.`;
    await new Promise((resume) => setTimeout(resume, PAUSE));
    try {
      ({ job } = await api.get(place("jobs", job.id)));
      failures = 0;
    } catch (problem) {
      if (++failures === TRIES || (problem.status && problem.status < 500)) break;
    }
  }
  if (job.state === "done") return said(to);
  if (job.state === "cancelled") return " The rest stays: they are a member again.";
  return " Their contacts are still being handed over.";
}
