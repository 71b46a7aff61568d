// Which contacts were opened last, per workspace. Only their ids, and only in memory.

import * as store from "./store.js";
import { workspace } from "./workspace.js";

const MOST = 5;
const opened = new Map(); // a workspace's id -> ids of contacts, the last one first

export function noteOpened(id) {
  const before = opened.get(workspace().id) ?? [];
  opened.set(workspace().id, [id, ...before.filter((one) => one !== id)].slice(0, MOST + 1));
}

/** Those that are still known here, but not the one that is open anyway. */
export const recent = (but) =>
  (opened.get(workspace().id) ?? []).filter((id) => id !== but && store.get(id)).slice(0, MOST);
