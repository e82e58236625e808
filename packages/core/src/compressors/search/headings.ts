/**
 * Hits under the path of their file.
 *
 * Trap: a file that was read with line numbers looks the same. Its numbers have no gaps, and it is one file.
 */
import { digitsEnd, type Entry, isNotice, other, type ParsedSearch } from "./entry.ts";
import { pathLikeness } from "./path.ts";

/**
 * `rg --heading`: a path alone, then `12:text` and `12-text`, a blank line between files. Agents' own search tools do the
 * same with `src/a.ts:` or `File: src/a.ts` and `  Line 12: text` or `L12: text`.
 */
export function parseHeadings(lines: readonly string[]): ParsedSearch | undefined {
  const entries: Entry[] = [];
  let path = "";
  let previous = 0;
  let fits = 0;
  let filled = 0;
  let files = 0;
  let gaps = 0;
  for (const [index, line] of lines.entries()) {
    if (line !== "") filled++;
    const hit = path === "" ? undefined : headedHit(line, path);
    // Line numbers grow inside a file; clocks do not.
    if (hit !== undefined && hit.number > previous) {
      if (hit.number !== previous + 1) gaps++;
      previous = hit.number;
      fits++;
      entries.push(hit);
      continue;
    }
    const before = lines[index - 1] ?? "";
    const starts = before === "" || before === "---" || isNotice(before);
    const name = headingPath(line);
    if (starts && pathLikeness(name) > 0 && headedHit(lines[index + 1] ?? "", name)) {
      path = name;
      previous = 0;
      files++;
      fits++;
      entries.push({ kind: "heading", path, rest: line, number: 0, body: 0 });
      continue;
    }
    const rest = other(line);
    if (rest.kind === "gap" || line === "---" || isNotice(line)) fits++;
    entries.push(rest);
  }
  // One path over lines 1, 2, 3 is a file that was read, not searched.
  if (files === 0 || (files === 1 && gaps < 2)) return undefined;
  return { style: "headings", entries, share: filled === 0 ? 0 : fits / filled };
}

function headingPath(line: string): string {
  const bare = line.endsWith(":") ? line.slice(0, -1) : line;
  return bare.startsWith("File: ") ? bare.slice("File: ".length) : bare;
}

function headedHit(line: string, path: string): Entry | undefined {
  let at = 0;
  // Without a word in front, an indented `12:5  error` is a linter's.
  while (line.charCodeAt(at) === 32) at++;
  const word = line.startsWith("Line ", at) ? 5 : line[at] === "L" ? 1 : 0;
  if (at > 0 && word === 0) return undefined;
  at += word;
  const end = digitsEnd(line, at);
  const mark = line[end];
  if (end === at || (mark !== ":" && mark !== "-")) return undefined;
  return {
    kind: mark === ":" ? "match" : "context",
    path,
    rest: line,
    number: Number(line.slice(at, end)),
    body: end + 1,
  };
}
