// Days, as they are written in a sentence.

const written = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" });

/** "8 December 2026", of a moment or of a day. */
export const dayOf = (time) => written.format(new Date(time));
