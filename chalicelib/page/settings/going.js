// Somebody goes: what is assigned to him is told, and handed to another in the same step;
// and which tokens end with him.

import * as api from "../core/api.js";
import { run } from "../core/commands.js";
import { forget } from "../core/members.js";
import { nameOf } from "../core/names.js";
import { $, el } from "../kit/dom.js";
import { counted } from "../kit/words.js";
import { place } from "./keep.js";
import { ask, unask } from "./parts.js";

const NOBODY = "none";
const PAUSE = 400; // ms between two looks at a running hand-over
const TRIES = 5; // looks in a row that may fail

/** Asks beneath a row. `going`: {user, name or mine, text, verb, others(), done(said),
 *  refused(problem)}. */
export async function askToGo(below, back, going) {
  unask();
  below.replaceChildren(el("p", { className: "muted", role: "status" }, "Looking for contacts…"));
  try {
    const his = api.all(place("tokens"), "tokens").then((found) => found.filter((one) => ends(one, going.user)));
    const [{ assigned }, tokens] = await Promise.all([api.get(place("members", going.user)), his]);
    if (below.isConnected) askWhere(below, back, going, assigned, tokens);
  } catch (problem) {
    if (going.refused?.(problem)) return;
    below.replaceChildren(el("p", { className: "fault", role: "alert" }, problem.message));
  }
}

/** A token that still works, and ends with who has made it. */
const ends = ({ created_by: by, revoked_at: revoked, expires_at: end }, user) =>
  by === user && !revoked && Date.parse(end) > Date.now();

function askWhere(below, back, going, assigned, tokens) {
  const choice = assigned.count ? heirs(going) : null;
  const label = choice && el("label", { className: "where" }, el("span", {}, "Hand them to"), choice);
  const node = ask(below, {
    text: [going.text, toldOf(assigned, going), stopped(tokens, going)].filter(Boolean).join(" "),
    more: label ? [label] : [],
    verb: going.verb,
    act: () => go(below, going, chosen(choice), assigned),
    back,
    refused: going.refused,
  });
  (choice ?? $("button", node)).focus();
}

/** Nobody is chosen for him: that would be done before it was read. */
function chosen(choice) {
  if (!choice) return NOBODY;
  if (choice.value) return choice.value;
  throw Object.assign(new Error("Choose who gets the contacts, or Nobody."), { status: 422, input: choice });
}

/** "2 tokens that Amara made stop working: n8n, Website form." */
function stopped(tokens, { name, mine }) {
  if (!tokens.length) return "";
  const verb = tokens.length === 1 ? "stops" : "stop";
  const names = tokens.map((one) => one.name).join(", ");
  return `${counted(tokens.length, "token")} that ${mine ? "you" : name} made ${verb} working: ${names}.`;
}

/** "12 contacts are Amara’s." */
function toldOf({ count, exact }, { name, mine }) {
  if (!count) return "";
  const many = exact ? counted(count, "contact") : `More than ${counted(count, "contact")}`;
  return `${many} ${count === 1 ? "is" : "are"} ${mine ? "yours" : `${name}’s`}.`;
}

function heirs({ others }) {
  const able = others().filter(({ role }) => role !== "viewer"); // they could change nothing of them
  const people = able.map(({ user_id: id }) => new Option(nameOf(id), id));
  const choice = el("select", {}, new Option("Choose…", ""), new Option("Nobody", NOBODY), ...people);
  choice.addEventListener("change", () => choice.removeAttribute("aria-invalid"));
  return choice;
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
