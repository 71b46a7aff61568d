// Days, as they are written in a sentence.

const here = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" });
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

/** "8 December 2026": of a moment, as it is here; of a day, that day. */
export const dayOf = (time) => (time.length === 10 ? day : here).format(new Date(time));
