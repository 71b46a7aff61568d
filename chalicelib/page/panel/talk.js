// One conversation of a contact: its head, which opens it in place; and in it what can be
// done with it, and its messages.

import * as api from "../core/api.js";
import { nameOf } from "../core/names.js";
import { nameNode } from "../core/people.js";
import { inTurn, refresh } from "../core/saving.js";
import { contactPath, mayWrite } from "../core/workspace.js";
import { $, el, icon } from "../kit/dom.js";
import { timeNode } from "../kit/time.js";
import { report, requestId } from "../kit/toast.js";
import { counted } from "../kit/words.js";
import { messagesOf } from "./messages.js";
import { sent } from "./sent.js";

export const CHANNELS = {
  whatsapp: "WhatsApp",
  email: "E-mail",
  phone: "Phone",
  sms: "SMS",
  other: "Other",
};
const STATUSES = { open: "Open", closed: "Closed", snoozed: "Snoozed" };
// What a conversation of a status can become, and the words for it.
const WAYS = {
  open: [["Close", "closed"], ["Snooze", "snoozed"]],
  snoozed: [["Reopen", "open"], ["Close", "closed"]],
  closed: [["Reopen", "open"]],
};

/** The <li> of a conversation; `team()` brings those whom it can be assigned to. */
export function talkNode(id, talk, team, opened = false) {
  const head = el("button", { type: "button", className: "talk" });
  const place = el("div", { className: "talk-body", id: `talk-${talk.id}` });
  const item = el("li", { data: { conversationId: talk.id } }, head, place);
  head.setAttribute("aria-controls", place.id);
  const one = { id, talk, team, head, place };
  head.addEventListener("click", () => show(one, place.hidden));
  show(one, opened);
  return item;
}

/** Each time it is opened its messages are fetched: others write them, too. */
function show(one, is) {
  one.place.hidden = !is;
  one.head.setAttribute("aria-expanded", is);
  one.place.replaceChildren(...(is ? bodyOf(one) : []));
  paint(one);
}

function bodyOf(one) {
  const fault = el("div", { className: "fault", role: "alert" });
  const said = el("span", { className: "unseen", role: "status" });
  const bar = el("div", { className: "talk-bar", role: "group" }, assignee(one), el("div", { className: "deeds" }));
  bar.setAttribute("aria-label", "This conversation");
  return [bar, fault, said, ...messagesOf(one.id, one.talk.id, {
    logged(message) {
      const count = one.talk.message_count + 1;
      moved(one, { message_count: count, last_message_at: message.created_at });
      refresh(one.id).catch(report);
    },
    counted: (items) => recount(one, items),
  })];
}

/** All of its messages are here: what was told of their number before is older. */
function recount(one, items) {
  const last = items.at(-1)?.dataset.at ?? null;
  moved(one, { message_count: items.length, last_message_at: last });
}

function moved(one, fields) {
  one.talk = { ...one.talk, ...fields };
  paint(one);
}

function paint(one) {
  const { talk, head, place } = one;
  const by = el("span", { className: "by" }, counted(talk.message_count, "message"), " · ");
  by.append(timeNode(talk.last_message_at ?? talk.created_at));
  const status = STATUSES[talk.status] ?? talk.status;
  head.replaceChildren(
    icon("chevron"),
    el("span", { className: "channel" }, CHANNELS[talk.channel] ?? "Conversation"),
    el("span", { className: `badge ${talk.status}` }, status),
    by,
  );
  const assigned = $("[name=talk_assignee]", place);
  if (assigned) choose(assigned, talk.assigned_to ?? "");
  paintDeeds(one);
}

/** What can be done with it as it is now. */
function paintDeeds(one) {
  const deeds = $(".deeds", one.place);
  const { status } = one.talk;
  if (!deeds || deeds.dataset.of === status) return;
  const within = deeds.contains(document.activeElement);
  const ways = mayWrite() ? (WAYS[status] ?? []) : [];
  deeds.dataset.of = status;
  deeds.replaceChildren(...ways.map(([label, next]) => {
    const onclick = () => change(one, { status: next });
    const props = { type: "button", className: "button", onclick };
    return el("button", { ...props, "aria-label": `${label} this conversation` }, label);
  }));
  if (within) $("button", deeds)?.focus();
}

function assignee(one) {
  const user = one.talk.assigned_to ?? "";
  if (!mayWrite()) return el("span", { className: "by" }, "Assigned to ", user ? nameNode(user) : "nobody");
  const choice = el("select", { name: "talk_assignee" }, new Option("Nobody", ""));
  choose(choice, user);
  choice.addEventListener("change", () => change(one, { assigned_to: choice.value || null }));
  one.team().then((members) => offer(choice, members), (problem) => refuse(one, problem));
  return el("label", { className: "assignee" }, el("span", {}, "Assigned to"), choice);
}

function offer(choice, members) {
  const { value } = choice;
  const options = members.map(({ user, label }) => new Option(label, user));
  choice.replaceChildren(choice.options[0], ...options);
  choose(choice, value);
}

/** Shows who it is assigned to, also one who is no member any more. */
function choose(choice, user) {
  const known = [...choice.options].some(({ value }) => value === user);
  if (!known) choice.append(new Option(nameOf(user), user));
  choice.value = user;
}

/** What was not done is shown as it is. */
async function change(one, fields) {
  const { id, place } = one;
  const where = contactPath(id, "conversations", one.talk.id);
  $(".fault", place)?.replaceChildren();
  try {
    const send = () => sent(id, () => api.patch(where, fields));
    const { conversation } = await inTurn(id, send);
    moved(one, conversation);
    const status = STATUSES[conversation.status].toLowerCase();
    $("[role=status]", place)?.replaceChildren(fields.status ? `Conversation ${status}.` : "Assigned.");
  } catch (problem) {
    paint(one);
    refuse(one, problem);
  }
}

function refuse({ place }, problem) {
  const sentence = (problem.errors?.[0]?.message ?? problem.message).replace(/^assigned_to/, "The assignee");
  const request = problem.status >= 500 ? requestId(problem) : null;
  $(".fault", place)?.replaceChildren(sentence, request ?? "");
}
