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

async function start() {
  const known = session.takeFromLink() || session.token() || (await session.takeFromTab());
  if (!known) return signIn("");
  $("#signin").hidden = true;
  $("#app").hidden = false;
  $("#app").classList.add("open");
  state.hide();
  try {
    const me = await api.get("me", { limit: "100" });
    session.know(me.user_id);
    dispatchEvent(new CustomEvent("known", { detail: me.user_id }));
    const { workspaces, next_cursor: next } = me;
    if (next) workspaces.push(...(await api.all("me", "workspaces", next)));
    bar.showMe(me);
    await opened.first(me, start);
  } catch (problem) {
    if (problem.status === 401 || problem.name === "AbortError") return;
    list.empty();
    state.failed(problem, start);
  }
}

async function follow() {
  if (session.takeFromLink()) return start();
  return opened.follow();
}

/** Nothing of what was seen stays behind. Whose token has expired comes back to where
 *  he was: it is still in the address. */
function signIn(why, back = null) {
  session.forget();
  opened.signedOut();
  $("#dialog").close();
  $("#dialog").replaceChildren();
  $("#toasts").replaceChildren();
  $("#app").hidden = true;
  if (back) address.note(back);
  run("sign in", why, start);
}

function signOut() {
  run("forget drafts").then(() => {
    session.end();
    signIn("");
  });
}

list.start();
grid.start();
bar.start({ me: opened.who, go: opened.choose, signOut });
address.listen(() => follow().catch(report));
session.listen(() => signIn("You have signed out in another tab."));
addEventListener("signout", signOut);
addEventListener("signedout", ({ detail }) => signIn(detail.message, address.noted()));
// What should never happen is not hidden either.
addEventListener("error", ({ error }) => report(error ?? new Error("The page has failed.")));
addEventListener("unhandledrejection", ({ reason }) => report(reason));

start();
