// The first screen of a person without a workspace: who he is, what he is invited to, a
// workspace to create, and how he gets into one that is there.

import * as address from "../core/address.js";
import { labelOf } from "../core/names.js";
import { $, el, icon } from "../kit/dom.js";
import { go as openNew, workspaceForm } from "../settings/create.js";
import { claimsOf } from "./claims.js";
import { listOf } from "./invitations.js";

const COPIED = 2000; // ms for which it says so

/** `again` looks whether somebody has added him meanwhile; `why`: what has led here. */
export function show(me, again, why = "") {
  $("#app").hidden = true;
  document.title = "Welcome · contactbook";
  const card = el(
    "div",
    { className: "card first" },
    icon("mark"),
    el("h1", {}, "Welcome to contactbook"),
    signedIn(me),
    why && el("p", { className: "note", role: "alert" }, why),
    ...waiting(me),
    section("first-create", "Create a workspace", workspaceForm(openNew)),
    section("first-join", "Join a team", ...joining(me, again)),
  );
  $("#signin").replaceChildren(card);
  $("#signin").hidden = false;
  $("[data-invitation-id] .primary, [name=name]", card).focus();
}

/** What I am invited to, before anything that I could begin on my own. */
function waiting(me) {
  if (!me.invitations?.length) return [];
  const list = listOf(me, me.invitations, () => {
    if (!list.children.length) $("#first-asked").parentElement.remove();
    if (document.activeElement === document.body) $("#signin [name=name]").focus();
  });
  return [section("first-asked", "You are invited", list)];
}

function signedIn(me) {
  // Whoever signs in next is led to what this one was invited to by a link.
  const out = () => {
    const { invitation, workspace } = address.read();
    const detail = invitation ? { invitation, workspace } : {};
    dispatchEvent(new CustomEvent("signout", { detail }));
  };
  const who = el("span", {}, "Signed in as ", el("strong", { dir: "auto", title: me.user_id }, labelOf(me)));
  if (me.name && me.email) who.append(" ", el("span", { dir: "auto" }, me.email));
  const button = el("button", { type: "button", className: "link", onclick: out }, "Sign out");
  return el("p", { className: "signed-in" }, who, button);
}

const section = (id, title, ...nodes) =>
  el("section", { "aria-labelledby": id }, el("h2", { id }, title), ...nodes);

function joining({ user_id: user, email }, again) {
  const by = email ? `invite ${email}` : "invite your e-mail, or to add you by your user id";
  const look = el("button", { type: "button", className: "button", onclick: again }, "Look again");
  return [
    email ? null : unverified(),
    el("p", { className: "muted" }, `Ask an admin of your team to ${by}.`),
    el("div", { className: "buttons" }, look, copy(user)),
  ].filter(Boolean);
}

/** A provider has said who he is, but not that the e-mail is his. */
function unverified() {
  const told = claimsOf();
  if (!told) return null;
  const what = told.email ? `that ${told.email} is yours` : "an e-mail of yours";
  const text = `Your sign-in has not verified ${what}. An invitation needs that.`;
  return el("p", { className: "note calm", dir: "auto" }, text);
}

function copy(user) {
  const button = el("button", { type: "button", className: "link" }, "Copy my user id");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(user);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy my user id"), COPIED);
  });
  return button;
}
