// Words: how counts and names are told.

export const nameOf = (contact) =>
  contact.name ?? contact.phone ?? contact.email ?? "Contact without a name";

export const counted = (number, one) =>
  `${number.toLocaleString("en")} ${one}${number === 1 ? "" : "s"}`;
