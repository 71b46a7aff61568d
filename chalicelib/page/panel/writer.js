// Where a note or a message is written: Enter makes a new line, Ctrl+Enter saves. What was
// typed stays until it is saved or given up, here and as a draft (core/drafts.js).

import { $, el } from "../kit/dom.js";
import { requestId } from "../kit/toast.js";

const APPLE = /Mac|iP/.test(navigator.platform);
const SAVES = `${APPLE ? "⌘ Enter" : "Ctrl+Enter"} saves`;
const FIELD = /^content\b/; // the server names the field, a person the thing

let forms = 0;

/** A form for one text, with the draft of its place.
 *  `words`: `what` it is ("note"), `label` of the button, `prompt` in the empty area,
 *  `hint`, the `text` to begin with, and `kept`, what to say of a draft.
 *  `deeds`: `send(text)` may refuse; `saved(answer)` follows when the draft is gone;
 *  `cancel`, if there is one, leaves; `more()`, what the draft has beside its text.
 *  `beside`: nodes of more choices. */
export function writer(draft, words, deeds, beside = []) {
  const kept = draft.read();
  const form = build({ text: "", ...words }, kept, beside);
  const pad = { form, area: $("textarea", form), fault: $(".fault", form), draft, deeds };
  pad.text = words.text ?? "";
  const stop = { type: "button", className: "link", onclick: () => leave(pad) };
  if (deeds.cancel) $("[type=submit]", form).before(el("button", stop, "Cancel"));
  $(".kept button", form)?.addEventListener("click", () => discard(pad));
  // Once opened it stays so: what lies below must not jump away from under a click.
  form.addEventListener("focusin", () => form.classList.add("begun"));
  form.addEventListener("input", () => remember(pad));
  form.addEventListener("keydown", (event) => keys(pad, event));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(pad);
  });
  return form;
}

function build({ what, label, prompt, hint, text, kept: said }, kept, beside) {
  const name = `${what}-${++forms}`;
  const [fault, told] = [`${name}-fault`, `${name}-hint`];
  const area = el("textarea", { rows: 2, dir: "auto", placeholder: prompt });
  area.value = kept?.text ?? text;
  area.setAttribute("aria-label", what[0].toUpperCase() + what.slice(1));
  area.setAttribute("aria-describedby", `${kept ? `${name}-kept ` : ""}${told} ${fault}`);
  const keys = el("span", { className: "keys" }, hint ? ` · ${SAVES}` : SAVES);
  const drop = el("button", { type: "button", className: "link" }, "Discard");
  return el(
    "form",
    { className: kept ? "pad begun" : "pad" },
    area,
    kept && el("p", { className: "kept", id: `${name}-kept` }, `${said ?? "Draft kept"} `, drop),
    el("div", { className: "fault", id: fault, role: "alert" }),
    el(
      "div",
      { className: "pad-foot" },
      ...beside,
      el("span", { className: "hint", id: told }, hint ?? "", keys),
      el("button", { type: "submit", className: "button" }, label),
    ),
  );
}

function remember({ area, text, draft, deeds }) {
  if (area.value === text) draft.drop();
  else draft.keep(area.value, deeds.more?.());
}

function discard(pad) {
  begin(pad, pad.text);
  pad.draft.drop();
  pad.area.focus();
}

function begin({ form, area, fault }, text) {
  area.value = text;
  area.removeAttribute("aria-invalid");
  fault.replaceChildren();
  $(".kept", form)?.remove();
}

function leave({ draft, deeds }) {
  draft.drop();
  deeds.cancel();
}

function keys(pad, event) {
  const { key, ctrlKey, metaKey } = event;
  if (event.isComposing) return event.stopPropagation(); // the key is the input method's
  if (key === "Enter" && (ctrlKey || metaKey)) pad.form.requestSubmit();
  // An edit without a change is left; else Esc closes the panel, and the draft is kept.
  if (key !== "Escape" || !pad.deeds.cancel || pad.area.value !== pad.text) return;
  event.stopPropagation();
  leave(pad);
}

async function submit(pad) {
  const { form, area, fault, draft, deeds } = pad;
  if (area.readOnly) return; // it is on its way already
  if (area.value.trim() === "") return area.focus();
  area.readOnly = true;
  fault.replaceChildren();
  try {
    const answer = await deeds.send(area.value);
    draft.drop();
    const within = form.contains(document.activeElement);
    begin(pad, "");
    deeds.saved(answer);
    if (within && form.isConnected) area.focus();
  } catch (problem) {
    refuse(pad, problem);
  }
  area.readOnly = false;
}

function refuse({ form, area, fault }, problem) {
  const sentence = problem.errors?.[0]?.message ?? problem.message;
  area.setAttribute("aria-invalid", "true");
  fault.append(sentence.replace(FIELD, area.ariaLabel));
  if (problem.status >= 500) fault.append(requestId(problem) ?? "");
  if (form.contains(document.activeElement)) area.focus();
}
