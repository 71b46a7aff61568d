// A button that copies a text, and says whether it did.

import { el } from "./dom.js";

const SHOWN = 2000; // ms for which it says so

/** `text()` gives what is copied; `label` is what it is called besides "Copy", unless what
 *  it `says` tells it; `copied()` is called when it was. */
export function copyButton(text, label = "", { says = "Copy", copied } = {}) {
  const told = el("span", { className: "unseen", role: "status" });
  const button = el("button", { type: "button", className: "button" }, says);
  if (label) button.setAttribute("aria-label", `Copy ${label}`);
  button.addEventListener("click", async () => {
    let said = "Copied";
    try {
      await navigator.clipboard.writeText(text());
      copied?.();
    } catch {
      said = "Not copied";
    }
    button.textContent = told.textContent = said;
    setTimeout(() => {
      button.textContent = says;
      told.textContent = "";
    }, SHOWN);
  });
  return el("span", { className: "copying" }, button, told);
}
