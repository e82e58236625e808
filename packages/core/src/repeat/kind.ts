/** The kind of a text with references. */
export const REPEAT_KIND = "repeat";
