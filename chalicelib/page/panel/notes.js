// The notes of a contact, in the panel: read, add, edit, delete.

import * as api from "../core/api.js";
import { $, el, iconButton } from "../kit/dom.js";
import { pager } from "../kit/pager.js";
import { refresh } from "../core/saving.js";
import { timeNode } from "../kit/time.js";
import { report } from "../kit/toast.js";
import { contactPath, mayWrite } from "../core/workspace.js";

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
  const form = mayWrite() ? [addForm(id, notes)] : [];
  return [...form, ...notes.nodes];
}

function addForm(id, notes) {
  const save = async (content) => {
    const { note } = await api.post(contactPath(id, "notes"), { content });
    notes.list.prepend(render(id, note, notes));
    notes.tellEmpty();
    recount(id);
  };
  return writer("Add note", "", save);
}

function render(id, note, notes) {
  const by = el("span", { className: "by" }, note.created_by ?? "", " · ");
  by.append(timeNode(note.created_at));
  if (note.updated_at !== note.created_at) by.append(" · edited");
  const head = el("div", { className: "note-head" }, by);
  const item = el("li", { className: "note-item", data: { noteId: note.id } }, head);
  item.append(el("p", { className: "content" }, note.content));
  if (!mayWrite()) return item;
  head.append(
    iconButton("edit", "Edit this note", () => rewrite(id, note, item, notes), "quiet tiny"),
    iconButton("trash", "Delete this note", () => sure(id, note, item, notes), "quiet tiny"),
  );
  return item;
}

function rewrite(id, note, item, notes) {
  const back = (shown) => {
    const fresh = render(id, shown, notes);
    item.replaceWith(fresh);
    $("button", fresh).focus();
  };
  const save = async (content) => {
    const answer = await api.patch(contactPath(id, "notes", note.id), { content });
    back(answer.note);
  };
  const form = writer("Save", note.content, save, () => back(note));
  item.replaceChildren(form);
  $("textarea", form).focus();
}

/** Asked where it stands: a dialog for one note would be more than the note. */
function sure(id, note, item, notes) {
  const keep = () => {
    question.remove();
    $("button", item).focus();
  };
  const go = async () => {
    try {
      await api.remove(contactPath(id, "notes", note.id));
      item.remove();
      notes.tellEmpty();
      recount(id);
    } catch (problem) {
      report(problem);
    }
  };
  const yes = el("button", { type: "button", className: "link danger", onclick: go }, "Delete");
  const no = el("button", { type: "button", className: "link", onclick: keep }, "Keep");
  const question = el("p", { className: "sure" }, "Delete this note? ", yes, no);
  $(".sure", item)?.remove();
  item.append(question);
  no.focus();
}

function writer(label, content, save, cancel = null) {
  const props = { rows: 2, value: content, placeholder: "Write a note…" };
  const area = el("textarea", { ...props, "aria-label": "Note" });
  const button = el("button", { type: "submit", className: "button" }, label);
  const form = el("form", { className: "writer" }, area, el("div", {}, button));
  const fault = el("p", { className: "fault", role: "alert" });
  if (cancel) button.before(el("button", { type: "button", className: "link", onclick: cancel }, "Cancel"));
  form.append(fault);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    if (event.key !== "Escape" || !cancel) return;
    event.stopPropagation();
    cancel();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled || area.value.trim() === "") return;
    button.disabled = true;
    fault.textContent = "";
    try {
      await save(area.value);
      area.value = "";
    } catch (problem) {
      fault.textContent = problem.message;
    }
    button.disabled = false;
  });
  return form;
}

const recount = (id) => refresh(id).catch(report);
