// Short messages in a live region. An error stays until it is read and closed.

import { $, el, iconButton, icon } from "./dom.js";

const SECONDS = 6;
const SECONDS_TO_ACT = 10;
const MOST = 4;

export function toast(text, { error = null, action = null } = {}) {
  const region = $("#toasts");
  while (region.children.length >= MOST) region.firstChild.remove();
  const close = () => {
    const within = node.contains(document.activeElement);
    node.remove();
    if (within) ($("button", region) ?? $("#panel:not([hidden]) h2") ?? $("#grid")).focus();
  };
  const node = el(
    "div",
    { className: error ? "toast error" : "toast", role: error ? "alert" : "status" },
    icon(error ? "alert" : "check"),
    el("div", { className: "said" }, el("p", { dir: "auto" }, text), requestId(error)),
    action && actionButton(action, close),
    iconButton("close", "Close this message", close),
  );
  region.append(node);
  if (!error) leaveAfter(node, action ? SECONDS_TO_ACT : SECONDS);
  return node;
}

/** Stays while the pointer or the focus is on it. */
function leaveAfter(node, seconds) {
  setTimeout(() => {
    if (node.matches(":hover, :focus-within")) leaveAfter(node, seconds);
    else node.remove();
  }, seconds * 1000);
}

/** A refusal, in the server's own sentence. An aborted request is none. */
export function report(problem, before = "", action = null) {
  if (problem.name === "AbortError" || problem.status === 401) return;
  toast(`${before}${problem.message}`, { error: problem, action });
}

/** The request's id, to be quoted to those who can look into the log. */
export function requestId(problem) {
  if (!problem?.requestId) return null;
  const copy = async ({ currentTarget: button }) => {
    await navigator.clipboard.writeText(problem.requestId);
    button.replaceChildren(icon("check"));
  };
  return el(
    "p",
    { className: "request" },
    "Request ",
    el("code", {}, problem.requestId),
    iconButton("copy", "Copy the request's id", copy, "quiet tiny"),
  );
}

function actionButton({ label, run }, close) {
  const onclick = () => {
    close();
    run();
  };
  return el("button", { className: "link", type: "button", onclick }, label);
}
