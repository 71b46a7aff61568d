// One member: who, as what, and what may be done with him. The row carries his user id
// and is found by nothing else.

import * as api from "../core/api.js";
import { labelOf, nameOf } from "../core/names.js";
import { workspace } from "../core/workspace.js";
import { el, iconButton } from "../kit/dom.js";
import { askToGo } from "./going.js";
import { mayManage, place } from "./keep.js";
import { ask, unask } from "./parts.js";

export const ROLES = { viewer: "Viewer", member: "Member", admin: "Admin", owner: "Owner" };
const MAY = {
  viewer: "sees everything and changes nothing",
  member: "adds, changes and deletes contacts",
  admin: "also manages settings and members",
  owner: "also manages owners",
};

/** An admin gives every role but his superior's. */
export const rolesToGive = () =>
  Object.keys(ROLES).filter((role) => role !== "owner" || workspace().role === "owner");

/** A choice of the roles that may be given, `member` unless something else is chosen. */
export function roleChoice(props, roles = rolesToGive()) {
  const choice = el("select", props, ...roles.map((one) => new Option(ROLES[one], one)));
  choice.value = "member";
  return choice;
}

const mayTouch = ({ role }) => mayManage() && rolesToGive().includes(role);

/** `said(text)` for what has happened, `changed(member)` after a new role, `others()` to
 *  hand over to, `gone()` when he is, `refused(problem)` when he is another than is shown. */
export function memberRow(one, me, acts) {
  if (typeof one.user_id !== "string" || !one.user_id) throw new TypeError("A member without an id.");
  const view = { one, acts, mine: one.user_id === me, below: el("div", { className: "below" }) };
  view.name = nameOf(one.user_id);
  view.node = el("li", { className: "member-row", data: { userId: one.user_id } });
  view.node.append(whoIs(view), role(view));
  if (mayTouch(one) && !view.mine) view.node.append(removal(view));
  view.node.append(view.below);
  return view.node;
}

function whoIs({ one, mine }) {
  const who = el("span", { className: "who-id", dir: "auto", title: one.user_id }, labelOf(one));
  const email = one.name && one.email ? el("span", { className: "hint", dir: "auto" }, one.email) : "";
  return el("div", { className: "who-is" }, el("div", { className: "who-name" }, who, email), mine ? you() : "");
}

const you = () => el("span", { className: "badge-you" }, "you");

function role(view) {
  const { one, name } = view;
  if (!mayTouch(one)) return el("span", { className: "role muted", title: MAY[one.role] }, ROLES[one.role]);
  const options = rolesToGive().map((key) => new Option(ROLES[key], key));
  const choice = el("select", { className: "role", "aria-label": `Role of ${name}` }, ...options);
  choice.value = one.role;
  // Arrow keys change a select one by one: nobody is made an owner on the way.
  choice.addEventListener("change", () => askRole(view, choice));
  return choice;
}

function askRole(view, choice) {
  const { one, below, mine } = view;
  if (choice.value === one.role) return unask();
  const names = Object.keys(ROLES);
  const lower = names.indexOf(choice.value) < names.indexOf(one.role);
  const wanted = choice.value;
  const warning = mine && lower ? " You could not take this back yourself." : "";
  const who = mine ? "yourself" : view.name;
  const text = `Make ${who} ${withArticle(wanted)}? ${ROLES[wanted]}: ${MAY[wanted]}.${warning}`;
  const act = () => change(view, choice, wanted);
  const no = () => (choice.value = view.one.role);
  const refused = view.acts.refused;
  return ask(below, { text, verb: "Change role", act, back: choice, danger: false, no, refused });
}

/** "an admin" */
export const withArticle = (role) => `${/^[ao]/.test(role) ? "an" : "a"} ${ROLES[role].toLowerCase()}`;

async function change(view, choice, wanted) {
  const { one, name, acts, below } = view;
  const { member } = await api.patch(place("members", one.user_id), { role: wanted });
  view.one = member;
  below.replaceChildren();
  choice.value = member.role;
  choice.focus();
  acts.said(`${name} is now ${ROLES[member.role].toLowerCase()}.`);
  acts.changed(member);
}

function removal(view) {
  const { one, name, below, acts, node } = view;
  const going = {
    user: one.user_id,
    name,
    text: `Remove ${name}? It takes effect at once.`,
    verb: "Remove",
    others: acts.others,
    refused: acts.refused,
    done(handed) {
      const next = node.nextElementSibling ?? node.previousElementSibling;
      node.remove();
      acts.gone();
      acts.said(`${name} was removed.${handed}`);
      next?.querySelector("button, select")?.focus();
    },
  };
  const button = iconButton("trash", `Remove ${name}`, () => askToGo(below, button, going));
  return button;
}
