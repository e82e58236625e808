/** The kind of a text with references. */
export const REPEAT_KIND = "repeat";
/** The kind of a text of which only the changes since an earlier one are shown, which was shortened itself. */
export const CHANGES_KIND = "changes";
