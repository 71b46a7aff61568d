// What is sent for a contact whose panel is open.

import { dropOf } from "../core/drafts.js";
import { leftWith } from "../core/saving.js";

/** Sends; when the contact is no longer there, it leaves the page, and its drafts the
 *  device. */
export async function sent(id, send) {
  try {
    return await send();
  } catch (problem) {
    if (leftWith(problem, id)) dropOf(id);
    throw problem;
  }
}
