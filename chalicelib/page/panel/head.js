// The head of the panel: who it is, how to reach them, and what else can be done.

import { run } from "../core/commands.js";
import { wayLink, waysTo } from "../core/reach.js";
import { mayWrite } from "../core/workspace.js";
import { $, el, icon, iconButton } from "../kit/dom.js";
import { openMenu } from "../kit/menu.js";
import { nameOf } from "../kit/words.js";
import { paintAvatar } from "../table/rows.js";

/** {node, paint(contact)} */
export function head(id, close) {
  const avatar = el("span", { className: "avatar big", "aria-hidden": "true" });
  const title = el("h2", { id: "panel-name", tabIndex: -1, dir: "auto" });
  const ways = el("div", { className: "ways" });
  const more = iconButton("more", "Actions", () => openMore(more, id));
  more.setAttribute("aria-haspopup", "menu");
  more.setAttribute("aria-expanded", "false");
  const line = el("div", { className: "head-line" }, avatar, title);
  line.append(mayWrite() ? more : "", iconButton("close", "Close the panel (Esc)", close));
  const paint = (contact) => {
    title.textContent = nameOf(contact);
    paintAvatar(avatar, nameOf(contact));
    paintWays(ways, id, contact);
  };
  // No landmark: the page has one banner, and this is not it.
  return { node: el("header", { role: "none" }, line, ways), paint };
}

/** Left alone while nothing of it has changed: one of them may have the focus. */
function paintWays(node, id, contact) {
  const links = waysTo(contact).map((way) => {
    const link = wayLink(id, way, icon(way.icon), el("span", {}, way.label));
    link.className = "button";
    return link;
  });
  const hrefs = (list) => [...list].map(({ href }) => href).join();
  if (hrefs(links) === hrefs(node.children)) return;
  const focused = node.contains(document.activeElement);
  node.replaceChildren(...links);
  if (focused) (links[0] ?? $("#panel-name")).focus();
}

function openMore(button, id) {
  openMenu(button, "Actions", [
    { label: "Edit…", icon: "edit", pick: () => run("edit contact", id) },
    { label: "Delete…", icon: "trash", danger: true, pick: () => run("delete contact", id) },
  ]);
}
