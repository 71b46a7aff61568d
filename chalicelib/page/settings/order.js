// The order of statuses: moved by their buttons, by Alt and an arrow, or dragged by the
// handle. The focus stays where it is, and the new place is said.

const STEPS = { ArrowUp: -1, ArrowDown: 1 };

/** `list` has one <li> per status; `moved(item)` is called with each one that was. */
export function reorder(list, moved) {
  let dragged = null;

  list.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-step]");
    if (button) step(list, button.closest("li"), Number(button.dataset.step), moved);
  });
  list.addEventListener("keydown", (event) => {
    if (!event.altKey || !STEPS[event.key] || event.target.closest(".below")) return;
    event.preventDefault();
    step(list, event.target.closest("li"), STEPS[event.key], moved);
  });
  list.addEventListener("pointerdown", (event) => {
    if (!event.target.closest(".handle") || event.button !== 0) return;
    event.preventDefault();
    dragged = event.target.closest("li");
    dragged.classList.add("dragged");
    list.setPointerCapture(event.pointerId); // the list's: an item loses it when it moves
  });
  list.addEventListener("pointermove", ({ clientY }) => dragged && drag(list, dragged, clientY));
  for (const end of ["pointerup", "pointercancel"]) {
    list.addEventListener(end, () => {
      dragged?.classList.remove("dragged");
      if (dragged) moved(dragged);
      dragged = null;
    });
  }
}

/** An item that is taken out of the page for a moment loses the focus: it gets it back. */
function step(list, item, by, moved) {
  const focused = document.activeElement;
  const to = by < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (to) list.insertBefore(item, by < 0 ? to : to.nextElementSibling);
  focused.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
  moved(item);
}

/** Over the middle of another one, it takes that one's place. */
function drag(list, item, y) {
  const middle = (one) => {
    const { top, height } = one.getBoundingClientRect();
    return top + height / 2;
  };
  const others = [...list.children].filter((one) => one !== item);
  const next = others.find((one) => y < middle(one)) ?? null;
  if (next === item.nextElementSibling) return;
  list.insertBefore(item, next);
  item.scrollIntoView({ block: "nearest" });
}
