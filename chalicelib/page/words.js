// Words: how counts, names and differences are told.

const list = new Intl.ListFormat("en-GB");

export const nameOf = (contact) =>
  contact.name ?? contact.phone ?? contact.email ?? "Contact without a name";

export const counted = (number, one, many = `${one}s`) =>
  `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

/** "2 conversations, 14 messages and 3 notes"; empty when there is nothing. */
export function together({ conversations, messages, notes }) {
  const parts = [
    conversations && counted(conversations, "conversation"),
    messages && counted(messages, "message"),
    notes && counted(notes, "note"),
  ];
  return list.format(parts.filter(Boolean));
}

export const belongingsOf = (contact) => ({
  conversations: contact.conversation_count,
  messages: contact.message_count,
  notes: contact.note_count,
});

const LABELS = {
  name: "Name",
  phone: "Phone",
  email: "E-mail",
  lead_status: "Status",
  lead_score: "Score",
  tags: "Tags",
  assigned_to: "Assigned to",
  source: "Source",
};

/** What a person has changed meanwhile: "E-mail is now a@b.org and Score is now 50". */
export function difference(before, after, labelOf) {
  const parts = Object.keys(LABELS)
    .filter((field) => String(before[field] ?? "") !== String(after[field] ?? ""))
    .map((field) => `${LABELS[field]} is now ${shown(field, after[field], labelOf)}`);
  return list.format(parts);
}

function shown(field, value, labelOf) {
  if (field === "lead_status") return labelOf(value);
  return (Array.isArray(value) ? value.join(", ") : String(value ?? "")) || "empty";
}
