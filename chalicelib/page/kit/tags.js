// A text of several: <tags-input>, each of them a chip. It is spoken to like an input (name,
// value, readOnly, focus, select, aria-...), and its value is a list of texts.

import { el, icon } from "./dom.js";
import { entered } from "./keys.js";

const MOST = 20;
const LONGEST = 50;
const HELP = "Enter adds a tag, Backspace removes the last one, arrows go to those before.";
const length = (text) => [...text.normalize("NFC")].length;
let count = 0; // of those that were made: their texts need ids

/** Why these tags cannot have one more; empty when they can. */
function refusal(tags, tag) {
  const same = (one) => one.normalize("NFC") === tag.normalize("NFC");
  if (tags.some(same)) return `“${tag}” is already there.`;
  if (tags.length >= MOST) return `A contact has at most ${MOST} tags.`;
  const over = length(tag) > LONGEST;
  return over ? `A tag has at most ${LONGEST} characters; this one has ${length(tag)}.` : "";
}

/** What is wrong with a list of tags; empty when nothing is. */
export const wrongIn = (tags) =>
  tags.map((tag, place) => refusal(tags.slice(0, place), tag)).find(Boolean) ?? "";

class TagsInput extends HTMLElement {
  constructor() {
    super();
    const help = `tags-help-${++count}`;
    const props = { type: "text", autocomplete: "off", dir: "auto", "aria-describedby": help };
    this.list = el("ul", { className: "chips-in" });
    this.input = el("input", { ...props, enterKeyHint: "done" });
    this.said = el("p", { className: "fault said-by-tags", role: "alert" });
    this.help = el("span", { id: help, className: "unseen" }, HELP);
    this.addEventListener("keydown", this.#key);
    this.addEventListener("paste", this.#paste);
    this.addEventListener("click", this.#click);
    this.addEventListener("focusout", ({ relatedTarget }) => {
      if (!this.contains(relatedTarget)) this.#leave();
    });
    this.input.addEventListener("input", () => this.#say(""));
  }

  /** With what is typed and not yet a chip: whoever saves means that, too. */
  get value() {
    const draft = this.input.value.trim();
    return draft ? [...this.tags, draft] : this.tags;
  }

  set value(tags) {
    this.input.value = "";
    this.#say("");
    if (JSON.stringify(tags) !== JSON.stringify(this.tags)) {
      this.list.replaceChildren(...tags.map((tag) => this.#chip(tag)));
    }
  }

  get tags() {
    return [...this.list.children].map((chip) => chip.firstChild.textContent);
  }

  get id() {
    return this.input.id;
  }

  set id(id) {
    this.input.id = id;
  }

  get readOnly() {
    return this.input.readOnly;
  }

  set readOnly(is) {
    this.input.readOnly = is;
    for (const button of this.#buttons) button.disabled = is;
  }

  focus() {
    this.input.focus();
  }

  select() {
    this.input.select();
  }

  setAttribute(name, value) {
    if (!name.startsWith("aria-")) return super.setAttribute(name, value);
    if (name === "aria-describedby") value = `${value} ${this.help.id}`;
    return this.input.setAttribute(name, value);
  }

  getAttribute(name) {
    return name.startsWith("aria-") ? this.input.getAttribute(name) : super.getAttribute(name);
  }

  removeAttribute(name) {
    return name.startsWith("aria-") ? this.input.removeAttribute(name) : super.removeAttribute(name);
  }

  get #buttons() {
    return [...this.list.querySelectorAll("button")];
  }

  #chip(tag) {
    const label = `Remove ${tag}`;
    const remove = el("button", { type: "button", tabIndex: -1, "aria-label": label, title: label });
    remove.append(icon("close"));
    return el("li", { className: "chip" }, el("span", { dir: "auto" }, tag), remove);
  }

  /** Makes it a chip, or says why not and leaves it for correction. */
  #add(text) {
    const tag = text.trim();
    if (!tag) return true;
    const wrong = refusal(this.tags, tag);
    if (wrong) {
      this.input.value = tag;
      this.#say(wrong);
      return false;
    }
    this.list.append(this.#chip(tag));
    this.input.value = "";
    this.#changed();
    return true;
  }

  /** What cannot be one is told by whoever saves it then, not twice. */
  #leave() {
    this.#say("");
    if (!refusal(this.tags, this.input.value.trim())) this.#add(this.input.value);
  }

  #changed() {
    this.#say("");
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #say(sentence) {
    if (this.said.textContent !== sentence) this.said.textContent = sentence;
  }

  #remove(button) {
    const buttons = this.#buttons;
    const next = buttons[buttons.indexOf(button) + 1] ?? this.input;
    button.parentElement.remove();
    next.focus();
    this.#changed();
  }

  #click({ target }) {
    const button = target.closest("button");
    if (button) this.#remove(button);
    else this.input.focus();
  }

  /** One tag a line; a comma is a sign like any other. */
  #paste(event) {
    const lines = event.clipboardData.getData("text").split(/[\r\n]+/).filter((line) => line.trim());
    if (lines.length < 2 || this.readOnly) return;
    event.preventDefault();
    const left = lines.findIndex((line) => !this.#add(line));
    if (left >= 0 && left < lines.length - 1) {
      this.#say(`${this.said.textContent} ${lines.length - 1 - left} more were not taken over.`);
    }
  }

  #key(event) {
    if (this.readOnly) return;
    const handled = event.target === this.input ? this.#typed(event) : this.#onChip(event);
    if (!handled) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // whoever listens here, too, would save
  }

  #typed(event) {
    const { input } = this;
    const last = this.#buttons.at(-1);
    const atStart = input.selectionStart === 0 && input.selectionEnd === 0;
    if (entered(event) && input.value.trim()) this.#add(input.value);
    else if (event.key === "Backspace" && input.value === "" && last) this.#remove(last);
    else if (event.key === "ArrowLeft" && atStart && last) last.focus();
    else return false;
    return true;
  }

  #onChip({ key, target }) {
    const buttons = this.#buttons;
    const here = buttons.indexOf(target);
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: buttons.length }[key];
    if (to !== undefined) (to < 0 ? target : (buttons[to] ?? this.input)).focus();
    else if (key === "Backspace" || key === "Delete") this.#remove(target);
    else return false;
    return true;
  }
}

customElements.define("tags-input", TagsInput);

/** A chips editor that shows these tags. */
export function tagsInput({ name, ...props }, tags) {
  const node = el("tags-input", props);
  node.name = name;
  node.append(node.list, node.input, node.said, node.help);
  node.value = tags;
  return node;
}
