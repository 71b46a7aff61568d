// The page as a whole: starts it, signs in and out.

import * as address from "../core/address.js";
import * as api from "../core/api.js";
import { run } from "../core/commands.js";
import * as pasted from "../core/pasted.js";
import * as session from "../core/session.js";
import { takeAnswer, way } from "../core/way.js";
import { $ } from "../kit/dom.js";
import { report } from "../kit/toast.js";
import * as grid from "../table/grid.js";
import * as list from "../table/list.js";
import * as state from "../table/state.js";
import * as bar from "./bar.js";
import * as opened from "./opened.js";
import "./rooms.js";

let answer = takeAnswer(); // of a provider, to the one who was sent there by this page
let told = null; // the ID token that the server has seen

async function start() {
  try {
    if (!(await comeIn())) return;
    $("#signin").hidden = true;
    $("#app").hidden = false;
    $("#app").classList.add("open");
    state.hide();
    await introduce();
    const me = await api.get("me", { limit: "100" });
    session.know(me.user_id);
    dispatchEvent(new CustomEvent("known", { detail: me.user_id }));
    const { workspaces, next_cursor: next } = me;
    if (next) workspaces.push(...(await api.all("me", "workspaces", next)));
    bar.showMe(me);
    await opened.first(me, start);
  } catch (problem) {
    if (problem.status === 401 || problem.name === "AbortError") return;
    $("#signin").hidden = true;
    $("#app").hidden = false;
    $("#app").classList.add("open");
    list.empty();
    state.failed(problem, start);
  }
}

/** Whether somebody is signed in; else the way in is shown, or the page is left for it. */
async function comeIn() {
  if (session.token() && !pasted.inLink()) return true;
  const found = await way();
  if (!found) {
    if (pasted.takeFromLink() || session.token() || (await pasted.takeFromTab())) return true;
    run("sign in", "", start);
    return false;
  }
  pasted.outOfLink(); // who he is was not chosen by him
  const brought = answer;
  answer = null; // it is good once
  return run("come in", found, brought);
}

/** The server learns how he is called, and which e-mail is his; the page works without. */
async function introduce() {
  const id = session.idToken();
  if (!id || id === told) return;
  try {
    await api.put("me", { id_token: id });
    told = id;
  } catch (problem) {
    if (problem.status === 401) throw problem;
  }
}

async function follow() {
  if (pasted.inLink()) return start();
  return opened.follow();
}

/** Nothing of what was seen stays behind. */
function close() {
  session.forget();
  opened.signedOut();
  $("#dialog").close();
  $("#dialog").replaceChildren();
  $("#toasts").replaceChildren();
  $("#app").hidden = true;
}

/** Whose token has ended comes back to where he was: it is still in the address. A
 *  provider is asked without a word, unless this is what it has just given. */
async function expired(problem) {
  const known = session.user() !== null;
  const back = address.noted();
  close();
  address.note(back);
  const found = await way();
  if (!found) run("sign in", problem.message, start);
  else if (known) run("come in", found, null);
  else run("ask to sign in", found, problem.message);
}

async function leftElsewhere() {
  close();
  const why = "You have signed out in another tab.";
  const found = await way();
  if (found) run("ask to sign in", found, why, { calm: true });
  else run("sign in", why, start);
}

/** `back`: where whoever signs in next is led. */
async function signOut(back = {}) {
  await run("forget drafts");
  const hint = session.idToken();
  session.end();
  close();
  address.note({ workspace: "", status: "", q: "", contact: "", ...back });
  const found = await way();
  if (found) run("leave the provider", found, hint);
  else run("sign in", "", start);
}

list.start();
grid.start();
bar.start({ me: opened.who, go: opened.choose, signOut: () => signOut() });
address.listen(() => follow().catch(report));
session.listen(leftElsewhere);
addEventListener("signout", ({ detail }) => signOut(detail ?? {}));
addEventListener("signedout", ({ detail }) => expired(detail));
// What should never happen is not hidden either.
addEventListener("error", ({ error }) => report(error ?? new Error("The page has failed.")));
addEventListener("unhandledrejection", ({ reason }) => report(reason));

start();
