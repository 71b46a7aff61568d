// Of a long list only what is near to what is seen stays in memory, so that the last of
// 100,000 contacts costs what the first did.

import * as address from "../core/address.js";
import * as store from "../core/store.js";
import * as pages from "./pages.js";
import { rowOf } from "./rows.js";
import * as view from "./view.js";

export const MOST = 3000; // contacts in memory; more are let go
const NEAR = 1000; // rows around what is seen that stay

/** Lets go of contacts that are far from what is seen. */
export function tidy() {
  if (store.size() <= MOST) return;
  const here = view.firstSeen();
  const open = address.noted().contact;
  const far = [];
  for (let index = 0; index < pages.count(); index++) {
    const id = pages.at(index);
    if (Math.abs(index - here) > NEAR && id && id !== open && !rowOf(id)) far.push(id);
  }
  store.letGo(far);
}
