// When a message came: a line before each day, and the time of day beside it.

import { el } from "../kit/dom.js";

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "short" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "medium" });
const DAY = { weekday: "long", day: "numeric", month: "long" };
const thisYear = new Intl.DateTimeFormat("en-GB", DAY);
const otherYear = new Intl.DateTimeFormat("en-GB", { ...DAY, year: "numeric" });

/** No <time>: those of the page tell how long ago it was (kit/time.js). */
export function clockNode(time) {
  const then = new Date(time);
  return el("span", { title: exact.format(then) }, clock.format(then));
}

/** Puts a line before the first item of each day. Items carry their `data-at`. */
export function separate(list) {
  list.querySelectorAll(".day").forEach((line) => line.remove());
  let before = null;
  for (const item of [...list.children]) {
    const day = dayOf(new Date(item.dataset.at));
    if (day !== before) item.before(el("li", { className: "day" }, day));
    before = day;
  }
}

function dayOf(then, now = new Date()) {
  const ago = Math.round((midnight(now) - midnight(then)) / 86_400_000);
  if (ago === 0) return "Today";
  if (ago === 1) return "Yesterday";
  const year = then.getFullYear() === now.getFullYear() ? thisYear : otherYear;
  return year.format(then);
}

const midnight = (time) => new Date(time).setHours(0, 0, 0, 0);
