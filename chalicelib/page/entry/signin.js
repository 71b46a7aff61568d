// The way in: a token, or the link that carries it, is pasted.

import { $, el, icon } from "../kit/dom.js";
import { keep } from "./pasted.js";

const HOW =
  "Open the link that you were given, or paste the link or its token here. " +
  "It stays in this tab and is gone when you close it.";

/** Shows the way in, and why one is here again; `go` is called with a token kept. */
export function show(why, go) {
  const token = el("input", { id: "signin-token", type: "password", required: true });
  token.autocomplete = "off";
  const form = el(
    "form",
    { className: "card" },
    icon("mark"),
    el("h1", { id: "signin-title" }, "Sign in to contactbook"),
    el("p", { id: "signin-why", className: "note", role: "alert", hidden: !why }, why),
    el("p", { className: "muted" }, HOW),
    el("label", { htmlFor: "signin-token" }, "Token"),
    token,
    el("button", { className: "primary", type: "submit" }, "Sign in"),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keep(token.value);
    go();
  });
  $("#signin").replaceChildren(form);
  $("#signin").hidden = false;
  token.focus();
}
