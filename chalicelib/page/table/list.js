// The list: one page after the other by cursor, filtered and searched by the server. Of a
// long one only what is near to what is seen stays in memory.

import * as address from "../core/address.js";
import * as api from "../core/api.js";
import * as store from "../core/store.js";
import { contactsPath, workspace } from "../core/workspace.js";
import { $ } from "../kit/dom.js";
import * as memory from "./memory.js";
import * as pages from "./pages.js";
import * as place from "./place.js";
import { rowOf } from "./rows.js";
import * as state from "./state.js";
import * as told from "./told.js";
import * as view from "./view.js";

const PAGE = 100;
const AHEAD = 1600; // pixels before the end at which the next page is asked for
const search = $("#search");

let wanted = { status: "", q: "" };
export const filter = () => wanted;
export const tellFilter = () => told.filter(wanted);

let cursor = null;
let ended = false;
let asking = null; // the AbortController of the request under way
let filling = null; // the same, of a page that comes once more
let waiting = []; // what is done when it has come

export function start() {
  const look = () => !filling && pages.count() && view.endWithin(AHEAD) && more();
  view.start(fill, look);
  let rest = 0;
  search.addEventListener("input", () => {
    clearTimeout(rest);
    rest = setTimeout(() => ask({ q: search.value.trim() }), 200);
  });
  store.listen((id) => (store.get(id) ? told.left(id, wanted) : remove(id)));
  addEventListener("pagehide", remember);
}

/** Asks for something else: the older request is aborted, whatever it might bring. */
export function ask(change) {
  const next = { ...wanted, ...change };
  if (next.q === wanted.q && next.status === wanted.status) return;
  wanted = next;
  reload();
}

/** From the top. `fresh`: another workspace, so nothing of the old list may stay. */
export async function reload(fresh = false, first = wanted) {
  asking?.abort();
  filling?.abort();
  asking = filling = null;
  wanted = first;
  cursor = null;
  ended = false;
  if (fresh) search.value = wanted.q;
  address.note(wanted);
  told.filter(wanted);
  state.hide();
  if (fresh) pages.clear();
  if (pages.count() === 0) view.clear(12);
  told.busy(true);
  await more(true);
}

/** The next page, and on while the end is in sight: a search can find nothing in one
 *  page and more in the next. */
async function more(replace = false) {
  if (asking || ended || !workspace()) return;
  const { signal } = (asking = new AbortController());
  try {
    const before = replace && place.take(workspace().id, wanted);
    do {
      await bring(signal, replace);
      replace = false;
      drawn();
    } while (!ended && view.endWithin(AHEAD));
    if (before) await goBackTo(before, signal);
    drawn();
    told.busy(false);
  } catch (problem) {
    if (signal.aborted) return;
    failed(problem);
  } finally {
    if (asking?.signal === signal) asking = null;
  }
}

async function bring(signal, replace = false) {
  const found = await page(cursor, signal);
  if (replace) startOver();
  pages.append(cursor, found.contacts.map(store.keep));
  cursor = found.next_cursor;
  ended = cursor === null;
}

const page = (from, signal) => {
  const { status, q } = wanted;
  const query = { limit: String(PAGE), cursor: from, lead_status: status, q };
  return api.get(contactsPath(), query, signal);
};

function startOver() {
  pages.clear();
  view.clear();
  view.scroller().scrollTop = 0;
}

/** After a reload of the page: where the person was. When other contacts came on top
 *  since, the pages begin elsewhere, and those down to that row are asked for. */
async function goBackTo(before, signal) {
  const { index, id, pages: rest, cursor: next } = before;
  const here = rest.findIndex(([from]) => from === cursor);
  if (cursor && here >= 0) {
    pages.recall(rest.slice(here));
    cursor = next;
    ended = next === null;
  }
  while (cursor && pages.indexOf(id) < 0 && pages.count() < Math.min(index + PAGE, memory.MOST)) {
    await bring(signal);
  }
  view.draw();
  const known = pages.indexOf(id);
  if (known >= 0 || index < pages.count()) view.showFirst(known < 0 ? index : known);
}

function remember() {
  const index = workspace() && pages.count() ? view.firstSeen() : 0;
  if (index === 0) return;
  place.keep(workspace().id, wanted, {
    index,
    id: pages.at(index) ?? null,
    pages: pages.outline().slice(1),
    cursor,
  });
}

function drawn() {
  view.draw();
  memory.tidy();
  tellCount();
}

/** Fetches the page of rows that are seen and were let go; the next when that is there. */
async function fill(from) {
  if (filling) return;
  const { signal } = (filling = new AbortController());
  const { number, page: gone } = pages.pageOf(from);
  try {
    const found = await page(gone.cursor, signal);
    pages.refill(number, found.contacts.map(store.keep));
    filling = null;
    drawn();
    waiting.splice(0).forEach((go) => go());
  } catch (problem) {
    if (!signal.aborted) failed(problem);
  } finally {
    if (filling?.signal === signal) filling = null;
  }
}

/** Calls `go` when the rows that are seen have been fetched. */
export const whenFilled = (go) => (waiting = [go]);

/** A contact that was made: listed, if it belongs to what is listed. */
export function add(contact) {
  const { q, status } = wanted;
  const fits = !q && (!status || status === contact.lead_status);
  if (!fits) return false;
  store.keep(contact);
  if (pages.insert(contact.id, ended)) view.shifted(pages.indexOf(contact.id), 1);
  state.hide();
  tellCount();
  return pages.has(contact.id);
}

/** A row that goes hands the focus to its neighbour. */
export function remove(id) {
  const focused = rowOf(id)?.contains(document.activeElement);
  const column = focused && document.activeElement.closest("td")?.dataset.col;
  const index = pages.remove(id);
  if (index < 0) return;
  view.gone(id, index);
  tellCount();
  if (focused && pages.count()) {
    const row = view.show(Math.min(index, pages.count() - 1));
    (row?.querySelector(`[data-col="${column}"] [data-stop]`) ?? row?.querySelector("[data-stop]"))?.focus();
  }
}

/** Brings a row into sight, with the focus in it. */
export function focusOn(id) {
  const index = pages.indexOf(id);
  if (index >= 0) view.show(index)?.querySelector("[data-stop]")?.focus();
}

/** The contact that stands so many rows below, or above; undefined if there is none. */
export const neighbour = (id, by = 1) => pages.at(pages.indexOf(id) + by);
export const indexOf = pages.indexOf;
export const lastIndex = () => pages.count() - 1;

/** No list at all: there is no workspace. */
export function empty() {
  asking?.abort();
  filling?.abort();
  asking = filling = null;
  pages.clear();
  view.clear();
  state.hide();
  told.nothing();
}

export function clearSearch() {
  search.value = "";
  ask({ q: "" });
}

export function clearFilters() {
  search.value = "";
  ask({ status: "", q: "" });
}

function tellCount() {
  told.count(pages.count(), ended);
  if (!ended || pages.count() > 0) return;
  if (wanted.q || wanted.status) state.noMatch(wanted, clearFilters);
  else state.noContacts();
}

/** What is already listed stays; the rest can be asked for again. */
function failed(problem) {
  told.busy(false);
  const again = ended;
  ended = true; // until somebody asks again: no hammering
  if (cursor === null && !pages.count()) view.clear();
  state.failed(problem, () => {
    ended = again;
    state.hide();
    if (pages.count() === 0) reload();
    else if (again) view.draw();
    else more();
  });
  told.stopped();
}
