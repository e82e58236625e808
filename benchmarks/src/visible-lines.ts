/**
 * Lines that must stay visible, found by plain means so that our own parsers do not judge themselves.
 */

export interface Hidden {
  readonly total: number;
  readonly hidden: readonly string[];
}

// A level, an exception with its message, a failed test or exit: not every sentence with the word in it.
const ERROR =
  /(?:^|[\s[(|:])(?:ERROR|FATAL|CRITICAL|error|fatal|panic)(?:\[\w+\])?[:\]]|(?:^|\s)(?:ERROR|FATAL|CRITICAL|FAILED|FAIL)\s|\w(?:Error|Exception): |Traceback \(most recent|##\[error\]|exit code [1-9]/;
const NO_ERROR =
  /\b(?:0|no) (?:errors?|failed|failures?)\b|\b(?:errors?|failed|failures?)[:=] ?0\b|[✓✔√]|\b(?:PASSED|passed|ok)\b/i;

/**
 * Error lines, one for each template (numbers and hashes masked). A template is hidden when none of its first lines can be
 * read. Stamps before the text may be gone, so the last 60 characters decide.
 */
export function hiddenErrors(original: string, output: string): Hidden {
  const templates = new Map<string, string[]>();
  for (const line of original.split("\n")) {
    const plain = withoutColour(line).trimEnd();
    if (!ERROR.test(plain) || NO_ERROR.test(plain)) continue;
    const key = plain.replace(/\b[0-9a-f]{8,}\b|\d+/g, "#");
    const lines = templates.get(key) ?? [];
    if (lines.length < 50) lines.push(plain);
    templates.set(key, lines);
  }
  const plainOutput = withoutColour(output);
  const hidden = [...templates.values()]
    .filter((lines) => !lines.some((line) => plainOutput.includes(withoutStamp(line))))
    .map(([first = ""]) => first);
  return { total: templates.size, hidden };
}

/** Without colour codes, in caret notation (`^[[31m`) too: logs copied from a viewer have them so. */
export function withoutColour(text: string): string {
  return text.replace(ANSI, "");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is to go.
const ANSI = /(?:\u001b|\^\[|␛)\[[0-9;?]*[A-Za-z]/g;
const MACHINE_MADE =
  /(?:^|\/)(?:package-lock\.json|pnpm-lock\.yaml|yarn\.lock|Cargo\.lock|poetry\.lock|uv\.lock|go\.sum|Gemfile\.lock|composer\.lock)$|\.min\.(?:js|css)$|\.map$|(?:^|\/)(?:dist|vendor)\//;

/** The end of a line, without the stamp before it. */
function withoutStamp(line: string): string {
  return line
    .replace(/^\S*\d\d:\d\d:\d\d\S*\s+/, "")
    .trim()
    .slice(-60);
}

/** Changed lines of a unified diff, but for lock files and generated ones. */
export function hiddenChanges(original: string, output: string): Hidden {
  const changes: string[] = [];
  let machineMade = false;
  let inHunk = false;
  for (const line of original.split("\n")) {
    const file =
      /^diff --git (?:a\/)?(.+?) (?:b\/)?\S+$/.exec(line) ?? /^\+\+\+ (?:b\/)?(\S+)/.exec(line);
    if (file) {
      machineMade = MACHINE_MADE.test(file[1] ?? "");
      inHunk = false;
    } else if (line.startsWith("@@")) inHunk = true;
    else if (inHunk && !machineMade && /^[+-]/.test(line) && !/^(?:---|\+\+\+) /.test(line))
      changes.push(line);
  }
  const shown = new Set(output.split("\n"));
  return { total: changes.length, hidden: changes.filter((line) => !shown.has(line)) };
}

/** Files of search hits (`path:line:`), by their last name. */
export function hiddenFiles(original: string, output: string): Hidden {
  const files = new Set<string>();
  for (const line of original.split("\n")) {
    const path = /^([^\s:][^:\n]*\.\w+):\d+:/.exec(line)?.[1];
    if (path !== undefined) files.add(path.slice(path.lastIndexOf("/") + 1));
  }
  return { total: files.size, hidden: [...files].filter((file) => !output.includes(file)) };
}
