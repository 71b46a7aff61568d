// The conversations of a contact, in the panel: which there are, and a new one.

import * as api from "../core/api.js";
import { members as all } from "../core/members.js";
import { nameOf } from "../core/names.js";
import { refresh } from "../core/saving.js";
import { contactPath, mayWrite } from "../core/workspace.js";
import { $, el, icon } from "../kit/dom.js";
import { openMenu } from "../kit/menu.js";
import { pager } from "../kit/pager.js";
import { report, requestId } from "../kit/toast.js";
import { sent } from "./sent.js";
import { CHANNELS, talkNode } from "./talk.js";

/** Those whom a conversation can be assigned to. */
const team = async () =>
  (await all()).map(({ user_id: user }) => ({ user, label: nameOf(user) }));

export function talksOf(id) {
  let started = null;
  const where = contactPath(id, "conversations");
  const talks = pager({
    ask: async (cursor) => {
      const { conversations: items, ...rest } = await api.get(where, { cursor });
      return { items, ...rest };
    },
    render: (talk) => talkNode(id, talk, team, talk.id === started),
    empty: "No conversations yet.",
    more: "Older conversations",
  });
  if (!mayWrite()) return talks.nodes;
  const begin = async (channel) => {
    const { conversation } = await sent(id, () => api.post(where, { channel }));
    started = conversation.id;
    refresh(id).catch(report);
    return talks.put(conversation);
  };
  return [starter(begin), ...talks.nodes];
}

/** Asks for the channel; what was begun is open, and its first message can be typed. */
function starter(begin) {
  const fault = el("div", { className: "fault", role: "alert" });
  const button = el("button", { type: "button", className: "button", "aria-haspopup": "menu" });
  button.setAttribute("aria-expanded", "false");
  button.append(icon("plus"), "Start a conversation");
  const start = async (channel) => {
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    fault.replaceChildren();
    try {
      const item = await begin(channel);
      if (button === document.activeElement) $("textarea", item).focus();
    } catch (problem) {
      fault.append(problem.message, requestId(problem) ?? "");
    }
    button.ariaBusy = "false";
  };
  const items = Object.entries(CHANNELS).map(([channel, label]) => {
    return { label, pick: () => start(channel) };
  });
  button.addEventListener("click", () => openMenu(button, "Channel", items));
  return el("div", { className: "starter" }, button, fault);
}
