// Adding somebody whose user id is known: for the operator. People are invited.

import * as api from "../core/api.js";
import { forget } from "../core/members.js";
import { el } from "../kit/dom.js";
import { place } from "./keep.js";
import { roleChoice } from "./member-row.js";
import { accept, field, form, missing, refuse } from "./parts.js";

const LABELS = { user_id: "User id", role: "Role" };
const HOW = "As the sign-in tells it; people can copy theirs from the menu at the top right.";

/** `said(text)` for what has happened, `added(member)` for who has come, `stale(problem)`
 *  for a refusal that may say that the list is old. */
export function adding(acts) {
  const props = { name: "user_id", dir: "auto", autocomplete: "off", maxLength: 255, spellcheck: false };
  const user = el("input", props);
  const role = roleChoice({ id: "adding-role", name: "role" });
  const button = el("button", { type: "submit", className: "button" }, "Add member");
  const node = form(
    "adding",
    () => submit(acts, node, user, role),
    el("div", { className: "adding-row" }, field("User id", user, HOW), field("Their role", role), button),
    el("div", { className: "fault whole", role: "alert" }),
  );
  const summary = el("summary", { className: "muted" }, "Add by user id");
  return el("details", { className: "by-id" }, summary, node);
}

async function submit(acts, node, user, role) {
  if (missing(node, { user_id: "Enter a user id." })) return;
  try {
    const body = { user_id: user.value.trim(), role: role.value };
    const { member } = await api.post(place("members"), body);
    forget();
    accept(node);
    acts.added(member);
    user.value = "";
    user.focus();
    acts.said(`${member.user_id} was added.`);
  } catch (problem) {
    acts.said("");
    refuse(node, problem, LABELS);
    acts.stale(problem);
  }
}
