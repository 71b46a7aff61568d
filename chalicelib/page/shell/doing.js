// What the command palette can do, beside going to a contact.

import * as address from "../core/address.js";
import { run } from "../core/commands.js";
import { mayWrite } from "../core/workspace.js";
import * as palette from "../dialogs/palette.js";
import { $ } from "../kit/dom.js";
import { counted } from "../kit/words.js";
import { idOfRow } from "../table/rows.js";
import { THEMES } from "../table/choices.js";

/** `shell`: {me(), signOut(), go(workspace)}. */
export function open({ me, go, signOut }) {
  const actions = [
    { label: "Choose columns", run: () => run("choose columns", $("#columns")) },
    ...Object.entries(THEMES).map(([name, label]) => {
      return { label: `Theme: ${label.toLowerCase()}`, run: () => window.setTheme(name) };
    }),
    { label: "Settings", run: () => run("open settings") },
    { label: "Members", run: () => run("open settings", "members") },
    { label: "Tokens", run: () => run("open settings", "tokens") },
    { label: "New workspace", run: () => run("create workspace") },
    { label: "Keys", hint: "?", run: () => run("show keys") },
    { label: "Sign out", run: signOut },
  ];
  const waiting = me().invitations?.length ?? 0;
  const show = { label: counted(waiting, "invitation"), run: () => run("show invitations", me()) };
  if (waiting) actions.unshift(show);
  if (mayWrite()) actions.unshift({ label: "Add contact", hint: "n", run: () => run("add contact") });
  const contact = address.noted().contact || idOfRow(document.activeElement) || null;
  palette.open({ workspaces: me().workspaces, go, actions, contact });
}
