// Words: how counts and names are told.

export const nameOf = (contact) =>
  contact.name ?? contact.phone ?? contact.email ?? "Contact without a name";

export const counted = (number, one, many = `${one}s`) =>
  `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
