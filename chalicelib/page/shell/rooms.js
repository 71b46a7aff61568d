// What is not needed to see the table comes when it is first needed, or, so that nobody
// waits for it then, when the pointer or a key first moves.

import { define } from "../core/commands.js";
import { el } from "../kit/dom.js";
import { toast } from "../kit/toast.js";

const FORMS = "kit/forms.css";
const PANEL = [FORMS, "panel/panel.css", "panel/talks.css"];
const DIALOGS = "dialogs/dialogs.css";

const LEAVING = {
  "come in again": "expired",
  "tell of signing out": "leftElsewhere",
  "sign out": "signOut",
};
const MOVES = {
  "show settings": "changed",
  "go to workspace": "goTo",
  "leave workspace": "left",
  "lose workspace": "lost",
  "refuse workspace": "notMine",
  "be invited": "invited",
};

// A room: its module, its style sheets, and the commands that its verbs answer to.
const ROOMS = [
  [() => import("../panel/panel.js"), PANEL, { "open contact": "open", "close contact": "close" }],
  [() => import("../panel/notes.js"), PANEL, { "note what was said": "prompt" }],
  [() => import("../dialogs/add.js"), [FORMS, DIALOGS], { "add contact": "openAdd" }],
  [() => import("../dialogs/edit.js"), [FORMS, DIALOGS], { "edit contact": "openEdit" }],
  [() => import("../dialogs/delete.js"), [FORMS, DIALOGS], { "delete contact": "askToDelete" }],
  [() => import("./doing.js"), [FORMS, DIALOGS], { "open palette": "open" }],
  [() => import("../dialogs/keys.js"), [FORMS, DIALOGS], { "show keys": "openKeys" }],
  [() => import("./moves.js"), [], MOVES],
  [() => import("../core/drafts.js"), [], { "forget drafts": "forget" }],
  [() => import("../core/typed.js"), [], { "keep what is typed": "keep", "bring back": "bringBack" }],
  [() => import("../core/members.js"), [], { "look for names": "lookFor" }],
  [() => import("../table/fresh.js"), [], { "follow changes": "begin", "look for changes": "look" }],
  [() => import("../table/headings.js"), [], { "go to heading": "focus" }],
  [() => import("../table/status.js"), [], { "choose status": "openStatusMenu" }],
  [() => import("../table/edit.js"), [FORMS, "table/edit.css"], { "edit cell": "edit" }],
  [
    () => import("../table/choices.js"),
    [FORMS],
    {
      "choose columns": "openColumns",
      "choose filter": "openFilter",
      "choose workspace": "openWorkspaces",
      "choose action": "openActions",
      "choose theme": "openThemes",
      "choose account": "openAccount",
    },
  ],
  [
    () => import("../settings/settings.js"),
    [FORMS, "settings/settings.css", "settings/people.css"],
    { "open settings": "open" },
  ],
  [
    () => import("../settings/create.js"),
    [FORMS, "settings/settings.css"],
    { "create workspace": "create" },
  ],
  [() => import("../entry/coming.js"), [], { "come in": "comeIn" }],
  [() => import("../entry/leaving.js"), [], LEAVING],
  [() => import("../entry/signin.js"), [FORMS, "entry/entry.css"], { "sign in": "show" }],
  [
    () => import("../entry/ways.js"),
    [FORMS, "entry/entry.css"],
    { "come in by provider": "comeIn", "ask to sign in": "ask", "leave the provider": "signOut" },
    "when it is asked for", // with its library it is as large as all the others
  ],
  [
    () => import("../entry/first.js"),
    [FORMS, "settings/settings.css", "entry/entry.css"],
    { "first run": "show" },
  ],
  [
    () => import("../entry/invitations.js"),
    [FORMS, "entry/entry.css"],
    { "show invitations": "open", "follow invitation": "follow", "tell of invitations": "tell" },
  ],
];
const styles = new Map(); // file -> the promise of it
const here = new Map(); // module -> its verbs, once it has come with its styles

for (const [module, files, verbs] of ROOMS) {
  for (const [name, verb] of Object.entries(verbs)) define(name, use(module, files, verb));
}

async function fetchRoom(module, files) {
  const [found] = await Promise.all([module(), ...files.map(style)]);
  here.set(module, found);
}

/** What is here acts before this returns: the next key may be meant for what it opens. */
function use(module, files, verb) {
  return async (...given) => {
    try {
      if (!here.has(module)) await fetchRoom(module, files);
    } catch {
      // Offline, or the server has a newer build than this tab.
      const action = { label: "Reload", run: () => location.reload() };
      return toast("This part of the page could not be fetched.", { error: {}, action });
    }
    return here.get(module)[verb](...given);
  };
}

function style(file) {
  if (!styles.has(file)) {
    const link = el("link", { rel: "stylesheet", href: new URL(`../${file}`, import.meta.url) });
    document.head.append(link);
    const come = (onload) => Object.assign(link, { onload, onerror: onload });
    styles.set(file, new Promise(come));
  }
  return styles.get(file);
}

const fetchAll = () =>
  ROOMS.forEach(([module, files, , later]) => later || fetchRoom(module, files).catch(() => {}));
for (const sign of ["pointermove", "keydown", "touchstart"]) {
  addEventListener(sign, fetchAll, { once: true, passive: true });
}
