// The page as a whole: starts it, signs in and out.

import * as address from "../core/address.js";
import * as api from "../core/api.js";
import { run } from "../core/commands.js";
import * as session from "../core/session.js";
import { $ } from "../kit/dom.js";
import { report } from "../kit/toast.js";
import * as grid from "../table/grid.js";
import * as list from "../table/list.js";
import * as state from "../table/state.js";
import * as bar from "./bar.js";
import * as opened from "./opened.js";
import "./rooms.js";

let answer = takeAnswer();

/** A provider's answer, whole or not, taken out of the address at once; null: none has come. */
function takeAnswer() {
  const found = new URLSearchParams(location.search);
  if (!["code", "error", "state"].some((name) => found.has(name))) return null;
  history.replaceState(null, "", location.pathname + location.hash);
  return found;
}

async function start() {
  try {
    if (!(await comeIn())) return;
    open();
    state.hide();
    const me = await api.get("me", { limit: "100" });
    if (!session.know(me.user_id)) return leftElsewhere();
    dispatchEvent(new CustomEvent("known", { detail: me.user_id }));
    const { workspaces, next_cursor: next } = me;
    if (next) workspaces.push(...(await api.all("me", "workspaces", next)));
    bar.showMe(me);
    await opened.first(me, start);
    if (sessionStorage.getItem(session.TYPED)) run("bring back").catch(report);
  } catch (problem) {
    if (problem.status === 401 || problem.name === "AbortError") return;
    open();
    list.empty();
    state.failed(problem, start);
  }
}

const inLink = () => new URLSearchParams(location.hash.slice(1)).has("token");

async function comeIn() {
  if (session.token() && !inLink()) return true;
  const brought = answer;
  answer = null; // it is good once
  return run("come in", brought, start);
}

function open() {
  $("#signin").hidden = true;
  $("#app").hidden = false;
  $("#app").classList.add("open");
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

/** `back`: where whoever signs in next is led. */
async function signOut(back) {
  await run("forget drafts");
  const hint = session.idToken();
  session.end();
  close();
  run("sign out", hint, back, start);
}

function leftElsewhere() {
  close();
  run("tell of signing out", start);
}

list.start();
grid.start();
bar.start({ me: opened.who, go: opened.choose, signOut: () => signOut({}) });
address.listen(() => (inLink() ? start() : opened.follow().catch(report)));
session.listen(leftElsewhere);
addEventListener("signout", ({ detail }) => signOut(detail ?? {}));
addEventListener("signedout", ({ detail }) => run("come in again", detail, close, start));
// What should never happen is not hidden either.
addEventListener("error", ({ error }) => report(error ?? new Error("The page has failed.")));
addEventListener("unhandledrejection", ({ reason }) => report(reason));

start();
