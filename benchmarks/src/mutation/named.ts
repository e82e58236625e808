// biome-ignore-all lint/suspicious/noTemplateCurlyInString: lines of source, as they stand
/**
 * Changes that may stay unnoticed, each with the reason. An equivalent one behaves exactly as the original and leaves the
 * score; an accepted one could be noticed, is not worth a test, and counts as not noticed.
 */
export interface Named {
  readonly file: string;
  /** The lines as `npm run mutation` prints them. */
  readonly before: string;
  readonly after: string;
  readonly verdict: "equivalent" | "accepted";
  readonly reason: string;
}

const TOKENS = "packages/core/src/tokens";
const CCR = "packages/core/src/ccr";
const JSON_KIND = "packages/core/src/compressors/json";

export const NAMED: readonly Named[] = [
  {
    file: `${TOKENS}/merge.ts`,
    before: "for (let index = 0; index < text.length; index++) {",
    after: "for (let index = 0; index <= text.length; index++) {",
    verdict: "equivalent",
    reason: "behind the text there is no character code, and NaN is not above 127",
  },
  {
    file: `${TOKENS}/bpe.ts`,
    before: "else if (end - start <= MAX_PIECE) tokens += countPiece(text.slice(start, end));",
    after: "else if (end + start <= MAX_PIECE) tokens += countPiece(text.slice(start, end));",
    verdict: "equivalent",
    reason: "a piece within the bound has one part, and counts the same",
  },
  {
    file: `${JSON_KIND}/repeats.ts`,
    before: "for (let i = 1; i < text.length; i++) {",
    after: "for (let i = 1; i <= text.length; i++) {",
    verdict: "equivalent",
    reason: "behind the text there is no character, and nothing happens",
  },
  {
    file: `${JSON_KIND}/print.ts`,
    before: "if (item.cost < LARGE_TOKENS || this.#names.has(item) || item.items.length === 0)",
    after: "if (item.cost <= LARGE_TOKENS || this.#names.has(item) || item.items.length === 0)",
    verdict: "accepted",
    reason: "the same text, with a rest more for a value of exactly 8,192 tokens",
  },
  {
    file: `${JSON_KIND}/template.ts`,
    before: "if (except.size === 0) break;",
    after: "if (except.size === 0) ;",
    verdict: "equivalent",
    reason: "no template fails in fewer rows than none, so that the first such one stays the best",
  },
  {
    file: `${JSON_KIND}/siblings.ts`,
    before:
      'if (kind !== "string" || text.length < MIN_LENGTH || text.length > MAX_LENGTH) return;',
    after:
      'if (((kind !== "string") && (text.length < MIN_LENGTH)) || text.length > MAX_LENGTH) return;',
    verdict: "equivalent",
    reason: "nothing refers to a shorter text, and no other kind of value may stand bare",
  },
  {
    file: `${TOKENS}/estimate.ts`,
    before:
      "if (middle >= 128 || text.charCodeAt(end - 1) >= 128) return foreignCost(middle, length);",
    after:
      "if (middle >= 128 || text.charCodeAt(end - 1) > 128) return foreignCost(middle, length);",
    verdict: "equivalent",
    reason: "U+0080 is a control character, and ends no word",
  },
  {
    file: "packages/core/src/compressors/tree/path-list.ts",
    before: "keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));",
    after: "keyed.sort((a, b) => (a.key <= b.key ? -1 : a.key > b.key ? 1 : 0));",
    verdict: "equivalent",
    reason: "paths with the same key are the same text",
  },
  {
    file: "packages/core/src/compressors/tree/detect.ts",
    before: "folders.add(line.slice(0, at));",
    after: "folders.add(line.slice(0, (at) - 1));",
    verdict: "equivalent",
    reason: "only the slash at the end of every folder is lost",
  },
  {
    file: "packages/core/src/compressors/shared/choose-names.ts",
    before: "for (let at = 0; at <= text.length - MIN_LENGTH; at++) {",
    after: "for (let at = 0; at <= text.length + MIN_LENGTH; at++) {",
    verdict: "equivalent",
    reason: "no candidate begins so near to the end",
  },
  {
    file: "packages/core/src/compressors/table/coding.ts",
    before: "if (words.every((yes) => yes)) continue;",
    after: "if (words.every((yes) => yes)) ;",
    verdict: "equivalent",
    reason: "no row is odd where all cells are words; saves a pass",
  },
  {
    file: "packages/core/src/compressors/table/select.ts",
    before: "const floor = 0.3 * (scores[best[0] ?? -1] ?? 0);",
    after: "const floor = 0.3 * (scores[best[0] ?? -2] ?? 0);",
    verdict: "equivalent",
    reason: "an index for nothing found",
  },
  {
    file: "packages/core/src/compressors/table/encode.ts",
    before: "for (; at < lines.length; at++) {",
    after: "for (; at <= lines.length; at++) {",
    verdict: "equivalent",
    reason: "behind the last line an empty text ends the loop",
  },
  {
    file: "packages/core/src/compressors/log/lossless-decode.ts",
    before: "for (; at < lines.length; at++) {",
    after: "for (; at <= lines.length; at++) {",
    verdict: "equivalent",
    reason: "behind the last line an empty text ends the loop",
  },
  {
    file: "packages/core/src/compressors/log/lossless-decode.ts",
    before: "return space < 0 ? stamp : `${stamp} ${this.#content(line.slice(space + 1))}`;",
    after: "return space <= 0 ? stamp : `${stamp} ${this.#content(line.slice(space + 1))}`;",
    verdict: "equivalent",
    reason: "the line begins with …, not with a space",
  },
  {
    file: "packages/core/src/compressors/log/lossless-decode.ts",
    before: "const tail = line.slice(1, space < 0 ? undefined : space);",
    after: "const tail = line.slice(1, space <= 0 ? undefined : space);",
    verdict: "equivalent",
    reason: "the line begins with …, not with a space",
  },
  {
    file: "packages/core/src/compressors/log/stamp-tail.ts",
    before: "while (start > 0 && at - start < 2 && isDigit(stamp.charCodeAt(start - 1))) start--;",
    after: "while (start >= 0 && at - start < 2 && isDigit(stamp.charCodeAt(start - 1))) start--;",
    verdict: "equivalent",
    reason: "before the start stands no digit",
  },
  {
    file: "packages/core/src/compressors/log/select.ts",
    before:
      "for (let i = 0; i < lines.length; i++) if ((scores[i] ?? 0) >= best * 0.4) ranked.push(i);",
    after:
      "for (let i = 0; i < lines.length; i++) if ((scores[i] ?? 1) >= best * 0.4) ranked.push(i);",
    verdict: "equivalent",
    reason: "every line has a score",
  },
  {
    file: "packages/core/src/compressors/log/braces.ts",
    before: 'const item = items[i] ?? "";',
    after: 'const item = items[i] ?? "~";',
    verdict: "equivalent",
    reason: "the index is always there",
  },
  {
    file: "packages/core/src/compressors/tree/path-list.ts",
    before: "length = nameStart(first.slice(0, length));",
    after: "length = nameStart(first.slice(0, (length) - 1));",
    verdict: "equivalent",
    reason: "a slash at the very end is part of the name, with it or without",
  },
  {
    file: "packages/core/src/compressors/diff/repeated-runs.ts",
    before:
      "const count = source === undefined ? 0 : runLength(numbered, replaced, source, index, at);",
    after:
      "const count = source === undefined ? 1 : runLength(numbered, replaced, source, index, at);",
    verdict: "equivalent",
    reason: "only the line itself is skipped, which is done",
  },
  {
    file: "packages/core/src/compressors/table/columns.ts",
    before: 'const [name = "", note = ""] = [names[at], notes[at]];',
    after: 'const [name = "", note = "~"] = [names[at], notes[at]];',
    verdict: "equivalent",
    reason: "the index is always there",
  },
  {
    file: "packages/core/src/compressors/table/columns.ts",
    before: 'const [name = "", note = ""] = [names[at], notes[at]];',
    after: 'const [name = "~", note = ""] = [names[at], notes[at]];',
    verdict: "equivalent",
    reason: "the index is always there",
  },
  {
    file: "packages/core/src/compressors/diff/compact.ts",
    before: 'const [old = "", fresh = ""] = line.slice(PREFIXES.length).split(" ");',
    after: 'const [old = "", fresh = "~"] = line.slice(PREFIXES.length).split(" ");',
    verdict: "equivalent",
    reason: "a line of prefixes names both",
  },
  {
    file: "packages/core/src/compressors/search/ripgrep-json.ts",
    before: "if (end === -1) break;",
    after: "if (end === -1) ;",
    verdict: "equivalent",
    reason: "the first lines are looked at again, and they have passed",
  },
  {
    file: "packages/core/src/compressors/log/line-template.ts",
    before:
      "while (start > 0 && !(yield* everyInSteps(values, (value) => isCut(value, start)))) start--;",
    after:
      "while (start >= 0 && !(yield* everyInSteps(values, (value) => isCut(value, start)))) start--;",
    verdict: "equivalent",
    reason: "every text can be cut at its start",
  },
  {
    file: "packages/core/src/compressors/log/line-template.ts",
    before:
      "while (end > 0 && !(yield* everyInSteps(values, (value) => isCut(value, value.length - end))))",
    after:
      "while (end >= 0 && !(yield* everyInSteps(values, (value) => isCut(value, value.length - end))))",
    verdict: "equivalent",
    reason: "every text can be cut at its end",
  },
  {
    file: "packages/core/src/compressors/table/ends.ts",
    before: "while (start > 0 && !cells.every((cell) => isCut(cell, start))) start--;",
    after: "while (start >= 0 && !cells.every((cell) => isCut(cell, start))) start--;",
    verdict: "equivalent",
    reason: "every text can be cut at its start",
  },
  {
    file: "packages/core/src/compressors/table/ends.ts",
    before: "while (end > 0 && !cells.every((cell) => isCut(cell, cell.length - end))) end--;",
    after: "while (end >= 0 && !cells.every((cell) => isCut(cell, cell.length - end))) end--;",
    verdict: "equivalent",
    reason: "every text can be cut at its end",
  },
  {
    file: "packages/core/src/compressors/log/select.ts",
    before: "for (let i = 0; i < lines.length; i++) {",
    after: "for (let i = 0; i <= lines.length; i++) {",
    verdict: "equivalent",
    reason: "behind the last line nothing is shown and nothing has a template",
  },
  {
    file: "packages/core/src/compressors/diff/lock-summary.ts",
    before: 'const version = words[1] ?? "";',
    after: 'const version = words[1] ?? "~";',
    verdict: "equivalent",
    reason: "there are three words",
  },
  {
    file: "packages/core/src/compressors/log/line-template.ts",
    before:
      "for (let at = Math.max(0, this.columns.length - MAX_BACK); at < this.columns.length; at++) {",
    after:
      "for (let at = Math.max(0, this.columns.length - MAX_BACK); at <= this.columns.length; at++) {",
    verdict: "equivalent",
    reason: "a column that is not there repeats nothing",
  },
  {
    file: "packages/core/src/compressors/log/stamp.ts",
    before: "if (at < 0) return -1;",
    after: "if (at < 0) return -2;",
    verdict: "equivalent",
    reason: "every negative number means none",
  },
  {
    file: "packages/core/src/compressors/log/select.ts",
    before:
      "for (let i = 0; i < lines.length; i++) if ((scores[i] ?? 0) >= best * 0.4) ranked.push(i);",
    after:
      "for (let i = 0; i <= lines.length; i++) if ((scores[i] ?? 0) >= best * 0.4) ranked.push(i);",
    verdict: "equivalent",
    reason: "behind the last line the score is 0",
  },
  {
    file: "packages/core/src/compressors/diff/lock-summary.ts",
    before: 'return [words[0] ?? "", end === -1 ? version : version.slice(0, end)];',
    after: 'return [words[0] ?? "~", end === -1 ? version : version.slice(0, end)];',
    verdict: "equivalent",
    reason: "there are three words",
  },
  {
    file: `${CCR}/search.ts`,
    before: '({ label, start, end }) => `${document ? label : ""} ${text.slice(start, end)}`,',
    after: '({ label, start, end }) => `${document ? label : "~"} ${text.slice(start, end)}`,',
    verdict: "equivalent",
    reason: "the sign is no part of a word, and literal hits are looked for in the text itself",
  },
  {
    file: `${CCR}/search.ts`,
    before: '({ label, start, end }) => `${document ? label : ""} ${text.slice(start, end)}`,',
    after: '({ label, start, end }) => `${document ? label : ""}~ ${text.slice(start, end)}`,',
    verdict: "equivalent",
    reason: "the sign is no part of a word, and literal hits are looked for in the text itself",
  },
  {
    file: `${CCR}/spans.ts`,
    before: "if (close < 0) return [...steps, path.slice(i)];",
    after: "if (close <= 0) return [...steps, path.slice(i)];",
    verdict: "equivalent",
    reason: "the closing bracket stands behind the opening one, never at 0",
  },
  {
    file: `${CCR}/spans.ts`,
    before: "if (close < 0) return [...steps, path.slice(i)];",
    after: "if (close < 1) return [...steps, path.slice(i)];",
    verdict: "equivalent",
    reason: "the closing bracket stands behind the opening one, never at 0",
  },
  {
    file: "packages/sqlite/src/predecessor.ts",
    before: 'const columns = start.length > 1 ? "rowid AS id, used_at, size" : "rowid AS id";',
    after: 'const columns = start.length >= 1 ? "rowid AS id, used_at, size" : "rowid AS id";',
    verdict: "equivalent",
    reason: "columns are read that nothing uses; both formats have them",
  },
  {
    file: "packages/sqlite/src/predecessor.ts",
    before: 'if (name === "end" || name.id <= low) break;',
    after: 'if (name === "end" || name.id <= low) ;',
    verdict: "equivalent",
    reason: "what follows was read from the front, and a row is carried over once",
  },
  {
    file: "packages/core/src/compressors/log/braces.ts",
    before: "while (length > offset && !isJoint(first.charCodeAt(length - 1))) length--;",
    after: "while (length >= offset && !isJoint(first.charCodeAt(length - 1))) length--;",
    verdict: "equivalent",
    reason: "the items share a part that ends in a joint behind the offset",
  },
  {
    file: "packages/core/src/compressors/log/shape.ts",
    before: "if (here === LETTER) continue;",
    after: "if (here === LETTER) ;",
    verdict: "equivalent",
    reason: "none of the other cases is a letter; saves the looks",
  },
  {
    file: "packages/core/src/compressors/table/select.ts",
    before:
      "const byScore = (a: number, b: number): number => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b;",
    after:
      "const byScore = (a: number, b: number): number => (scores[b] ?? 1) - (scores[a] ?? 0) || a - b;",
    verdict: "equivalent",
    reason: "every row has a score",
  },
  {
    file: "packages/core/src/compressors/diff/parse.ts",
    before: 'const [old = "", fresh = "", ...rest] = line.slice(4, end).split(" +");',
    after: 'const [old = "~", fresh = "", ...rest] = line.slice(4, end).split(" +");',
    verdict: "equivalent",
    reason: "a split text has a first part",
  },
];
