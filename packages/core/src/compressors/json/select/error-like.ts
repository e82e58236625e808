/**
 * Whether a value says that something went wrong.
 *
 * Works on values only: a key named `error` or `timeout` says nothing. Words count as wholes (camelCase parts included),
 * so that `errorless`, `0 errors`, `no failures` and `timeout=30` do not; long prose that mentions an error neither.
 */
import { scanWords } from "../../../query/words.ts";

/** 0: nothing; 1: a message that mentions a failure; 2: the value itself is a failure status or starts as one. */
export type ErrorLevel = 0 | 1 | 2;

const STATUS: ReadonlySet<string> = new Set(
  (
    "error errors err errored fail failed failure failures failing fatal critical crit severe emergency emerg panic panicked " +
    "crash crashed aborted abort timeout timedout denied rejected refused unreachable unhealthy exception broken corrupt " +
    "corrupted killed oomkilled crashloopbackoff errimagepull imagepullbackoff evicted unauthorized forbidden unavailable"
  ).split(" "),
);

const MENTION: ReadonlySet<string> = new Set([
  ...STATUS,
  ...(
    "exceptions traceback segfault sigkill sigsegv oom overflow overload deadlock exhausted exceeded violation unhandled " +
    "uncaught undefined econnrefused econnreset etimedout enoent eacces eperm enospc epipe ehostunreach enotfound eaddrinuse " +
    "timeouts unable cannot crashes crashing outage invalid expired"
  ).split(" "),
]);

/** Labels that announce a failure though they are no status: `ALERT: …`. */
const OPENERS: ReadonlySet<string> = new Set(["alert", "outage", "incident"]);

/** Words of `MENTION` too weak to count alone; they need a second one beside them. */
const WEAK: ReadonlySet<string> = new Set(
  "undefined unable cannot invalid expired overflow exceeded abort unavailable timeouts timeout severe corrupt broken refused rejected".split(
    " ",
  ),
);

/** `no errors`, `0 failed`, `without timeout`. */
const NEGATION: ReadonlySet<string> = new Set([
  "no",
  "0",
  "zero",
  "without",
  "non",
  "not",
  "never",
  "any",
  "if",
  "on",
]);

/** `error rate`, `failure handling`: the subject is not a failure. */
const ABOUT: ReadonlySet<string> = new Set(
  "handling handler handlers rate rates budget boundary reporting tracking page pages message messages recovery log logs code codes path class type types policy detection correction".split(
    " ",
  ),
);

/** First parts of identifiers that deal with errors without being one: `handleError`, `onFailure`. */
const DEALING: ReadonlySet<string> = new Set(
  "handle on is has get set log throw catch show use with print report format map to parse check ignore skip clear default no".split(
    " ",
  ),
);

/** Cheap and linear: most values stop here. */
const HINT =
  /err|exce|fail|fatal|crit|panic|abort|deni|reject|refus|time-?_? ?d?-?_? ?out|crash|unreach|unheal|corrupt|broken|kill|oom|segfault|sigse|trace|sever|emerg|evict|unauth|forbid|unavail|overl|deadl|exhaust|violat|unhandl|uncaught|econnres|enoent|eacces|eperm|enosp|epipe|ehost|enotf|eaddr|outage|down|invalid|expired|alert|incident|unable|cannot|backoff|errim/i;

/** Longer text is prose or a dump: only its start is judged. */
const MESSAGE = 400;
const START = 160;

/** Judges one value (unescaped or not; escapes do not matter here). */
export function errorLevel(value: string): ErrorLevel {
  if (value.length < 3) return 0;
  const long = value.length > MESSAGE;
  const text = long ? value.slice(0, START) : value;
  if (!HINT.test(text)) return 0;

  if (isName(text)) return 0;
  let words = 0;
  let opens = false;
  let mentions = 0;
  let weak = 0;
  let status = false;
  let previous = "";
  let runStart = "";
  /** A word that counts unless the next one says that it is only talked about. */
  let pending: { readonly weak: boolean; readonly first: boolean } | undefined;
  const settle = (next: string): void => {
    if (pending !== undefined && !ABOUT.has(next)) {
      if (pending.weak) weak++;
      else mentions++;
      if (pending.first) opens = true;
    }
    pending = undefined;
  };
  scanWords(text, (word, start, end, part) => {
    if (part) {
      // The last part of NullPointerException names the failure; the first part of handleError takes it back.
      if (runStart === "") runStart = word;
      const last =
        start > 0 && isAlpha(text.charCodeAt(start - 1)) && !isAlpha(text.charCodeAt(end));
      if (last && STATUS.has(word) && !DEALING.has(runStart)) mentions++;
      return;
    }
    settle(word);
    runStart = "";
    words++;
    const failure =
      MENTION.has(word) ||
      (word === "down" && text.startsWith("DOWN", start)) ||
      (word === "out" && previous === "timed");
    if (failure && !NEGATION.has(previous) && !isSetting(text, start, end)) {
      pending = { weak: WEAK.has(word), first: words === 1 && STATUS.has(word) };
      if (words <= 3 && (STATUS.has(word) || word === "out")) status = true;
    }
    if (words === 1 && OPENERS.has(word) && isLabel(text, end)) opens = true;
    previous = word;
  });
  settle("");
  const counted = mentions + weak > 0;
  if (counted && status && words <= 3 && text.length <= 40) return 2;
  if (opens || (previous !== "" && text.startsWith("Traceback"))) return 2;
  if (long) return 0;
  return mentions > 0 || weak > 1 || (weak === 1 && words <= 6) ? 1 : 0;
}

/** A path, URL or file name: `src/errors.ts` is about errors, not one. */
function isName(text: string): boolean {
  if (text.includes(" ")) return false;
  if (text.includes("/")) return true;
  const dot = text.lastIndexOf(".");
  return dot > 0 && text.length - dot <= 6;
}

/** `timeout=30`, `errors: 0`, `failed: null`, `"error": false`: a setting or a count, not a report. */
function isSetting(text: string, start: number, end: number): boolean {
  let at = end;
  while (at < text.length && at < end + 3 && `"'\\) `.includes(text.charAt(at))) at++;
  if (text[at] !== "=" && text[at] !== ":") return false;
  at++;
  while (text[at] === " ") at++;
  const code = text.charCodeAt(at);
  if (code === 48 || (text[end] === "=" && code >= 48 && code <= 57)) return true;
  if (/^timeouts?$/i.test(text.slice(start, end)) && code >= 48 && code <= 57) return true;
  const rest = text.slice(at, at + 5).toLowerCase();
  return rest.startsWith("none") || rest.startsWith("null") || rest.startsWith("false");
}

/** `ALERT: …`: the word labels what follows. */
function isLabel(text: string, end: number): boolean {
  const after = text[end];
  return (after === ":" || after === "]") && text[end + 1] === " " && !isSetting(text, 0, end);
}

function isAlpha(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}
