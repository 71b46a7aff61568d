// Where the person was in the list, for a reload of the page: which row was seen first, and
// the pages above it, by what brings them. In this tab only, and without a name of anybody.

const KEY = "contactbook.place";

export function keep(workspaceId, { status, q }, place) {
  sessionStorage.setItem(KEY, JSON.stringify({ of: [workspaceId, status, q], ...place }));
}

/** What was kept of this list; undefined if it was another. Only once. */
export function take(workspaceId, { status, q }) {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  sessionStorage.removeItem(KEY);
  return String(kept?.of) === String([workspaceId, status, q]) ? kept : undefined;
}
