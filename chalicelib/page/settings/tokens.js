// The tokens with which machines come in: which there are, a new one, whose secret is told
// once, and revoking.

import * as api from "../core/api.js";
import { forgetTokens, nameNode } from "../core/people.js";
import { watch } from "../core/typed.js";
import { copyButton } from "../kit/copy.js";
import { $, el } from "../kit/dom.js";
import { requestId } from "../kit/toast.js";
import { dayOf } from "./days.js";
import { mayManage, place } from "./keep.js";
import { ROLES, roleChoice, rolesToGive } from "./member-row.js";
import { accept, ask, field, form, missing, refuse } from "./parts.js";

const LABELS = { name: "Token name", role: "Role", expires_in_days: "Expires" };
const DAYS = { 30: "In 30 days", 90: "In 90 days", 365: "In a year" };
const USUAL = "90";
const WHAT =
  "Programs come in with a token: the form of a website, a workflow, a script. ";
const UNCOPIED = {
  text: "The token has not been copied, and it is not shown again.",
  keep: "Back to it",
  drop: "Close without it",
};
const HOW = new URL("../../../docs", import.meta.url).href; // the page of the API

/** {node, dirty} */
export function tokens() {
  const part = { list: el("ul", { className: "member-list" }), ended: revoked(), untold: false, secret: el("div", { className: "result" }) };
  part.spoken = el("p", { className: "said muted", role: "status" });
  part.state = el("div", { className: "pager" });
  const link = el("a", { href: HOW, target: "_blank", rel: "noopener" }, "How it is used");
  const scroll = el("div", { className: "scroll" }, el("p", { className: "muted" }, WHAT, link));
  scroll.append(mayManage() ? creating(part) : onlyLook(), part.secret, part.spoken);
  scroll.append(el("section", { "aria-label": "Tokens" }, part.list, part.state, part.ended));
  part.node = el("div", { className: "part" }, scroll);
  load(part);
  return { node: part.node, dirty: () => (part.untold ? UNCOPIED : Boolean($("#token-name", part.node)?.value.trim())) };
}

const onlyLook = () => el("p", { className: "muted" }, "Admins and owners can create and revoke them.");

function creating(part) {
  const name = el("input", { id: "token-name", name: "name", dir: "auto", autocomplete: "off", maxLength: 100 });
  const roles = rolesToGive().filter((one) => one !== "owner");
  const role = roleChoice({ id: "token-role", name: "role" }, roles);
  const days = Object.entries(DAYS).map(([count, label]) => new Option(label, count));
  const expires = el("select", { id: "token-days", name: "expires_in_days" }, ...days);
  expires.value = USUAL;
  const button = el("button", { type: "submit", className: "primary" }, "Create token");
  const node = form(
    "adding",
    () => submit(part, node, { name, role, expires }),
    el("div", { className: "adding-row token" }, field("Token name", name), field("Role", role), field("Expires", expires), button),
    el("div", { className: "fault whole", role: "alert" }),
  );
  return node;
}

async function submit(part, node, { name, role, expires }) {
  if (missing(node, { name: "Enter a name." })) return;
  clear(part);
  part.spoken.textContent = "";
  try {
    const body = { name: name.value.trim(), role: role.value, expires_in_days: Number(expires.value) };
    const { token, secret } = await api.post(place("tokens"), body);
    forgetTokens();
    accept(node);
    part.list.prepend(rowOf(part, token));
    paint(part);
    name.value = "";
    if (secret) tell(part, token, secret);
    else lost(part, token);
  } catch (problem) {
    refuse(node, problem, LABELS);
  }
}

/** The secret is seen no more. */
function clear(part) {
  part.untold = false;
  part.secret.replaceChildren();
}

/** The only time that it is seen: it is kept nowhere, not even here. */
function tell(part, { name }, secret) {
  const id = "token-secret";
  const input = el("input", { id, readOnly: true, value: secret, dir: "ltr", spellcheck: false });
  input.autocomplete = "off";
  input.setAttribute("aria-describedby", "token-once");
  // From its end to its beginning: so the beginning is in sight.
  input.addEventListener("focus", () => {
    input.setSelectionRange(0, secret.length, "backward");
    requestAnimationFrame(() => (input.scrollLeft = 0));
  });
  const copied = () => (part.untold = false);
  input.addEventListener("copy", copied);
  part.untold = true;
  const once = "Copy it now: it is not shown again. Whoever has it can do what its role allows.";
  const done = el("button", { type: "button", className: "button" }, "Done");
  done.addEventListener("click", () => {
    clear(part);
    $("#token-name", part.node).focus();
  });
  part.secret.replaceChildren(
    el(
      "div",
      { className: "letter", role: "group", "aria-labelledby": "token-made" },
      el("p", { id: "token-made", role: "status", dir: "auto" }, `“${name}” was created.`),
      el("label", { htmlFor: id }, "Secret"),
      el("div", { className: "secret" }, input, copyButton(() => secret, "the secret", { copied }), done),
      el("p", { className: "hint", id: "token-once" }, once),
    ),
  );
  watch(input, () => input.checkVisibility());
  input.focus();
}

/** The answer with the secret was lost on its way, and it is not told again. */
function lost(part, { name }) {
  const text = `“${name}” was created, but its secret was lost on the way. Revoke it, and create another.`;
  part.secret.replaceChildren(el("p", { className: "fault", role: "alert" }, text));
}

async function load(part) {
  part.state.replaceChildren(el("i", { className: "bone" }));
  try {
    const found = await api.all(place("tokens"), "tokens");
    found.filter((one) => one.revoked_at).forEach((one) => end(part, one));
    const open = found.filter((one) => !one.revoked_at && !rowWith(part, one.id));
    part.list.append(...open.map((one) => rowOf(part, one)));
    paint(part);
  } catch (problem) {
    const onclick = () => load(part);
    const again = el("button", { type: "button", className: "link", onclick }, "Try again");
    const said = el("p", { className: "fault", role: "alert" }, problem.message, " ", again);
    part.state.replaceChildren(said, requestId(problem) ?? "");
  }
}

const rowWith = ({ list }, id) => $(`[data-token-id="${CSS.escape(id)}"]`, list);

/** Those that open nothing any more, behind a quiet line. */
const revoked = () =>
  el("details", { className: "by-id", hidden: true }, el("summary", { className: "muted" }), el("ul", { className: "ended-list" }));

function end({ ended }, { id, name, revoked_at: at }) {
  const list = $("ul", ended);
  const label = el("span", { dir: "auto", title: id }, name);
  list.append(el("li", { className: "muted" }, label, ` · revoked ${dayOf(at)}`));
  $("summary", ended).textContent = `${list.children.length} revoked`;
  ended.hidden = false;
}

function paint({ list, state, ended }) {
  const none = el("p", { className: "muted" }, ended.hidden ? "No tokens yet." : "No token opens this workspace.");
  state.replaceChildren(list.children.length ? "" : none);
}

function rowOf(part, one) {
  const node = el("li", { className: "member-row", data: { tokenId: one.id } });
  const name = el("span", { className: "who-id", dir: "auto", title: one.id }, one.name);
  const ended = Date.parse(one.expires_at) <= Date.now();
  const badge = ended ? el("span", { className: "badge-you ended" }, "expired") : "";
  const used = one.last_used_on ? `last used ${dayOf(one.last_used_on)}` : "never used";
  const ends = `${ended ? "Expired" : "Expires"} ${dayOf(one.expires_at)} · ${used} · made by `;
  const about = el("span", { className: "hint" }, ends, nameNode(one.created_by));
  const who = el("div", { className: "who-name" }, el("span", { className: "who-line" }, name, badge), about);
  node.append(el("div", { className: "who-is" }, who), el("span", { className: "role muted" }, ROLES[one.role]));
  if (!mayManage()) return node;
  const below = el("div", { className: "below" });
  const button = el("button", { type: "button", className: "link danger", "aria-label": `Revoke ${one.name}` }, "Revoke");
  button.addEventListener("click", () => {
    const text = `Revoke “${one.name}”? What uses it is shut out at once.`;
    const act = () => revoke(part, node, one);
    $("button", ask(below, { text, verb: "Revoke", act, back: button })).focus();
  });
  node.append(el("div", { className: "row-acts" }, button), below);
  return node;
}

async function revoke(part, node, one) {
  await api.remove(place("tokens", one.id));
  const next = node.nextElementSibling ?? node.previousElementSibling;
  node.remove();
  clear(part);
  end(part, { ...one, revoked_at: new Date().toISOString() });
  paint(part);
  part.spoken.textContent = `“${one.name}” was revoked.`;
  (next ? $("button", next) : $("#token-name", part.node)).focus();
}
