// Asking people in by e-mail: a form, what to send them, and the invitations that are open.

import * as api from "../core/api.js";
import { names } from "../core/names.js";
import { nameNode } from "../core/people.js";
import { workspace } from "../core/workspace.js";
import { copyButton } from "../kit/copy.js";
import { $, el, iconButton } from "../kit/dom.js";
import { timeNode } from "../kit/time.js";
import { requestId } from "../kit/toast.js";
import { dayOf } from "./days.js";
import { place } from "./keep.js";
import { ROLES, roleChoice, withArticle } from "./member-row.js";
import { accept, ask, field, form, keepFocus, missing, refuse } from "./parts.js";

const LABELS = { email: "E-mail", role: "Role" };

/** {form, result, waiting, again}: to ask somebody in, and who has been. `said(text)` for what
 *  happened, `stale` and `refused` of a problem that may say that the lists are old. */
export function invitations(acts) {
  const part = { ...acts, list: el("ul", { className: "member-list" }), state: el("div", { className: "pager" }) };
  part.result = el("div", { className: "result" });
  const heading = el("h3", { id: "settings-invitations" }, "Invitations");
  part.waiting = el("section", { "aria-labelledby": heading.id, hidden: true }, heading, part.list, part.state);
  load(part);
  return { form: inviting(part), result: part.result, waiting: part.waiting, again: (must) => again(part, must) };
}

function inviting(part) {
  const email = el("input", { id: "invite-email", name: "email", type: "email", dir: "ltr", maxLength: 255 });
  Object.assign(email, { autocomplete: "off", spellcheck: false });
  const role = roleChoice({ id: "invite-role", name: "role" });
  const button = el("button", { type: "submit", className: "primary" }, "Invite");
  const node = form(
    "adding",
    () => submit(part, node, email, role),
    el("div", { className: "adding-row" }, field("E-mail", email), field("Role", role), button),
    el("div", { className: "fault whole", role: "alert" }),
  );
  return node;
}

async function submit(part, node, email, role) {
  part.result.replaceChildren();
  part.said("");
  if (missing(node, { email: "Enter an e-mail." })) return;
  try {
    const body = { email: email.value.trim(), role: role.value };
    const { invitation } = await api.post(place("invitations"), body);
    accept(node);
    part.list.prepend(rowOf(part, invitation));
    paint(part);
    part.said(`${invitation.email} was invited.`);
    part.result.replaceChildren(letter(invitation, "new"));
    email.value = "";
    email.focus();
  } catch (problem) {
    refuse(node, problem, LABELS);
    part.stale(problem);
  }
}

async function load(part) {
  part.state.replaceChildren(el("i", { className: "bone" }));
  try {
    const found = await api.all(place("invitations"), "invitations");
    part.list.append(...found.filter(({ id }) => !rowWith(part, id)).map((one) => rowOf(part, one)));
    part.state.replaceChildren();
  } catch (problem) {
    const onclick = () => load(part);
    const again = el("button", { type: "button", className: "link", onclick }, "Try again");
    const said = el("p", { className: "fault", role: "alert" }, problem.message, " ", again);
    part.state.replaceChildren(said, requestId(problem) ?? "");
  }
  paint(part);
}

/** Asks anew; a row that is being looked into stays, unless it `must` be. */
async function again(part, must) {
  const busy = () => !must && $(".below > *", part.list);
  if (busy()) return;
  try {
    const found = await api.all(place("invitations"), "invitations");
    if (busy()) return;
    keepFocus(part.list, () => part.list.replaceChildren(...found.map((one) => rowOf(part, one))));
    paint(part);
  } catch {
    // What was shown stays.
  }
}

const rowWith = ({ list }, id) => $(`[data-invitation-id="${CSS.escape(id)}"]`, list);

/** Nobody is told of invitations where there are none. */
const paint = (part) =>
  (part.waiting.hidden = !part.list.children.length && !part.state.children.length);

function rowOf(part, one) {
  const below = el("div", { className: "below" });
  const node = el("li", { className: "member-row invited", data: { invitationId: one.id } });
  const until = dayOf(one.expires_at);
  const about = el("span", { className: "hint" }, `Open until ${until} · invited by `, nameNode(one.invited_by));
  const email = el("span", { className: "who-id", dir: "auto" }, one.email);
  const text = el("button", { type: "button", className: "link" });
  const label = (open) => {
    text.textContent = open ? "Hide text" : "Show text";
    text.setAttribute("aria-label", `${text.textContent} to send to ${one.email}`);
  };
  text.addEventListener("click", () => {
    const open = Boolean($(".letter", below));
    below.replaceChildren(open ? "" : letter(one, one.id));
    label(!open);
  });
  label(false);
  const role = el("span", { className: "role muted" }, ROLES[one.role]);
  const back = iconButton("trash", `Take back the invitation of ${one.email}`, () => {
    label(false);
    const question = { text: `Take back the invitation of ${one.email}? Its link opens nothing then.` };
    const act = () => takeBack(part, node, one);
    $("button", ask(below, { ...question, verb: "Take back", act, back, refused: part.refused })).focus();
  });
  node.append(el("div", { className: "who-is" }, el("div", { className: "who-name" }, email, about)), role);
  node.append(el("div", { className: "row-acts" }, text, back), below);
  return node;
}

async function takeBack(part, node, one) {
  await api.remove(place("invitations", one.id));
  const next = node.nextElementSibling ?? node.previousElementSibling;
  node.remove();
  part.result.replaceChildren();
  paint(part);
  part.said(`The invitation of ${one.email} was taken back.`);
  (next ? $("button", next) : $("#invite-email")).focus();
}

/** What to send, ready: to copy, or as a mail of one's own. The link is no secret. */
function letter(one, name) {
  const address = new URL(one.link, location.href).href;
  const text = textOf(one, address);
  const id = `letter-${name}`;
  const area = el("textarea", { id, readOnly: true, rows: 9, dir: "auto", value: text });
  const subject = `Invitation to ${workspace().name}`;
  const query = `subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(text.replaceAll("\n", "\r\n"))}`;
  const href = `mailto:${encodeURIComponent(one.email).replace("%40", "@")}?${query}`;
  return el(
    "div",
    { className: "letter" },
    el("p", { className: "hint" }, ...mailed(one)),
    el("label", { htmlFor: id }, `Text for ${one.email}`),
    area,
    el(
      "div",
      { className: "buttons" },
      copyButton(() => text),
      copyButton(() => address, "", { says: "Copy link" }),
      el("a", { className: "button", href }, "Write an e-mail"),
    ),
  );
}

const mailed = ({ mailed_at: at }) =>
  at ? ["The mail was sent ", timeNode(at), "."] : ["No mail was sent from here: send this text yourself."];

function textOf({ email, role, invited_by: by, expires_at: end }, address) {
  const name = names()?.get(by);
  const invites = name && name !== by ? `${name} invites you` : "you are invited";
  return [
    "Hello,",
    "",
    `${invites} to “${workspace().name}” on contactbook, as ${withArticle(role)}.`,
    `Open this link and sign in with ${email}:`,
    address,
    "",
    `The invitation is open until ${dayOf(end)}.`,
  ].join("\n");
}
