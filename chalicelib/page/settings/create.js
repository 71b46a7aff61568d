// A new workspace: its name, and the short name that stands in links and addresses,
// proposed from the name until somebody writes his own.

import * as api from "../core/api.js";
import * as dialog from "../kit/dialog.js";
import { $, el } from "../kit/dom.js";
import { run } from "../core/commands.js";
import { watch } from "../core/typed.js";
import { accept, field, form, missing, refuse } from "./parts.js";
import { spelled } from "./spelling.js";
import { toast } from "../kit/toast.js";

const LABELS = { name: "Name", slug: "Short name" };
const WHY_SLUG = "Stands in links to the workspace, and stays. Small letters, digits and dashes.";
const LONGEST = 40; // signs of a slug

export function create() {
  if (dialog.isOpen()) return;
  const cancel = el("button", { type: "button", className: "button", onclick: dialog.leave }, "Cancel");
  const made = (found) => {
    dialog.close();
    go(found);
  };
  const node = workspaceForm(made, cancel);
  const dirty = () => Boolean($("[name=name]", node).value.trim());
  dialog.show("New workspace", "dialog", node, { dirty });
  $("[name=name]", node).focus();
}

/** Opens what was made: whoever makes a workspace owns it. */
export function go({ id, slug, name }) {
  const detail = { id, slug, name, role: "owner" };
  run("go to workspace", detail);
  toast(`${name} was created.`);
}

/** The form of both the dialog and the first screen; `made(workspace)` is called. */
export function workspaceForm(made, ...buttons) {
  const props = { autocomplete: "off", required: true };
  const name = el("input", { ...props, name: "name", maxLength: 100, dir: "auto" });
  const slug = el("input", { ...props, name: "slug", maxLength: LONGEST, spellcheck: false });
  slug.autocapitalize = "none";
  let own = false;
  slug.addEventListener("input", () => (own = slug.value !== ""));
  name.addEventListener("input", () => {
    if (!own) slug.value = spelled(name.value, "-", LONGEST);
  });
  const node = form(
    "fields",
    () => submit(node, name, slug, made),
    field("Name", name),
    field("Short name", slug, WHY_SLUG),
    el("div", { className: "fault whole", role: "alert" }),
    el("div", { className: "buttons" }, ...buttons, el("button", { type: "submit", className: "primary" }, "Create workspace")),
  );
  watch(node, () => Boolean(name.value.trim()));
  return node;
}

async function submit(node, name, slug, made) {
  if (missing(node, { name: "Enter a name.", slug: "Enter a short name." })) return;
  try {
    const body = { name: name.value.trim(), slug: slug.value.trim() };
    const { workspace } = await api.post("workspaces", body);
    accept(node);
    made(workspace);
  } catch (problem) {
    refuse(node, problem, LABELS);
  }
}
