// The members of the workspace, as those whom something can be assigned to.

import { all, path } from "../core/api.js";
import { workspace } from "../core/workspace.js";

/** Asked for once, when they are first needed; again when they did not come. */
export function team() {
  let coming = null;
  const ask = async () => {
    const members = await all(path("workspaces", workspace().id, "members"), "members");
    return members.map((one) => ({ user: one.user_id, label: one.name ?? one.user_id }));
  };
  return () => (coming ??= ask().catch((problem) => {
    coming = null;
    throw problem;
  }));
}
