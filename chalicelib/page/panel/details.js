// The details of a contact: what nobody fills in.

import { nameNode } from "../core/people.js";
import { el, icon } from "../kit/dom.js";
import { timeNode } from "../kit/time.js";
import { counted } from "../kit/words.js";

/** {node, paint(contact)} */
export function details(id) {
  const node = el("dl", { className: "facts" });
  const copy = copyButton(id);
  const paint = (contact) => {
    const focused = document.activeElement === copy;
    node.replaceChildren(...facts(contact, copy));
    if (focused) copy.focus();
  };
  return { node, paint };
}

function facts(contact, copy) {
  const by = nameNode(contact.updated_by);
  const known = [
    ["Created", timeNode(contact.created_at)],
    ["Changed", el("span", {}, timeNode(contact.updated_at), " by ", by)],
    contact.last_activity_at && ["Last activity", timeNode(contact.last_activity_at)],
    ["Messages", counted(contact.message_count, "message")],
    ["Id", copy],
  ];
  return known.filter(Boolean).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]);
}

/** The one thing that names a contact, for those who have to quote it. */
function copyButton(id) {
  const told = el("span", { className: "told", role: "status" });
  const onclick = async () => {
    try {
      await navigator.clipboard.writeText(id);
      told.textContent = "Copied";
    } catch {
      told.textContent = "Could not be copied";
    }
    setTimeout(() => (told.textContent = ""), 2000);
  };
  const props = { type: "button", className: "id", title: "Copy the id", onclick };
  return el("button", props, el("code", {}, id), icon("copy"), told);
}
