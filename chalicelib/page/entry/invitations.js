// What I am invited to: on the first screen, in a dialog from the menu of the workspaces,
// and from the link of an invitation.

import * as address from "../core/address.js";
import * as api from "../core/api.js";
import { run } from "../core/commands.js";
import { labelOf } from "../core/names.js";
import * as session from "../core/session.js";
import { workspace } from "../core/workspace.js";
import * as dialog from "../kit/dialog.js";
import { $, el } from "../kit/dom.js";
import { requestId, toast } from "../kit/toast.js";
import { dayOf } from "../settings/days.js";
import { claimsOf } from "./claims.js";

const WITHOUT =
  "An invitation is for an e-mail, and a sign-in with a token does not tell yours.";
// What will not do with who is signed in, but may with another.
const OTHER = ["email_differs", "email_not_verified", "no_id_token", "invalid_fields"];
const MOST = 3; // of the invitations that are told at once
const GONE = [
  "invitation_not_found",
  "invitation_expired",
  "invitation_withdrawn",
  "invitation_used",
  "invitation_void",
];

const told = new Set(); // ids: each once while the page is there

/** Whoever is at work hears of each; not of the one that the link is about to show. */
export function tell(me) {
  const { invitation } = address.read();
  const fresh = me.invitations.filter(({ id }) => !told.has(id) && id !== invitation);
  for (const { id, workspace: { name } } of fresh.slice(0, MOST)) {
    told.add(id);
    toast(`${name} invites you.`, { action: { label: "Show", run: () => open(me) } });
  }
}

/** All of them in a dialog. */
export function open(me) {
  if (dialog.isOpen() || !me.invitations?.length) return;
  const list = listOf(me, me.invitations, () => list.children.length || dialog.close());
  dialog.show("Invitations", "dialog", el("div", { className: "invited-box" }, list));
  $(".primary", list)?.focus();
}

/** From a link: the one that it names, also when it is none of mine. */
export function follow(me, id, workspaceId) {
  const known = me.invitations?.find((one) => one.id === id);
  if (!known && !workspaceId) return toast("The link of the invitation is not whole.", { error: {} });
  if (known && first(id)) return first(id).focus();
  const one = known ?? { id, workspace: { id: workspaceId, name: null }, role: null };
  const list = listOf(me, [one], () => dialog.close());
  dialog.show("Invitation", "dialog", el("div", { className: "invited-box" }, list));
  $(".primary", list).focus();
  // Closed is a choice, too; but not by signing out, which leads back to it.
  dialog.closed().then(() => session.user() && forget(id));
}

/** The address leads to it no more. */
function forget(id) {
  if (address.read().invitation !== id) return;
  address.note({ invitation: "", workspace: workspace()?.slug ?? "" });
}

const first = (id) => $(`#signin:not([hidden]) [data-invitation-id="${CSS.escape(id)}"] .primary`);

/** A list of invitations, each to be accepted or declined; `answered()` after each. */
export function listOf(me, invitations, answered) {
  const items = invitations.map((one) => itemOf(me, one, answered));
  return el("ul", { className: "invited-list" }, ...items);
}

function itemOf(me, one, answered) {
  const view = { me, one, answered, fault: el("div", { className: "fault", role: "alert" }) };
  const name = one.workspace.name;
  const text = el("p", { dir: "auto" });
  if (name) text.append(el("strong", {}, name), ` invites you as ${one.role}.`);
  else text.append(notMine(me));
  view.buttons = el("div", { className: "buttons" }, ...(name ? choices(view, name) : ways(view)));
  view.node = el("li", { data: { invitationId: one.id } }, text, about(one), view.fault, view.buttons);
  return view.node;
}

function choices(view, name) {
  const accept = buttonOf("Accept", "primary", () => answer(view, "accept", joined));
  const decline = buttonOf("Decline", "button", () => answer(view, "decline", declined));
  accept.setAttribute("aria-label", `Accept: ${name}`);
  decline.setAttribute("aria-label", `Decline: ${name}`);
  return [decline, accept];
}

/** None of those that wait for who is signed in. */
function notMine(me) {
  const rest = "It may be for another e-mail, or over.";
  if (me.email) return `This invitation does not wait for ${me.email}. ${rest}`;
  const email = claimsOf()?.email;
  if (email) return `Your sign-in has not verified that ${email} is yours. An invitation needs that.`;
  return `This invitation does not wait for ${labelOf(me)}. ${rest}`;
}

function ways(view) {
  const retry = buttonOf("Try anyway", "quiet", () => answer(view, "accept", joined));
  return [retry, another(view.one, "primary")];
}

const another = (one, className) =>
  buttonOf("Sign out to use another", className, () =>
    dispatchEvent(new CustomEvent("signout", { detail: backTo(one) })),
  );

function about({ invited_by_name: by, expires_at: end }) {
  const known = [by && `Invited by ${by}`, end && `open until ${dayOf(end)}`].filter(Boolean);
  return known.length ? el("p", { className: "muted about", dir: "auto" }, known.join(" · ")) : "";
}

const buttonOf = (label, className, onclick) =>
  el("button", { type: "button", className, onclick }, label);

async function answer(view, what, then) {
  const { one, node, fault } = view;
  fault.replaceChildren();
  node.inert = true;
  try {
    const told = await send(one, what);
    leave(view);
    await then(view, told);
  } catch (problem) {
    node.inert = false;
    refused(view, problem);
  }
}

async function send({ id, workspace }, what) {
  await session.fresh(); // an ID token ends, too
  const token = session.idToken();
  if (!token) throw Object.assign(new Error(WITHOUT), { code: "no_id_token" });
  const where = api.path("workspaces", workspace.id, "invitations", id, what);
  return api.post(where, { id_token: token });
}

/** It is answered: nobody is asked again. */
function leave({ me, one }) {
  me.invitations = (me.invitations ?? []).filter(({ id }) => id !== one.id);
  forget(one.id);
}

async function joined({ one }, { member }) {
  const { workspace } = await api.get(api.path("workspaces", one.workspace.id));
  dialog.close();
  const { id, slug, name } = workspace;
  await run("go to workspace", { id, slug, name, role: member.role });
  toast(`You are in ${name} now.`);
}

function declined({ one, node, answered }) {
  const next = node.nextElementSibling ?? node.previousElementSibling;
  node.remove();
  toast(one.workspace.name ? `You declined: ${one.workspace.name}.` : "You declined the invitation.");
  answered();
  if (next) $("button", next).focus();
}

/** Not a refusal, but a failure: who looks into the log needs its number. */
const isOurs = ({ status }) => status >= 500 || status === 0;

/** Each refusal in its own sentence, and how to go on. */
function refused(view, problem) {
  const { me, one, fault, buttons } = view;
  const said = [el("p", {}, problem.message), isOurs(problem) ? requestId(problem) ?? "" : ""];
  if (OTHER.includes(problem.code)) {
    const who = me.email && me.name ? `${me.name} (${me.email})` : labelOf(me);
    const other = one.workspace.name ? another(one, "link") : ""; // else it is the button
    said.push(el("p", { className: "muted" }, `You are signed in as ${who}. `, other));
  }
  if (problem.code === "member_exists") buttons.replaceChildren(buttonOf("Open the workspace", "primary", () => openIt(view)));
  if (GONE.includes(problem.code)) {
    leave(view);
    buttons.replaceChildren(buttonOf("Close", "button", () => close(view)));
  }
  fault.replaceChildren(...said);
  ($(".primary", buttons) ?? $("button", buttons)).focus();
}

const backTo = ({ id, workspace }) => ({ invitation: id, workspace: workspace.id });

/** I am in already, with whatever role. */
async function openIt(view) {
  const me = await api.get("me", { limit: "100" });
  const found = me.workspaces.find(({ id }) => id === view.one.workspace.id);
  leave(view);
  if (!found) return close(view);
  dialog.close();
  return run("go to workspace", found);
}

function close({ node, answered }) {
  const next = node.nextElementSibling ?? node.previousElementSibling;
  node.remove();
  answered();
  if (next) $("button", next).focus();
}
