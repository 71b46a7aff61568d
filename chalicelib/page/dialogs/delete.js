// Deleting: says whom and what goes with it, shows how far it is, and what the receipt
// counted. A large one goes on when the dialog is closed.

import * as api from "../core/api.js";
import { difference } from "../core/change.js";
import * as dialog from "../kit/dialog.js";
import { $, el } from "../kit/dom.js";
import * as drafts from "../core/drafts.js";
import { phoneOf } from "../core/reach.js";
import { leftWith, refresh } from "../core/saving.js";
import * as store from "../core/store.js";
import * as list from "../table/list.js";
import { report, requestId, toast } from "../kit/toast.js";
import { counted, nameOf } from "../kit/words.js";

const words = new Intl.ListFormat("en-GB");
const PAUSE = 400; // ms between two looks at a running deletion
const TRIES = 5;
const total = (counts) => Object.values(counts).reduce((sum, one) => sum + one, 0);

// Not in the workspace that is open: a large deletion goes on after a switch.
const at = ({ contact }, kind, id) => api.path("workspaces", contact.workspace_id, kind, id);

export function askToDelete(id) {
  const view = { id, contact: store.asStored(id), body: el("form", { className: "confirm" }) };
  view.body.addEventListener("submit", (event) => {
    event.preventDefault();
    run(view);
  });
  ask(view);
  dialog.show(`Delete ${nameOf(view.contact)}?`, "alertdialog", view.body);
  $("[type=button]", view.body).focus();
  // The counters move without the version: ask again before a person decides on them.
  refresh(id).then((contact) => recount(view, contact), (problem) => lost(view, problem));
}

function ask(view, warning = null) {
  const belongings = together(belongingsOf(view.contact));
  const goes = el("p", { className: "goes", "aria-live": "polite" });
  if (belongings) goes.append("This also deletes ", el("strong", {}, belongings), ". ");
  goes.append("It cannot be undone.");
  const cancel = { type: "button", className: "button", onclick: dialog.close };
  const buttons = el(
    "div",
    { className: "buttons" },
    el("button", cancel, "Cancel"),
    el("button", { type: "submit", className: "primary danger" }, "Delete contact"),
  );
  view.goes = goes;
  view.body.replaceChildren(who(view.contact), goes, warning ?? "", buttons);
}

/** Two people can have one name: what they are reached by tells them apart. */
function who(contact) {
  const known = [contact.name && phoneOf(contact), contact.email].filter(Boolean);
  return known.length ? el("p", { className: "whom", dir: "auto" }, known.join(" · ")) : "";
}

function recount(view, contact) {
  const same = total(belongingsOf(contact)) === total(belongingsOf(view.contact));
  view.contact = contact;
  if (same || !view.goes.isConnected) return;
  ask(view);
  $("[type=button]", view.body).focus();
}

function lost(view, problem) {
  if (leftWith(problem, view.id) && dialog.shows(view.body)) dialog.close();
}

async function run(view) {
  const { id, contact } = view;
  const next = list.neighbour(id) ?? list.neighbour(id, -1);
  showProgress(view, null);
  try {
    const { deletion } = await api.remove(at(view, "contacts", id), contact.version);
    store.drop(id);
    drafts.dropOf(id);
    finish(view, await untilDone(view, deletion));
    if (next) list.focusOn(next);
  } catch (problem) {
    refused(view, problem);
  }
}

/** Asking again is what goes on with it; when it ended meanwhile, there is a receipt. */
async function untilDone(view, deletion) {
  for (let failures = 0; deletion.status === "running"; ) {
    showProgress(view, deletion);
    await new Promise((resume) => setTimeout(resume, PAUSE));
    try {
      ({ deletion } = await api.remove(at(view, "contacts", view.id), api.ANY));
      failures = 0;
    } catch (problem) {
      if (problem.status === 404) {
        ({ deletion } = await api.get(at(view, "deletions", deletion.id)));
      } else if (++failures === TRIES || (problem.status && problem.status < 500)) {
        throw problem;
      }
    }
  }
  return deletion;
}

/** "About": what goes with a contact unseen, such as its history, is progress, too. */
function showProgress({ body, contact }, deletion) {
  const all = total(deletion?.deleted ?? belongingsOf(contact));
  const gone = deletion?.progress ?? 0;
  const bar = el("progress", { max: Math.max(all, gone, 1), "aria-label": "Deleted so far" });
  if (deletion) bar.value = gone;
  const told = deletion
    ? `${gone.toLocaleString("en")} of about ${counted(all, "item")} deleted. You may close this.`
    : "Deleting…";
  if (!$("progress", body)) return body.replaceChildren(bar, el("p", { role: "status" }, told));
  $("progress", body).replaceWith(bar);
  $("p", body).textContent = told;
}

function finish({ body, contact }, deletion) {
  if (dialog.shows(body)) dialog.close();
  const withIt = together(deletion.deleted);
  toast(`${nameOf(contact)} was deleted${withIt ? ` with ${withIt}` : ""}.`);
}

function refused(view, problem) {
  const { id, body, contact } = view;
  if (leftWith(problem, id)) return dialog.shows(body) && dialog.close();
  if (problem.status === 412 && problem.current) {
    view.contact = problem.current;
    store.keep(problem.current);
    const what = difference(contact, problem.current);
    problem.message = `${problem.message} ${what}. Delete it all the same?`;
  }
  if (!dialog.shows(body)) return report(problem, `${nameOf(contact)}: `);
  const warning = el("div", { className: "fault", role: "alert" });
  warning.append(el("p", {}, problem.message), requestId(problem) ?? "");
  ask(view, warning);
}

/** "2 conversations, 14 messages and 3 notes"; empty when there is nothing. */
function together({ conversations, messages, notes }) {
  const parts = [
    conversations && counted(conversations, "conversation"),
    messages && counted(messages, "message"),
    notes && counted(notes, "note"),
  ];
  return words.format(parts.filter(Boolean));
}

const belongingsOf = (contact) => ({
  conversations: contact.conversation_count,
  messages: contact.message_count,
  notes: contact.note_count,
});
