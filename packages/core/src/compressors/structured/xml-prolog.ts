/** What may stand above the first element: declaration, comments, processing instructions, a document type with entities. */

/** The offset of the first element, or of what is no prolog; the end of the text where it is all prolog. */
export function endOfProlog(text: string): number {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (;;) {
    while (at < text.length && " \t\r\n".includes(text.charAt(at))) at++;
    const end = endOfMarkup(text, at);
    if (end === at) return at;
    if (end < 0) return text.length;
    at = end;
  }
}

/** Behind a comment, an instruction or a document type; `at` where none stands there; -1 where it does not end. */
function endOfMarkup(text: string, at: number): number {
  if (text.startsWith("<!--", at)) return behind(text, "-->", at + 4);
  if (text.startsWith("<?", at)) return behind(text, "?>", at + 2);
  if (!/^<!DOCTYPE\s/.test(text.slice(at, at + 10))) return at;
  const closing = text.indexOf(">", at);
  const opening = text.indexOf("[", at);
  if (opening < 0 || closing < opening) return closing < 0 ? -1 : closing + 1;
  // Its declarations, among them entities, which nobody expands here.
  for (let from = opening + 1; from < text.length; from++) {
    const code = text.charCodeAt(from);
    if (code === 34 || code === 39) from = text.indexOf(text.charAt(from), from + 1);
    else if (text.startsWith("<!--", from)) from = text.indexOf("-->", from);
    else if (code === 93) return behind(text, ">", from);
    if (from < 0) return -1;
  }
  return -1;
}

function behind(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? -1 : at + mark.length;
}
