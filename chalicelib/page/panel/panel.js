// The side panel: one contact whole. Beside the table where there is room for both; where
// it covers the table, what it covers cannot be reached.

import * as address from "../core/address.js";
import { noteOpened } from "../core/recent.js";
import { leftWith, refresh } from "../core/saving.js";
import * as store from "../core/store.js";
import { $, el } from "../kit/dom.js";
import { report, requestId } from "../kit/toast.js";
import { idOfRow, rowOf } from "../table/rows.js";
import { details } from "./details.js";
import { fieldRows } from "./fieldrows.js";
import { head } from "./head.js";
import { moreFields } from "./metadata.js";
import { notesOf } from "./notes.js";
import { talksOf } from "./talks.js";

const panel = $("#panel");
const roomy = matchMedia("(min-width: 1280px)");
let shown = null; // {id, opener, parts}
let asked = null; // the id that was to be opened last

store.listen((id) => {
  if (id !== shown?.id) return;
  if (store.get(id)) paint();
  else close();
});
roomy.addEventListener("change", cover);
addEventListener("keydown", ({ key, target }) => {
  if (key === "Escape" && !target.closest?.("dialog, .menu, #search")) close();
});
// What is inert lets clicks through to what holds it.
panel.parentElement.addEventListener("click", ({ target }) => {
  if (target === panel.parentElement && !roomy.matches) close();
});

/** Opens a contact, fetched afresh: its counters may have moved. */
export async function open(id, opener = document.activeElement) {
  asked = id;
  if (shown?.id === id) {
    $("h2", panel).focus();
    return shown.whole;
  }
  const fresh = refresh(id);
  fresh.catch(() => {}); // told below, or where the panel would have been
  try {
    if (!store.get(id)) await fresh;
  } catch (problem) {
    return leftWith(problem, id) || report(problem);
  }
  if (asked !== id || !store.get(id)) return; // overtaken, or of another workspace
  return show(id, opener, fresh);
}

function show(id, opener, fresh) {
  mark(false);
  shown = { id, opener, parts: [] };
  mark(true);
  panel.replaceChildren(...build(id, fresh));
  panel.hidden = false;
  cover();
  paint();
  $("h2", panel).focus();
  address.note({ contact: id });
  noteOpened(id);
  return shown.whole; // the promise that all of it is there
}

export function close() {
  if (!shown) return;
  const { id, opener } = shown;
  const within = panel.contains(document.activeElement);
  mark(false);
  shown = null;
  panel.hidden = true;
  panel.replaceChildren();
  cover();
  address.note({ contact: "" });
  if (!within && document.activeElement !== document.body) return;
  const back = opener?.isConnected && idOfRow(opener) ? opener : null;
  (back ?? rowOf(id)?.querySelector("[data-stop]") ?? $("#grid")).focus();
}

function mark(is) {
  if (shown) rowOf(shown.id)?.classList.toggle("open", is);
}

/** What a drawer covers cannot be reached; beside the table nothing is covered. */
function cover() {
  const covering = Boolean(shown) && !roomy.matches;
  for (const one of panel.parentElement.children) if (one !== panel) one.inert = covering;
  panel.setAttribute("role", covering ? "dialog" : "complementary");
  panel.ariaModal = covering ? "true" : null;
}

function build(id, fresh) {
  const live = () => shown?.id === id;
  const [top, fields, facts] = [head(id, close), fieldRows(id, live), details(id)];
  const more = moreFields(id, live);
  shown.parts = [top, fields, more, facts];
  const children = el("div", { className: "children", hidden: true });
  children.append(
    section("Notes", "notes", notesOf(id)),
    section("Conversations", "conversations", talksOf(id)),
  );
  const body = el("div", { className: "panel-body" });
  body.append(
    fields.node,
    section("More fields", "metadata", more.nodes),
    children,
    section("Details", "details", [facts.node]),
  );
  shown.whole = unfoldWith(id, fresh, children);
  return [top.node, body];
}

/** When the contact cannot be fetched, neither can what belongs to it: that is told once. */
function unfoldWith(id, fresh, children) {
  const unfold = () => (children.hidden = false);
  return fresh.then(unfold, (problem) => {
    if (shown?.id !== id || leftWith(problem, id)) return;
    const onclick = () => {
      close();
      open(id);
    };
    const again = el("button", { type: "button", className: "link", onclick }, "Try again");
    const said = el("p", { className: "fault", role: "alert" }, problem.message, " ", again);
    children.replaceChildren(said, requestId(problem) ?? "");
    unfold();
  });
}

function section(title, name, nodes) {
  const heading = el("h3", { id: `panel-${name}` }, title);
  heading.append(el("span", { className: "tally", data: { tally: name } }));
  return el("section", { "aria-labelledby": `panel-${name}` }, heading, ...nodes);
}

/** Shows the contact as it is now; what is being typed is left alone. */
function paint() {
  const contact = store.get(shown.id);
  for (const part of shown.parts) part.paint(contact);
  const tallies = { notes: contact.note_count, conversations: contact.conversation_count };
  for (const [name, count] of Object.entries(tallies)) {
    const tally = $(`[data-tally=${name}]`, panel);
    if (tally) tally.textContent = count || "";
  }
}
