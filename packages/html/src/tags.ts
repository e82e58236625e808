/** What the elements of HTML are, as far as text is concerned. */

/** The words of a list. */
export const words = (list: string): ReadonlySet<string> => new Set(list.split(" "));

/** Elements that have no content and no end tag. */
export const VOID: ReadonlySet<string> = words(
  "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr",
);

/** Elements whose content is no text of the page. */
export const UNREAD: ReadonlySet<string> = words(
  "script style noscript template svg iframe object applet canvas audio video map noframes noembed",
);

/** Elements that begin and end a block of text. */
export const BLOCK: ReadonlySet<string> = words(
  "html body address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure footer form " +
    "frameset h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol optgroup option p pre search section summary table " +
    "caption tbody td tfoot th thead tr ul",
);

/** Elements that a person fills in or presses. They stand in a line. */
export const FIELD: ReadonlySet<string> = words("input textarea select button");

/** The open elements that a start tag ends, where they are the innermost ones. */
export const ENDS: Readonly<Record<string, ReadonlySet<string>>> = {
  ...Object.fromEntries(
    [...BLOCK]
      .filter((tag) => !["html", "body", "option", "optgroup"].includes(tag))
      .map((tag) => [tag, words("p")]),
  ),
  ...Object.fromEntries(
    ["h1", "h2", "h3", "h4", "h5", "h6"].map((tag) => [tag, words("p h1 h2 h3 h4 h5 h6")]),
  ),
  li: words("p li"),
  dt: words("p dt dd"),
  dd: words("p dt dd"),
  tr: words("p tr td th caption"),
  td: words("p td th"),
  th: words("p td th"),
  thead: words("p tr td th caption"),
  tbody: words("p thead tbody tr td th caption"),
  tfoot: words("p thead tbody tr td th caption"),
  option: words("option"),
  optgroup: words("option optgroup"),
  body: words("head title"),
};
