// The colours of statuses: some that are easily told apart, and how near two come.

import { el } from "../kit/dom.js";
import { leave } from "./parts.js";

const PALETTE = [
  ["Blue", "#2b50c6"],
  ["Orchid", "#cb76dc"],
  ["Cyan", "#40dfe6"],
  ["Amber", "#f5c747"],
  ["Green", "#37ad2b"],
  ["Grey", "#7e7e80"],
  ["Red", "#b31220"],
  ["Pink", "#f472b6"],
  ["Orange", "#f97316"],
  ["Lime", "#bef264"],
  ["Navy", "#172554"],
  ["Brown", "#78350f"],
  ["Teal", "#0f766e"],
  ["Sky", "#60a5fa"],
];
const NEAR = 0.08; // in Oklab: those of the palette are further apart

/** Of the palette, the one that is furthest from those that are used. */
export function unused(used) {
  const apart = ([, color]) => Math.min(Infinity, ...used.map((one) => distance(color, one)));
  const [first, ...rest] = PALETTE;
  return rest.reduce((best, one) => (apart(one) > apart(best) ? one : best), first)[1];
}

export const looksLike = (color, other) => distance(color, other) < NEAR;

function distance(one, other) {
  const [from, to] = [oklab(one), oklab(other)];
  return Math.hypot(...from.map((part, at) => part - to[at]));
}

/** Oklab, where equal distances look equal (bottosson.github.io/posts/oklab). */
function oklab(color) {
  const [r, g, b] = [1, 3, 5].map((at) => linear(parseInt(color.slice(at, at + 2), 16) / 255));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);

/** The palette, and any other colour; `pick` is called with each one that is chosen. */
export function picker(label, now, pick, close) {
  const choose = (color) => {
    other.value = color;
    for (const one of swatches) one.setAttribute("aria-pressed", one.value === color);
    pick(color);
  };
  const swatches = PALETTE.map(([name, color]) => swatch(name, color, () => choose(color)));
  const other = el("input", { type: "color", value: now, "aria-label": "Another colour" });
  other.addEventListener("input", () => choose(other.value));
  const rest = el("label", { className: "other" }, other, el("span", {}, "Another colour"));
  const node = el("div", { className: "swatches", role: "group", "aria-label": label }, ...swatches, rest);
  node.addEventListener("keydown", (event) => leave(event, close));
  for (const one of swatches) one.setAttribute("aria-pressed", one.value === now);
  return node;
}

function swatch(name, color, onclick) {
  const props = { type: "button", className: "swatch", value: color, title: name, onclick };
  const node = el("button", { ...props, "aria-label": name });
  node.style.setProperty("--c", color);
  return node;
}
