// The order of the list, as far as it was brought: ids, and the pages that brought them.
// What a contact is, the store knows; of one that it has let go only the id is left here,
// and of a page that was only remembered, not even that (null).

let ids = [];
let pages = []; // {cursor: what brings it, count}
const known = new Set();

export const count = () => ids.length;
export const at = (index) => ids[index];
export const has = (id) => known.has(id);
export const indexOf = (id) => (known.has(id) ? ids.indexOf(id) : -1);

export function clear() {
  ids = [];
  pages = [];
  known.clear();
}

/** A page that came; what is listed already, for it was added on top, is not again. */
export function append(cursor, found) {
  const fresh = found.filter((id) => !known.has(id));
  fresh.forEach((id) => known.add(id));
  ids.push(...fresh);
  pages.push({ cursor, count: fresh.length });
}

/** Puts a contact where its id belongs, newest first; false: beyond what was brought. */
export function insert(id, ended) {
  if (known.has(id)) return false;
  const found = ids.findIndex((other) => other !== null && other < id);
  if (found < 0 && !ended) return false;
  const index = found < 0 ? ids.length : found;
  if (pages.length === 0) pages.push({ cursor: null, count: 0 });
  pageOf(Math.min(index, Math.max(ids.length - 1, 0))).page.count++;
  ids.splice(index, 0, id);
  known.add(id);
  return true;
}

/** Says where it stood; -1 if it did not. */
export function remove(id) {
  const index = indexOf(id);
  if (index < 0) return -1;
  pageOf(index).page.count--;
  ids.splice(index, 1);
  known.delete(id);
  return index;
}

/** The page that an index lies in: {number, page, start}. */
export function pageOf(index) {
  let start = 0;
  for (const [number, page] of pages.entries()) {
    if (index < start + page.count || number === pages.length - 1) return { number, page, start };
    start += page.count;
  }
  throw new RangeError(`No page has the row ${index}.`);
}

/** A page that came once more; what other pages have stays theirs. */
export function refill(number, found) {
  const start = pages.slice(0, number).reduce((sum, { count: size }) => sum + size, 0);
  const page = pages[number];
  const before = ids.slice(start, start + page.count);
  before.forEach((id) => known.delete(id));
  const fresh = found.filter((id) => !known.has(id));
  fresh.forEach((id) => known.add(id));
  ids.splice(start, page.count, ...fresh);
  page.count = fresh.length;
}

/** The pages without their ids: enough to fetch any of them again. */
export const outline = () => pages.map(({ cursor, count: size }) => [cursor, size]);

/** Pages that are only remembered, behind those that came. */
export function recall(remembered) {
  for (const [cursor, size] of remembered) {
    pages.push({ cursor, count: size });
    ids = ids.concat(Array(size).fill(null));
  }
}
