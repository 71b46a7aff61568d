// Time: relative to read, exact on hover.

const STEPS = [
  ["year", 31557600],
  ["month", 2629800],
  ["week", 604800],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "medium" });

export function ago(time, now = Date.now()) {
  const seconds = (Date.parse(time) - now) / 1000;
  const step = STEPS.find(([, length]) => Math.abs(seconds) >= length);
  return step ? relative.format(Math.trunc(seconds / step[1]), step[0]) : "just now";
}

/** Fills a <time>; an unchanged one is left alone, so that nothing is painted twice. */
export function show(node, time) {
  if (node.dateTime !== time) {
    node.dateTime = time;
    node.title = exact.format(new Date(time));
  }
  const text = ago(time);
  if (node.textContent !== text) node.textContent = text;
  return node;
}

export const timeNode = (time) => show(document.createElement("time"), time);

setInterval(() => {
  for (const node of document.querySelectorAll("time")) show(node, node.dateTime);
}, 60_000);
