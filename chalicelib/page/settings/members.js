// Who belongs to the workspace, and as what. Whoever may, adds, changes and removes;
// everybody may leave.

import * as api from "../core/api.js";
import * as dialog from "../kit/dialog.js";
import { $, el } from "../kit/dom.js";
import { mayManage, place, tell } from "./keep.js";
import { memberRow, ROLES, rolesToGive } from "./member-row.js";
import { accept, ask, field, form, refuse } from "./parts.js";
import { requestId, toast } from "../kit/toast.js";
import { run } from "../core/commands.js";
import { forget } from "../core/members.js";
import { workspace } from "../core/workspace.js";

const LABELS = { user_id: "User id", role: "Role" };
const HOW = "People find their user id at the top right of their page, and on their first screen.";

/** {node, dirty} */
export function members() {
  const part = { me: null, list: el("ul", { className: "member-list" }) };
  part.spoken = el("p", { className: "said muted", role: "status" });
  part.state = el("div", { className: "pager" });
  part.node = el("div", { className: "part" });
  build(part);
  load(part);
  return { node: part.node, dirty: () => Boolean($("[name=user_id]", part.node)?.value.trim()) };
}

function build(part) {
  const scroll = el("div", { className: "scroll" }, mayManage() ? adding(part) : onlyLook());
  scroll.append(part.spoken, part.list, part.state, leaving());
  part.node.replaceChildren(scroll);
}

const onlyLook = () =>
  el("p", { className: "muted" }, "Admins and owners can add people and change their roles.");

async function load(part) {
  part.state.replaceChildren(el("i", { className: "bone" }));
  try {
    const [me, found] = await Promise.all([
      api.get("me", { limit: "1" }),
      api.all(place("members"), "members"),
    ]);
    part.me = me.user_id;
    part.list.replaceChildren(...found.map((one) => rowFor(part, one)));
    part.state.replaceChildren();
  } catch (problem) {
    const onclick = () => load(part);
    const again = el("button", { type: "button", className: "link", onclick }, "Try again");
    const said = el("p", { className: "fault", role: "alert" }, problem.message, " ", again);
    part.state.replaceChildren(said, requestId(problem) ?? "");
  }
}

const rowFor = (part, one) =>
  memberRow(one, part.me, {
    said: (text) => (part.spoken.textContent = text),
    changed: (now) => now.user_id === part.me && become(part, now.role),
  });

/** My own role has changed: what I may do here is shown anew. */
function become(part, role) {
  tell(workspace(), role);
  build(part);
  load(part);
}

function adding(part) {
  const props = { name: "user_id", dir: "auto", autocomplete: "off", maxLength: 255, spellcheck: false };
  const user = el("input", props);
  const role = el("select", { name: "role" }, ...rolesToGive().map((one) => new Option(ROLES[one], one)));
  role.value = "member";
  const button = el("button", { type: "submit", className: "primary" }, "Add member");
  const node = form(
    "adding",
    () => submit(part, node, user, role),
    el("div", { className: "adding-row" }, field("User id", user, HOW), field("Role", role), button),
    el("div", { className: "fault whole", role: "alert" }),
  );
  return node;
}

async function submit(part, node, user, role) {
  try {
    const body = { user_id: user.value.trim(), role: role.value };
    const { member } = await api.post(place("members"), body);
    forget();
    accept(node);
    insert(part, member);
    user.value = "";
    user.focus();
    part.spoken.textContent = `${member.user_id} was added.`;
  } catch (problem) {
    part.spoken.textContent = "";
    refuse(node, problem, LABELS);
  }
}

/** In the server's order: by user id. */
function insert(part, member) {
  const after = [...part.list.children].find(({ dataset }) => dataset.userId > member.user_id);
  part.list.insertBefore(rowFor(part, member), after ?? null);
}

function leaving() {
  const below = el("div", { className: "below" });
  const button = el("button", { type: "button", className: "link danger" }, "Leave this workspace…");
  button.addEventListener("click", () => askToLeave(below, button));
  return el("div", { className: "leaving-place" }, button, below);
}

function askToLeave(below, back) {
  const { id, name } = workspace();
  const text = `Leave “${name}”? You are out at once, and contacts that are assigned to you are then assigned to nobody.`;
  const act = async () => {
    await api.remove(place("members", "me"));
    dialog.close();
    run("leave workspace", id);
    toast(`You have left ${name}.`);
  };
  $("button", ask(below, { text, verb: "Leave", act, back })).focus();
}
