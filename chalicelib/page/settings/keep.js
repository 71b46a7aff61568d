// Settings are saved on the version that was seen, and the whole page is told of them.

import * as api from "../core/api.js";
import { run } from "../core/commands.js";
import { enter, workspace } from "../core/workspace.js";

const TRIES = 4; // somebody else may be quicker, again and again

export const mayManage = () => ["admin", "owner"].includes(workspace().role);
export const place = (...more) => api.path("workspaces", workspace().id, ...more);

/** The workspace as it is stored now. */
export async function fresh() {
  return tell((await api.get(place())).workspace);
}

/** Saves the fields that `change(now)` makes of the workspace. What somebody else has
 *  changed meanwhile stops it only if it `contradicts(seen, now)`; then the problem
 *  carries the workspace as it is now. */
export async function save(seen, change, contradicts = () => false) {
  for (let tries = 1; ; tries++) {
    try {
      const where = api.path("workspaces", seen.id);
      const { workspace: found } = await api.patch(where, change(seen), seen.version);
      return tell(found);
    } catch (problem) {
      if (problem.status !== 412 || !problem.current) throw problem;
      tell(problem.current);
      if (tries === TRIES || contradicts(seen, problem.current)) throw problem;
      seen = problem.current;
    }
  }
}

/** The page shows what is stored; `role` is what we may do there. */
export function tell(found, role = workspace().role) {
  const detail = { ...found, role };
  enter(detail); // at once; what is seen of it follows
  run("show settings", detail);
  return found;
}
