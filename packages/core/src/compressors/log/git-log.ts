/**
 * `git log`: a list of commits, not of events.
 *
 * Its lines are prose, so that every one is rare; what tells commits apart is the head of each. Keeps hash, author, date,
 * subject and the summary of changes; message bodies and file statistics fold.
 */

import { Meter } from "../../steps.ts";
import { LINE_WORK } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";

/** Whether the shown lines are a `git log` without patches. */
export function isGitLog(lines: readonly string[]): boolean {
  let commits = 0;
  for (let i = 0; i < lines.length && i < 400; i++) {
    const line = lines[i] ?? "";
    if (line.startsWith("diff --git ")) return false;
    if (isCommit(line)) commits++;
    // A log of commits starts with one.
    if (i > 2 && commits === 0) return false;
  }
  return commits > 0;
}

function isCommit(line: string): boolean {
  if (!line.startsWith("commit ") || line.length < 47) return false;
  for (let at = 7; at < 47; at++) {
    const code = line.charCodeAt(at);
    if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 102))) return false;
  }
  return line.length === 47 || line[47] === " ";
}

const HEAD = ["Author:", "Date:", "Merge:", "AuthorDate:", "Commit:", "CommitDate:"];

/** Marks the lines of each commit that stay. */
export function* showCommits(lines: readonly string[], shown: Uint8Array): Steps<void> {
  const meter = new Meter();
  let wantsSubject = false;
  for (const [i, line] of lines.entries()) {
    if (meter.isDue(line.length + LINE_WORK)) yield;
    if (isCommit(line)) {
      wantsSubject = true;
      shown[i] = 1;
    } else if (line.startsWith("    ") && line.trim() !== "") {
      if (wantsSubject || isBreaking(line)) shown[i] = 1;
      wantsSubject = false;
    } else if (HEAD.some((name) => line.startsWith(name)) || isSummary(line)) shown[i] = 1;
  }
}

/** ` 22 files changed, 1051 insertions(+), 33 deletions(-)` */
function isSummary(line: string): boolean {
  return (
    line.startsWith(" ") && (line.includes(" files changed,") || line.includes(" file changed,"))
  );
}

function isBreaking(line: string): boolean {
  return line.includes("BREAKING CHANGE") || line.trimStart().startsWith("This reverts commit ");
}
