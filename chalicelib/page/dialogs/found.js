// Contacts by what is typed, as the server finds them: the last question counts.

import * as api from "../core/api.js";
import * as store from "../core/store.js";
import { contactsPath } from "../core/workspace.js";

const REST = 150; // ms after the last letter
const MOST = 8;

/** `ask(text)`, `stop()`; `found(ids)` is told what the last text has found. */
export function contactSearch(found, failed) {
  let timer = 0;
  let asking = null;
  const stop = () => {
    clearTimeout(timer);
    asking?.abort();
  };
  const look = async (text) => {
    const { signal } = (asking = new AbortController());
    try {
      const ids = await first(text, signal);
      if (!signal.aborted) found(ids);
    } catch (problem) {
      if (!signal.aborted) failed(problem);
    }
  };
  const ask = (text) => {
    stop();
    if (text) timer = setTimeout(look, REST, text);
  };
  return { ask, stop };
}

/** A page can be empty while more follow. */
async function first(text, signal) {
  const ids = [];
  let cursor = null;
  do {
    const page = await api.get(contactsPath(), { limit: String(MOST), q: text, cursor }, signal);
    ids.push(...page.contacts.map(store.keep));
    cursor = page.next_cursor;
  } while (cursor && ids.length === 0);
  return ids.slice(0, MOST);
}
