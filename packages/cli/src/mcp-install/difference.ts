/** The difference of two texts in the manner of `diff -u`: one hunk, from the first line that differs to the last. */

const CONTEXT_LINES = 2;
const MAX_LINE = 160;

export function difference(
  path: string,
  before: string | undefined,
  after: string | undefined,
): string {
  const [old, now] = [lines(before), lines(after)];
  const most = Math.min(old.length, now.length);
  let same = 0;
  while (same < most && old[same] === now[same]) same++;
  let sameAtEnd = 0;
  while (sameAtEnd < most - same && old.at(-1 - sameAtEnd) === now.at(-1 - sameAtEnd)) sameAtEnd++;
  const from = Math.max(0, same - CONTEXT_LINES);
  const gone = old.slice(same, old.length - sameAtEnd);
  const come = now.slice(same, now.length - sameAtEnd);
  const behind = old.slice(old.length - sameAtEnd).slice(0, CONTEXT_LINES);
  const range = (count: number): string => `${count === 0 ? from : from + 1},${count}`;
  const frame = same - from + behind.length;
  return [
    `--- ${before === undefined ? "(no file)" : path}`,
    `+++ ${after === undefined ? "(no file)" : path}`,
    `@@ -${range(gone.length + frame)} +${range(come.length + frame)} @@`,
    ...old.slice(from, same).map((line) => ` ${cut(line, undefined)}`),
    ...gone.map((line, at) => `-${cut(line, come[at])}`),
    ...come.map((line, at) => `+${cut(line, gone[at])}`),
    ...behind.map((line) => ` ${cut(line, undefined)}`),
    "",
  ].join("\n");
}

function lines(text: string | undefined): readonly string[] {
  if (text === undefined || text === "") return [];
  const all = text.split("\n");
  if (all.at(-1) === "") all.pop();
  return all.map((line) => line.replace(/\r$/, ""));
}

/** Of a long line, what is about where it differs from `other`: a file may be one line, and hold more than is to be shown. */
function cut(line: string, other: string | undefined): string {
  if (line.length <= MAX_LINE) return line;
  let at = 0;
  if (other !== undefined) while (at < line.length && line[at] === other[at]) at++;
  const from = Math.max(0, at - 40);
  const to = from + MAX_LINE;
  return `${from > 0 ? "…" : ""}${line.slice(from, to)}${to < line.length ? "…" : ""}`;
}
