// The first screen of a person without a workspace: who he is, what he is invited to, a
// workspace to create, and how he gets into one that is there.

import { labelOf } from "../core/names.js";
import { $, el, icon, iconButton } from "../kit/dom.js";
import { go as openNew, workspaceForm } from "../settings/create.js";
import { listOf } from "./invitations.js";

const COPIED = 2000; // ms for which it says so

/** `again` looks whether somebody has added him meanwhile. */
export function show(me, again) {
  $("#app").hidden = true;
  document.title = "Welcome · contactbook";
  const card = el(
    "div",
    { className: "card first" },
    icon("mark"),
    el("h1", {}, "Welcome to contactbook"),
    signedIn(me),
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
  const out = () => dispatchEvent(new CustomEvent("signout"));
  const who = el("span", {}, "Signed in as ", el("strong", { dir: "auto", title: me.user_id }, labelOf(me)));
  if (me.name && me.email) who.append(" ", el("span", { dir: "auto" }, me.email));
  const button = el("button", { type: "button", className: "link", onclick: out }, "Sign out");
  return el("p", { className: "signed-in" }, who, button);
}

const section = (id, title, ...nodes) =>
  el("section", { "aria-labelledby": id }, el("h2", { id }, title), ...nodes);

function joining({ user_id: user, email }, again) {
  const by = email ? `invite ${email}` : "invite your e-mail, or to add you by your user id";
  const text = `Ask an admin of your team to ${by}. Your user id is `;
  const code = el("code", { dir: "auto" }, user);
  const look = el("button", { type: "button", className: "button", onclick: again }, "Look again");
  return [el("p", { className: "muted" }, text, code, " ", copy(user)), look];
}

function copy(user) {
  const button = iconButton("copy", "Copy your user id", async () => {
    await navigator.clipboard.writeText(user);
    button.lastChild.replaceWith(icon("check"));
    setTimeout(() => button.lastChild.replaceWith(icon("copy")), COPIED);
  });
  button.className = "quiet tiny";
  return button;
}
