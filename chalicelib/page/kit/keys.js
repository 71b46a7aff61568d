// Keys, as a person means them.

/** Enter that ends a composition (Japanese, Chinese, an accent) is not meant for us; 229
 *  is what Safari says, whose composition has ended by then. */
export const composing = (event) => event.isComposing || event.keyCode === 229;

export const entered = (event) => event.key === "Enter" && !composing(event);
