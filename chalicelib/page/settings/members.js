// Who belongs to the workspace, and as what. Whoever may, invites, changes and removes;
// everybody may leave.

import { run } from "../core/commands.js";
import { forget, members as all } from "../core/members.js";
import { nameOf } from "../core/names.js";
import { user } from "../core/session.js";
import { workspace } from "../core/workspace.js";
import * as dialog from "../kit/dialog.js";
import { $, el } from "../kit/dom.js";
import { requestId, toast } from "../kit/toast.js";
import { adding } from "./adding.js";
import { askToGo } from "./going.js";
import { invitations } from "./invitations.js";
import { mayManage, tell } from "./keep.js";
import { keepFocus } from "./parts.js";
import { memberRow } from "./member-row.js";

// Refusals that say that the lists are no longer what is stored.
const STALE = ["member_not_found", "member_exists", "invitation_exists"];
const ENDED = ["invitation_used", "invitation_withdrawn", "invitation_expired", "invitation_not_found"];
const byName = new Intl.Collator(undefined, { sensitivity: "base" }).compare;

/** {node, dirty, again}: `again()` looks whether others have changed something. */
export function members() {
  const part = { me: user(), found: [], list: el("ul", { className: "member-list" }) };
  part.spoken = el("p", { className: "said muted", role: "status" });
  part.state = el("div", { className: "pager" });
  part.node = el("div", { className: "part" });
  build(part);
  load(part);
  const typed = () => [...part.node.querySelectorAll("form input")].some((one) => one.value.trim());
  return { node: part.node, dirty: typed, again: () => again(part) };
}

function build(part) {
  const said = (text) => (part.spoken.textContent = text);
  const stale = (problem) => isStale(problem) && void again(part, true);
  const refused = (problem) => refusedBy(part, problem);
  const asked = mayManage() ? invitations({ said, stale, refused }) : null;
  part.asked = asked;
  const scroll = el("div", { className: "scroll" }, asked?.form ?? onlyLook());
  const people = el("section", { "aria-label": "People" }, part.list, part.state);
  scroll.append(part.spoken, asked?.result ?? "", people, asked?.waiting ?? "");
  if (asked) scroll.append(adding({ said, stale, added: (one) => show(part, [...part.found, one]) }));
  scroll.append(leaving(part));
  part.node.replaceChildren(scroll);
}

const onlyLook = () =>
  el("p", { className: "muted" }, "Admins and owners can invite people and change their roles.");

async function load(part) {
  part.state.replaceChildren(el("i", { className: "bone" }));
  try {
    forget(); // others invite and remove people, too
    show(part, await all());
    part.state.replaceChildren();
  } catch (problem) {
    const onclick = () => load(part);
    const again = el("button", { type: "button", className: "link", onclick }, "Try again");
    const said = el("p", { className: "fault", role: "alert" }, problem.message, " ", again);
    part.state.replaceChildren(said, requestId(problem) ?? "");
  }
}

/** Me first, then by name. */
function show(part, found) {
  const mine = ({ user_id: id }) => id === part.me;
  const order = (one, two) => mine(two) - mine(one) || byName(nameOf(one.user_id), nameOf(two.user_id));
  part.found = [...found].sort(order);
  part.list.replaceChildren(...part.found.map((one) => rowFor(part, one)));
}

const isStale = ({ code }) => STALE.includes(code) || ENDED.includes(code);

/** A question about what is no longer so: it is told, and the lists are those of now. */
function refusedBy(part, problem) {
  if (!isStale(problem)) return false;
  part.spoken.textContent = problem.message;
  for (const below of part.node.querySelectorAll(".member-row > .below")) below.replaceChildren();
  again(part, true);
  part.node.closest("[role=tabpanel]").focus(); // what had the focus may be gone
  return true;
}

/** Asks for the lists anew; what somebody is just answering stays, unless it `must` be.
 *  When it fails, what was shown stays. */
async function again(part, must = false) {
  part.asked?.again(must);
  const busy = () => !must && $(".below > *", part.list);
  if (busy()) return;
  try {
    forget();
    const found = await all();
    const role = found.find(({ user_id: id }) => id === part.me)?.role;
    if (role && role !== workspace().role) return become(part, role);
    if (!busy()) keepFocus(part.list, () => show(part, found));
  } catch {
    // Nothing was asked for here.
  }
}

const rowFor = (part, one) =>
  memberRow(one, part.me, {
    said: (text) => (part.spoken.textContent = text),
    refused: (problem) => refusedBy(part, problem),
    changed(now) {
      part.found = part.found.map((one) => (one.user_id === now.user_id ? now : one));
      if (now.user_id === part.me) become(part, now.role);
    },
    others: () => part.found.filter(({ user_id: id }) => id !== one.user_id),
    gone: () => (part.found = part.found.filter(({ user_id: id }) => id !== one.user_id)),
  });

/** My own role has changed: what I may do here is shown anew. */
function become(part, role) {
  tell(workspace(), role);
  build(part);
  load(part);
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
