// The messages of one conversation: read from top to bottom, the newest below; and one
// more is logged. Nothing is sent from here: that happens in the channel itself.

import * as api from "../core/api.js";
import { draft } from "../core/drafts.js";
import { nameNode } from "../core/people.js";
import { contactPath, mayWrite } from "../core/workspace.js";
import { $, el } from "../kit/dom.js";
import { pager } from "../kit/pager.js";
import { clockNode, separate } from "./days.js";
import { sent } from "./sent.js";
import { writer } from "./writer.js";

const WROTE = { outbound: "We wrote", inbound: "They wrote" };

/** `logged(message)` is told of each that is added here, `counted(items)` of all, as soon
 *  as all are shown. */
export function messagesOf(id, talkId, { logged, counted }) {
  const where = contactPath(id, "conversations", talkId, "messages");
  const box = el("div", { className: "thread", tabIndex: 0, role: "group" });
  box.setAttribute("aria-label", "Messages, the newest below");
  const messages = pager({
    ask: async (cursor) => {
      const { messages: items, ...rest } = await api.get(where, { cursor });
      return { items, ...rest };
    },
    render,
    empty: "No messages yet.",
    more: "Older messages",
    upward: box,
    arrange(list, whole) {
      if (whole) counted([...list.querySelectorAll("[data-message-id]")]);
      separate(list);
    },
  });
  if (!mayWrite()) return [box];
  const add = (message) => {
    logged(message);
    messages.put(message);
    box.scrollTop = box.scrollHeight;
  };
  return [box, logForm(id, talkId, where, add)];
}

function render({ id, direction, content, created_at: at, created_by: user }) {
  const by = el("span", { className: "by" });
  if (direction === "outbound" && user) by.append(nameNode(user), " · ");
  by.append(clockNode(at));
  return el(
    "li",
    { className: `message ${direction}`, data: { messageId: id, at } },
    el("span", { className: "unseen" }, `${WROTE[direction]}: `),
    el("p", { className: "content", dir: "auto" }, content),
    by,
  );
}

function logForm(id, talkId, where, add) {
  const place = draft(id, "messages", talkId);
  const sides = sidesOf(talkId, place.read()?.direction ?? "outbound");
  const direction = () => $("input:checked", sides).value;
  const words = {
    what: "message",
    label: "Log message",
    prompt: "Write down a message…",
    hint: "Kept here, not sent",
  };
  const deeds = {
    send: (content) => sent(id, () => api.post(where, { direction: direction(), content })),
    saved: ({ message }) => {
      add(message);
      $("input", sides).checked = true; // the next one is ours again, unless it is said
    },
    more: () => ({ direction: direction() }),
  };
  return writer(place, words, deeds, [sides]);
}

/** Who has written what is logged: mostly we. */
function sidesOf(talkId, chosen) {
  const choices = Object.entries(WROTE).map(([value, label]) => {
    const props = { type: "radio", name: `side-${talkId}`, value, checked: value === chosen };
    return el("label", {}, el("input", props), label);
  });
  const legend = el("legend", { className: "unseen" }, "Who has written it");
  return el("fieldset", { className: "sides" }, legend, ...choices);
}
