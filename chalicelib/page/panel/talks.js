// The conversations of a contact and their messages, in the panel: to read.

import * as api from "../core/api.js";
import { el, icon } from "../kit/dom.js";
import { pager } from "../kit/pager.js";
import { timeNode } from "../kit/time.js";
import { counted } from "../kit/words.js";
import { contactPath } from "../core/workspace.js";

const CHANNELS = { whatsapp: "WhatsApp", email: "E-mail", phone: "Phone", sms: "SMS" };

export function talksOf(id) {
  return pager({
    ask: async (cursor) => {
      const where = contactPath(id, "conversations");
      const { conversations: items, ...rest } = await api.get(where, { cursor });
      return { items, ...rest };
    },
    render: (talk) => render(id, talk),
    empty: "No conversations yet.",
    more: "Older conversations",
  }).nodes;
}

function render(id, talk) {
  const place = el("div", { className: "messages", hidden: true });
  const head = el(
    "button",
    { type: "button", className: "talk", "aria-expanded": "false" },
    icon("chevron"),
    el("span", { className: "strong" }, CHANNELS[talk.channel] ?? "Conversation"),
    el("span", { className: `badge ${talk.status}` }, talk.status),
    el("span", { className: "gap" }),
    el("span", { className: "by" }, counted(talk.message_count, "message"), " · "),
  );
  head.lastChild.append(timeNode(talk.last_message_at ?? talk.created_at));
  head.addEventListener("click", () => {
    place.hidden = !place.hidden;
    head.setAttribute("aria-expanded", !place.hidden);
    if (!place.firstChild) place.append(...messagesOf(id, talk.id));
  });
  return el("li", { data: { conversationId: talk.id } }, head, place);
}

function messagesOf(id, talkId) {
  return pager({
    ask: async (cursor) => {
      const where = contactPath(id, "conversations", talkId, "messages");
      const { messages: items, ...rest } = await api.get(where, { cursor });
      return { items, ...rest };
    },
    render: (message) =>
      el(
        "li",
        { className: `message ${message.direction}`, data: { messageId: message.id } },
        el("p", { className: "content" }, message.content),
        el("span", { className: "by" }, timeNode(message.created_at)),
      ),
    empty: "No messages yet.",
    more: "Older messages",
  }).nodes;
}
