// Reaching people: what a contact's phone and e-mail are good for.

import { has, run } from "./commands.js";
import { el } from "../kit/dom.js";

/** The ways to a contact: {label, href, icon, said, blank}; `said` begins the note that
 *  one may want to write after it, `blank` opens beside the page. */
export function waysTo({ phone, email }) {
  const ways = [];
  if (phone) {
    const whatsapp = `https://wa.me/${phone.replace(/\D/g, "")}`;
    ways.push(
      { label: "Call", href: `tel:${phone}`, icon: "phone", said: "Called: " },
      { label: "WhatsApp", href: whatsapp, icon: "chat", said: "WhatsApp: ", blank: true },
    );
  }
  if (email) {
    const href = `mailto:${encodeURIComponent(email).replace("%40", "@")}`;
    ways.push({ label: "E-mail", href, icon: "mail", said: "E-mail: " });
  }
  return ways;
}

/** As people write it; it is stored, and edited, as E.164. */
export const phoneOf = (contact) => contact.phone_display ?? contact.phone;

/** A link that goes one of the ways. */
export function wayLink(id, way, ...content) {
  const props = { href: way.href, onclick: () => noteAfter(id, way) };
  if (way.blank) Object.assign(props, { target: "_blank", rel: "noopener" });
  return el("a", props, ...content);
}

/** Goes one of the ways: for a menu, whose items are no links. */
export function go(id, way) {
  const link = wayLink(id, way);
  document.body.append(link);
  link.click();
  link.remove();
}

/** What was said is to be noted while it is fresh. */
function noteAfter(id, { said }) {
  if (has("note what was said")) run("note what was said", id, said);
}
