// From a name to what a machine calls it: the key of a status, the short name of a
// workspace. Both are made once, and stay.

/** The letters a to z and the digits of a text; whatever stands between them is one
 *  `joint`. Empty for a script that has none of them. */
export function spelled(text, joint, most) {
  const plain = text.toLowerCase().replaceAll("ß", "ss").normalize("NFKD");
  const words = plain.replace(/\p{M}/gu, "").match(/[a-z0-9]+/g) ?? [];
  const cut = words.join(joint).slice(0, most);
  return cut.endsWith(joint) ? cut.slice(0, -joint.length) : cut;
}

/** A status's key: of its label, and none that is taken. */
export function keyOf(label, taken) {
  const first = spelled(label, "_", 26) || "status";
  let key = first;
  for (let number = 2; taken.has(key); number++) key = `${first}_${number}`;
  return key;
}
