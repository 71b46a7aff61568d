// What can be asked for from anywhere, by name. Who asks does not import who does it: so
// no room needs one above it, and what it asks for is fetched when it is first used.

const known = new Map(); // name -> what does it

export const define = (name, act) => known.set(name, act);

export const has = (name) => known.has(name);

/** Does what was defined under that name; what it gives back is a promise. */
export function run(name, ...given) {
  if (!known.has(name)) throw new TypeError(`Nobody knows how to ${name}.`);
  return known.get(name)(...given);
}
