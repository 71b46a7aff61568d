// The list: one page after the other by cursor, filtered and searched by the server.

import * as address from "../core/address.js";
import * as api from "../core/api.js";
import { $, el, icon } from "../kit/dom.js";
import { run } from "../core/commands.js";
import * as store from "../core/store.js";
import * as table from "./rows.js";
import { requestId } from "../kit/toast.js";
import { counted } from "../kit/words.js";
import { contactsPath, mayWrite, statusOf, workspace } from "../core/workspace.js";

const PAGE = 50;
const AHEAD = 800; // pixels before the end at which the next page is asked for
const scroller = $("#scroller");
const search = $("#search");

let wanted = { status: "", q: "" };
export const filter = () => wanted;

let cursor = null;
let ended = false;
let asking = null; // the AbortController of the request under way

export function start() {
  // Not an IntersectionObserver: the end can leave and come back between two of its
  // looks, and then it says nothing.
  const look = () => endInSight() && more();
  scroller.addEventListener("scroll", look, { passive: true });
  addEventListener("resize", look);
  let rest = 0;
  search.addEventListener("input", () => {
    clearTimeout(rest);
    rest = setTimeout(() => ask({ q: search.value.trim() }), 200);
  });
  store.listen((id) => store.get(id) || tellCount());
  store.listen(markLeft);
}

/** Asks for something else: the older request is aborted, whatever it might bring. */
export function ask(change) {
  const next = { ...wanted, ...change };
  if (next.q === wanted.q && next.status === wanted.status) return;
  wanted = next;
  reload();
}

/** From the top. `fresh`: another workspace, so nothing of the old list may stay. */
export function reload(fresh = false, first = wanted) {
  asking?.abort();
  asking = null;
  wanted = first;
  cursor = null;
  ended = false;
  if (fresh) search.value = wanted.q;
  address.note(wanted);
  showFilter();
  $("#state").hidden = true;
  if (fresh || table.listed() === 0) table.skeleton(12);
  $("#grid").setAttribute("aria-busy", "true");
  return more(true);
}

/** The next page, and on while the end is in sight: a search can find nothing in one
 *  page and more in the next. */
async function more(replace = false) {
  if (asking || ended || !workspace()) return;
  const { signal } = (asking = new AbortController());
  try {
    do {
      const found = await page(signal);
      if (replace) startOver();
      replace = false;
      table.add(found.contacts.map(store.keep));
      cursor = found.next_cursor;
      ended = cursor === null;
      tellCount();
    } while (!ended && endInSight());
    $("#grid").setAttribute("aria-busy", "false");
  } catch (problem) {
    if (signal.aborted) return;
    failed(problem);
  } finally {
    if (asking?.signal === signal) asking = null;
  }
}

const page = (signal) =>
  api.get(
    contactsPath(),
    { limit: String(PAGE), cursor, lead_status: wanted.status, q: wanted.q },
    signal,
  );

function startOver() {
  table.clear();
  scroller.scrollTop = 0;
}

const endInSight = () =>
  scroller.scrollTop + scroller.clientHeight + AHEAD > scroller.scrollHeight;

export function clearFilters() {
  search.value = "";
  ask({ status: "", q: "" });
}

export function tellCount() {
  const number = table.listed();
  const text = counted(number, "contact") + (ended ? "" : " loaded");
  // A live region speaks when its text is set, even to the same.
  if ($("#count").textContent !== text) $("#count").textContent = text;
  $("#progress").textContent = ended ? "All loaded" : "Scroll for more";
  if (ended && number === 0 && $("#state").hidden) tellEmpty();
}

function tellEmpty() {
  if (wanted.q || wanted.status) return tellNoMatch();
  const add = el("button", { className: "primary", onclick: () => run("add contact") }, "Add contact");
  tell(
    "plus",
    "No contacts yet",
    "The first contact that you add appears here.",
    mayWrite() ? add : null,
  );
}

function tellNoMatch() {
  const parts = [
    wanted.q && `“${wanted.q}”`,
    wanted.status && `status ${statusOf(wanted.status).label}`,
  ].filter(Boolean);
  const clear = el("button", { className: "button", onclick: clearFilters }, "Clear filters");
  tell("search", "No match", `No contact matches ${parts.join(" with ")}.`, clear);
}

/** What is already listed stays; the rest can be asked for again. */
function failed(problem) {
  $("#grid").setAttribute("aria-busy", "false");
  ended = true; // until somebody asks again: no hammering
  if (cursor === null) table.clear();
  const onclick = () => {
    ended = false;
    $("#state").hidden = true;
    if (cursor === null) reload();
    else more();
  };
  const again = el("button", { className: "button", onclick }, "Try again");
  tell("alert", "Contacts could not be loaded", problem.message, again, requestId(problem));
  $("#progress").textContent = "Stopped";
}

function tell(symbol, title, text, ...rest) {
  const state = $("#state");
  const parts = [icon(symbol), el("h2", {}, title), el("p", {}, text), ...rest];
  state.replaceChildren(...parts.filter(Boolean));
  state.hidden = false;
}

function showFilter() {
  const { label, color } = wanted.status ? statusOf(wanted.status) : { label: "Status" };
  $("#filter-name").textContent = label;
  $("#filter").classList.toggle("on", Boolean(wanted.status));
  $("#filter").style.setProperty("--c", color ?? "");
}

/** A row whose contact no longer fits the filter stays until the next load: if it left
 *  at once, the next row would be under the finger. */
function markLeft(id) {
  const contact = store.get(id);
  const left = contact && wanted.status && contact.lead_status !== wanted.status;
  table.rowOf(id)?.classList.toggle("left", Boolean(left));
}
