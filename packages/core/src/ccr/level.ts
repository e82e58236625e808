/** The level of a log line or of a record: what it names itself, else what the log kind makes of its words. */
import { FAILURE, severityOf, WARN } from "../compressors/log/severity.ts";

/** Levels by rising weight. */
const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
export type Level = (typeof LEVELS)[number];

const SPELLINGS: Readonly<Record<string, Level>> = {
  trace: "trace",
  verbose: "debug",
  debug: "debug",
  fine: "debug",
  info: "info",
  information: "info",
  notice: "info",
  warn: "warn",
  warning: "warn",
  error: "error",
  err: "error",
  severe: "error",
  fatal: "fatal",
  crit: "fatal",
  critical: "fatal",
  emerg: "fatal",
  emergency: "fatal",
  alert: "fatal",
  panic: "fatal",
};

/** A level stands near the start of its line. */
const MAX_HEAD = 400;
const KEYED =
  /(?:^|[\s{,"'&?])(?:level|lvl|severity|levelname|level_name|loglevel|log\.level|@l)["']? ?[:=] ?["']?([a-z]{2,11}|\d{1,3})\b/i;
const NAMED =
  /(?:^|[\s[(|<:*])(TRACE|VERBOSE|DEBUG|FINE|INFO|NOTICE|WARN|WARNING|ERROR|ERR|SEVERE|FATAL|CRIT|CRITICAL|EMERG|ALERT|PANIC)(?=[\s\])|>:,*]|$)/;
const BRACKETED =
  /[[(<|] ?(trace|verbose|debug|info|notice|warn|warning|error|err|fatal|crit|critical|emerg|alert|panic) ?[\])>|]/i;

/** A level in any spelling: `Warnings`, `ERR`; `undefined` where it is none. */
export function levelNamed(name: string): Level | undefined {
  const word = name.trim().toLowerCase();
  return SPELLINGS[word] ?? (word.endsWith("s") ? SPELLINGS[word.slice(0, -1)] : undefined);
}

/** The level a line or record is of; `undefined` where nothing says so. */
export function levelOf(text: string): Level | undefined {
  const head = text.slice(0, MAX_HEAD);
  const keyed = KEYED.exec(head)?.[1];
  const own = keyed === undefined ? undefined : (SPELLINGS[keyed.toLowerCase()] ?? numbered(keyed));
  if (own) return own;
  const named = NAMED.exec(head)?.[1] ?? BRACKETED.exec(head)?.[1];
  if (named !== undefined) return SPELLINGS[named.toLowerCase()];
  const line = text.trimEnd();
  const severity = severityOf(line, line);
  return severity === FAILURE ? "error" : severity === WARN ? "warn" : undefined;
}

/** Whether what is of a level answers to another: errors are those that are fatal, too. */
export function isOfLevel(level: Level | undefined, wanted: Level): boolean {
  return level === wanted || (wanted === "error" && level === "fatal");
}

/** Pino and Bunyan count by tens up to 60, syslog down from 7. */
function numbered(text: string): Level | undefined {
  const number = Number(text);
  if (Number.isNaN(number)) return undefined;
  if (number >= 10) return LEVELS[Math.min(5, Math.floor(number / 10) - 1)];
  if (number <= 2) return "fatal";
  if (number === 3) return "error";
  return number === 4 ? "warn" : number <= 6 ? "info" : "debug";
}
