// Who belongs to the workspace, and as what. Whoever may, invites, changes and removes;
// everybody may leave.

import { run } from "../core/commands.js";
import { forget, members as all } from "../core/members.js";
import { user } from "../core/session.js";
import { workspace } from "../core/workspace.js";
import * as dialog from "../kit/dialog.js";
import { el } from "../kit/dom.js";
import { requestId, toast } from "../kit/toast.js";
import { adding } from "./adding.js";
import { askToGo } from "./going.js";
import { invitations } from "./invitations.js";
import { mayManage, tell } from "./keep.js";
import { memberRow } from "./member-row.js";

/** {node, dirty} */
export function members() {
  const part = { me: user(), found: [], list: el("ul", { className: "member-list" }) };
  part.spoken = el("p", { className: "said muted", role: "status" });
  part.state = el("div", { className: "pager" });
  part.node = el("div", { className: "part" });
  build(part);
  load(part);
  const typed = () => [...part.node.querySelectorAll("form input")].some((one) => one.value.trim());
  return { node: part.node, dirty: typed };
}

function build(part) {
  const said = (text) => (part.spoken.textContent = text);
  const asked = mayManage() ? invitations({ said }) : null;
  const scroll = el("div", { className: "scroll" }, asked?.form ?? onlyLook());
  const people = el("section", { "aria-label": "People" }, part.list, part.state);
  scroll.append(part.spoken, asked?.result ?? "", people, asked?.waiting ?? "");
  if (asked) scroll.append(adding({ said, added: (one) => insert(part, one) }));
  scroll.append(leaving(part));
  part.node.replaceChildren(scroll);
}

const onlyLook = () =>
  el("p", { className: "muted" }, "Admins and owners can invite people and change their roles.");

async function load(part) {
  part.state.replaceChildren(el("i", { className: "bone" }));
  try {
    forget(); // others invite and remove people, too
    part.found = [...(await all())];
    part.list.replaceChildren(...part.found.map((one) => rowFor(part, one)));
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
    others: () => part.found.filter(({ user_id: id }) => id !== one.user_id),
    gone: () => (part.found = part.found.filter(({ user_id: id }) => id !== one.user_id)),
  });

/** My own role has changed: what I may do here is shown anew. */
function become(part, role) {
  tell(workspace(), role);
  build(part);
  load(part);
}

/** In the server's order: by user id. */
function insert(part, member) {
  part.found.push(member);
  const after = [...part.list.children].find(({ dataset }) => dataset.userId > member.user_id);
  part.list.insertBefore(rowFor(part, member), after ?? null);
}

function leaving(part) {
  const below = el("div", { className: "below" });
  const button = el("button", { type: "button", className: "link danger" }, "Leave this workspace…");
  const { id, name } = workspace();
  const going = {
    user: part.me,
    mine: true,
    text: `Leave “${name}”? You are out at once.`,
    verb: "Leave",
    others: () => part.found.filter((one) => one.user_id !== part.me),
    done() {
      if (dialog.shows(part.node)) dialog.close();
      run("leave workspace", id);
      toast(`You have left ${name}.`);
    },
  };
  button.addEventListener("click", () => askToGo(below, button, going));
  return el("div", { className: "leaving-place" }, button, below);
}
