// What is not needed to see the table comes when it is first needed, or, so that nobody
// waits for it then, when the pointer or a key first moves.

const parts = {
  panel: () => import("./panel.js"),
  add: () => import("./add.js"),
  remove: () => import("./delete.js"),
  edit: () => import("./edit.js"),
};

export const openPanel = async (...given) => (await parts.panel()).open(...given);
export const openAdd = async () => (await parts.add()).openAdd();
export const askToDelete = async (...given) => (await parts.remove()).askToDelete(...given);
export const edit = async (...given) => (await parts.edit()).edit(...given);

const fetchAll = () => Object.values(parts).map((part) => part());
for (const sign of ["pointermove", "keydown", "touchstart"]) {
  addEventListener(sign, fetchAll, { once: true, passive: true });
}
