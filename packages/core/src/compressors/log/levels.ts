/** What lines of a log are counted by: levels, codes of diagnostics, status of requests. */
import {
  FINDING_CODE,
  HTTP_STATUS,
  LEVEL_AT_START,
  LEVEL_FIELD,
  LEVEL_MARK,
  LEVEL_WORD,
} from "./patterns.ts";

/** Levels stand this near to the start of a line, as a field this near. */
const WORD_WITHIN = 120;
const FIELD_WITHIN = 400;
/** Diagnostics are read up to here. */
const CODE_WITHIN = 500;

/** The level of a line, as it is written; `undefined` where it has none. */
export function levelOf(line: string): string | undefined {
  const head = line.length > WORD_WITHIN ? line.slice(0, WORD_WITHIN) : line;
  const word = LEVEL_WORD.exec(head)?.[1];
  if (word !== undefined) return word;
  const field = LEVEL_FIELD.exec(line.length > FIELD_WITHIN ? line.slice(0, FIELD_WITHIN) : line);
  return field?.[1] ?? LEVEL_MARK.exec(head)?.[1] ?? LEVEL_AT_START.exec(head)?.[1];
}

/** The code of a diagnostic, as it is written; `undefined` for other lines. */
export function codeOf(line: string): string | undefined {
  if (line.length > CODE_WITHIN) return undefined;
  for (const pattern of FINDING_CODE) {
    const code = pattern.exec(line)?.[1];
    if (code !== undefined) return code;
  }
  return undefined;
}

/** The status that a web server answered with; `undefined` for other lines. */
export function statusOf(line: string): string | undefined {
  const at = line.indexOf(" HTTP/");
  return at < 0 ? undefined : HTTP_STATUS.exec(line.slice(at, at + 24))?.[1];
}
