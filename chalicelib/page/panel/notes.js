// The notes of a contact, in the panel: read, add, edit, delete.

import * as api from "../core/api.js";
import { run } from "../core/commands.js";
import * as drafts from "../core/drafts.js";
import { nameNode } from "../core/people.js";
import { refresh } from "../core/saving.js";
import { contactPath, mayWrite } from "../core/workspace.js";
import { $, el, iconButton } from "../kit/dom.js";
import { pager } from "../kit/pager.js";
import { timeNode } from "../kit/time.js";
import { report } from "../kit/toast.js";
import { sent } from "./sent.js";
import { writer } from "./writer.js";

let open = { id: null, form: null }; // whose notes are shown, and where one is added

export function notesOf(id) {
  const notes = pager({
    ask: async (cursor) => {
      const { notes: items, ...rest } = await api.get(contactPath(id, "notes"), { cursor });
      return { items, ...rest };
    },
    render: (note) => render(id, note, notes),
    empty: "No notes yet.",
    more: "Older notes",
  });
  open = { id, form: mayWrite() ? addForm(id, notes) : null };
  return [...(open.form ? [open.form] : []), ...notes.nodes];
}

/** Opens the note writer of a contact with a first line, such as "Called: ", and leaves
 *  the rest to be typed. What is in it already stays, above. */
export async function prompt(id, text) {
  if (!shows(id)) await run("open contact", id);
  if (!shows(id) || !open.form) return;
  const area = $("textarea", open.form);
  if (!area.value.endsWith(text)) area.value += (area.value && "\n") + text;
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
}

const shows = (id) => open.id === id && (open.form?.isConnected ?? false);

function addForm(id, notes) {
  const words = {
    what: "note",
    label: "Add note",
    prompt: "Write a note…",
  };
  return writer(drafts.draft(id, "note"), words, {
    send: (content) => sent(id, () => api.post(contactPath(id, "notes"), { content })),
    saved: ({ note }) => {
      notes.put(note);
      recount(id);
    },
  });
}

const place = (id, note) => drafts.draft(id, "note", note.id);

function render(id, note, notes) {
  const item = el("li", { className: "note-item", data: { noteId: note.id } });
  if (mayWrite() && place(id, note).read()) rewrite(id, note, item, notes);
  else item.append(...read(id, note, item, notes));
  return item;
}

function read(id, note, item, notes) {
  const by = el("span", { className: "by" });
  by.append(nameNode(note.created_by), " · ", timeNode(note.created_at));
  if (note.updated_at !== note.created_at) by.append(" · edited");
  const head = el("div", { className: "note-head" }, by);
  if (mayWrite()) {
    const edit = () => $("textarea", rewrite(id, note, item, notes)).focus();
    head.append(
      iconButton("edit", "Edit this note", edit, "quiet tiny"),
      iconButton("trash", "Delete this note", () => sure(id, note, item, notes), "quiet tiny"),
    );
  }
  return [head, el("p", { className: "content", dir: "auto" }, note.content)];
}

function rewrite(id, note, item, notes) {
  const draft = place(id, note);
  const back = (shown) => {
    const within = item.contains(document.activeElement);
    const fresh = notes.put(shown);
    if (within) $("button", fresh).focus();
  };
  const stale = (draft.read()?.base ?? note.updated_at) !== note.updated_at;
  const kept = stale ? "Draft kept; the note has been changed since." : "Draft kept";
  const words = { what: "note", label: "Save", prompt: "" };
  const form = writer(draft, { ...words, text: note.content, kept }, {
    send: (content) =>
      sent(id, () => api.patch(contactPath(id, "notes", note.id), { content })),
    saved: (answer) => back(answer.note),
    cancel: () => back(note),
    more: () => ({ base: note.updated_at }),
  });
  item.replaceChildren(form);
  return form;
}

/** Asked where it stands: a dialog for one note would be more than the note. */
function sure(id, note, item, notes) {
  const keep = () => {
    question.remove();
    $("[aria-label^=Delete]", item).focus();
  };
  const fault = el("span", { className: "fault", role: "alert" });
  const go = () => {
    fault.textContent = "";
    remove(id, note, notes).catch((problem) => (fault.textContent = problem.message));
  };
  const yes = el("button", { type: "button", className: "link danger", onclick: go }, "Delete");
  const no = el("button", { type: "button", className: "link", onclick: keep }, "Keep");
  const question = el("p", { className: "sure", role: "group" }, "Delete this note? ", yes, no, fault);
  question.setAttribute("aria-label", "Delete this note?");
  question.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    keep();
  });
  $(".sure", item)?.remove();
  item.append(question);
  no.focus();
}

/** Gone already is as good as gone. */
async function remove(id, note, notes) {
  try {
    await sent(id, () => api.remove(contactPath(id, "notes", note.id)));
  } catch (problem) {
    if (problem.code !== "note_not_found") throw problem;
  }
  place(id, note).drop();
  const item = $(`[data-note-id="${note.id}"]`, notes.list);
  const next = item?.nextElementSibling ?? item?.previousElementSibling;
  const within = item?.contains(document.activeElement);
  notes.drop(note.id);
  if (within) (next ? $("button", next) : $("textarea", open.form))?.focus();
  recount(id);
}

const recount = (id) => refresh(id).catch(report);
