/**
 * The lossless form of a `git log` in full: `@` is the author of the commits below it, `=` the day; a commit is its hash, time and
 * refs, and lines of messages stand without their four blanks.
 *
 * Only what git prints by default is written so. Under `%` stand the lines of other headers that differ from those of the commit above.
 */
import { hashOf, headerOf } from "./read.ts";

const LEGEND =
  '[git log: "@" author and "=" day of the commits below, "*" hash, time and refs, then the message; "|" any other line]';
const HEADERS_LEGEND =
  '[git log: "@" author and "=" day of the commits below, "*" hash, time and refs; "%" hash and refs, "+" what its header has unlike the one above; then the message; "|" any other line]';
const DATE = /^([A-Z][a-z]{2} [A-Z][a-z]{2} \d{1,2}) (\d{2}:\d{2}:\d{2}) (\d{4} [-+]\d{4})$/;
const AUTHOR = "Author: ";
const DATE_START = "Date:   ";
const INDENT = "    ";
const MARKS = "@=*|%+";

/** `undefined` where no header could be written shorter. */
export function encodeCommits(lines: readonly string[]): string | undefined {
  const out: string[] = [LEGEND];
  let isUnlike = false;
  let author: string | undefined;
  let day: string | undefined;
  let headers = 0;
  let header: readonly string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const hash = hashOf(line);
    const name = lines[at + 1] ?? "";
    const date = lines[at + 2] ?? "";
    const stamp = date.startsWith(DATE_START) ? DATE.exec(date.slice(DATE_START.length)) : null;
    // A blank line that begins the text is no gap between two commits, and the decoder writes none there.
    const isSpaced = at === 0 || (at > 1 && lines[at - 1] === "");
    const isUsual = name.startsWith(AUTHOR) && stamp !== null && lines[at + 3] === "" && isSpaced;
    if (hash !== undefined && isUsual) {
      // The blank line above is understood.
      if (at > 0) out.pop();
      const who = name.slice(AUTHOR.length);
      if (who !== author) out.push(`@${who}`);
      author = who;
      const [, weekday = "", time = "", year = ""] = stamp ?? [];
      if (`${weekday} ${year}` !== day) out.push(`=${weekday} ${year}`);
      day = `${weekday} ${year}`;
      out.push(`*${hash} ${time}${line.slice("commit ".length + hash.length)}`);
      headers++;
      at += 3;
    } else if (hash !== undefined && isSpaced && headerEnd(lines, at) > at + 1) {
      const own = lines.slice(at + 1, headerEnd(lines, at));
      if (at > 0) out.pop();
      isUnlike = true;
      const isAlike = own.map(nameOf).join() === header.map(nameOf).join();
      out.push(`${isAlike ? "%" : "%%"}${line.slice("commit ".length)}`);
      for (const [nth, each] of own.entries())
        if (!isAlike || each !== header[nth]) out.push(`+${each}`);
      header = own;
      headers++;
      at += own.length + 1;
    } else if (line.startsWith(INDENT) && isPlain(line.slice(INDENT.length)))
      out.push(line.slice(INDENT.length));
    else out.push(line === "" ? "" : `|${line}`);
  }
  if (isUnlike) out[0] = HEADERS_LEGEND;
  return headers < 3 ? undefined : out.join("\n");
}

function nameOf(line: string): string {
  return headerOf(line)?.[0] ?? "";
}

/** The end of the header lines below a commit, where a blank line follows them; else the commit itself. */
function headerEnd(lines: readonly string[], commit: number): number {
  let at = commit + 1;
  while (headerOf(lines[at] ?? "") !== undefined) at++;
  return lines[at] === "" ? at : commit;
}

function isPlain(text: string): boolean {
  return text !== "" && !MARKS.includes(text[0] ?? "");
}

/** The inverse of `encodeCommits`; `undefined` where the text is none. */
export function decodeCommits(encoded: string): readonly string[] | undefined {
  const legend = [LEGEND, HEADERS_LEGEND].find((each) => encoded.startsWith(`${each}\n`));
  if (legend === undefined) return undefined;
  const out: string[] = [];
  let author = "";
  let day: readonly string[] = [];
  let header: readonly string[] = [];
  let changed: string[] | undefined;
  const close = (): void => {
    if (changed === undefined) return;
    const own = new Map(changed.map((line) => [nameOf(line), line]));
    header = header.length === 0 ? changed : header.map((line) => own.get(nameOf(line)) ?? line);
    out.push(...header, "");
    changed = undefined;
  };
  for (const line of encoded.slice(legend.length + 1).split("\n")) {
    const rest = line.slice(1);
    if (line[0] === "+" && changed) {
      changed.push(rest);
      continue;
    }
    close();
    if (line[0] === "%") {
      const isNew = line[1] === "%";
      if (out.length > 0) out.push("");
      out.push(`commit ${rest.slice(isNew ? 1 : 0)}`);
      if (isNew) header = [];
      changed = [];
    } else if (line === "") out.push("");
    else if (line[0] === "@") author = rest;
    else if (line[0] === "=") day = rest.split(" ");
    else if (line[0] === "|") out.push(rest);
    else if (line[0] === "*") {
      const space = rest.indexOf(" ");
      const hash = rest.slice(0, space);
      const time = rest.slice(space + 1, space + 9);
      const [weekday, month, date, year, zone] = day;
      if (out.length > 0) out.push("");
      out.push(`commit ${hash}${rest.slice(space + 9)}`, AUTHOR + author);
      out.push(`${DATE_START}${weekday} ${month} ${date} ${time} ${year} ${zone}`, "");
    } else out.push(INDENT + line);
  }
  close();
  return out;
}
