// What is said about the list: how many, of which status, and whether there is more.

import * as store from "../core/store.js";
import { statusOf } from "../core/workspace.js";
import { $ } from "../kit/dom.js";
import { counted } from "../kit/words.js";
import { rowOf } from "./rows.js";

export function count(number, ended) {
  const text = counted(number, "contact") + (ended ? "" : " loaded");
  // A live region speaks when its text is set, even to the same.
  if ($("#count").textContent !== text) $("#count").textContent = text;
  $("#progress").textContent = ended ? (number ? "All loaded" : "") : "Scroll for more";
  $("#grid").setAttribute("aria-rowcount", ended ? number + 1 : -1);
}

export const stopped = () => ($("#progress").textContent = "Stopped");
export const busy = (is) => $("#grid").setAttribute("aria-busy", String(is));

export function nothing() {
  $("#count").textContent = $("#progress").textContent = "";
  busy(false);
}

export function filter({ status }) {
  const { label, color } = status ? statusOf(status) : { label: "Status" };
  $("#filter-name").textContent = label;
  $("#filter").classList.toggle("on", Boolean(status));
  $("#filter").style.setProperty("--c", color ?? "");
}

/** A row whose contact no longer fits the filter stays until the next load: if it left
 *  at once, the next row would be under the finger. */
export function left(id, { status }) {
  const contact = store.get(id);
  const is = contact && status && contact.lead_status !== status;
  rowOf(id)?.classList.toggle("left", Boolean(is));
}
