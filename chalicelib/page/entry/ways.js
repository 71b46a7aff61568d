// In and out through a provider: what the person sees of it, which is one button at most.
// Who brings an answer is never sent away again by itself, so there is no circle.

import * as provider from "./provider.js";
import { $, el, icon } from "../kit/dom.js";

let asked = null; // what was last asked here: a browser may keep the page that is left for
// the provider, and show that one to who comes Back
addEventListener("pageshow", ({ persisted }) => persisted && asked && ask(...asked));

/** Whether somebody is signed in now, by an `answer` of the provider; with none, it is
 *  asked without a word, and the page is left for it. */
export async function comeIn(way, answer) {
  const came = await provider.comeIn(way, answer);
  if (came.in) return true;
  if (came.silent) await leave(way, "none");
  else ask(way, came.why, came);
  return false;
}

/** Shows the one button, and why it is here; `calm`: nothing is wrong. `prompt` is what the
 *  provider is asked for. */
export function ask(way, why, { calm = false, prompt } = {}) {
  asked = [way, why, { calm, prompt }];
  document.title = "Sign in · contactbook";
  const host = new URL(way.issuer).host;
  const button = el("button", { className: "primary", type: "button" }, "Sign in");
  button.addEventListener("click", () => {
    button.disabled = true;
    leave(way, prompt);
  });
  const card = el(
    "div",
    { className: "card" },
    icon("mark"),
    el("h1", { id: "signin-title" }, "Sign in to contactbook"),
    el("p", { id: "signin-why", className: calm ? "note calm" : "note", role: "alert", hidden: !why }, why),
    el("p", { className: "muted" }, "You are asked who you are at ", el("strong", { dir: "auto" }, host), "."),
    button,
  );
  $("#app").hidden = true;
  $("#signin").replaceChildren(card);
  $("#signin").hidden = false;
  button.focus();
}

/** Ends the session there, too. */
export async function signOut(way, hint) {
  const said = await provider.signOut(way, hint, location.hash);
  // It could not end it: then it must not let the same person in without a word.
  asked = [way, said ?? "You have signed out.", { calm: true, prompt: "login" }];
  if (said) ask(...asked);
}

async function leave(way, prompt) {
  try {
    await provider.leave(way, prompt);
  } catch (error) {
    ask(way, error.message, { prompt: prompt === "none" ? undefined : prompt });
  }
}
