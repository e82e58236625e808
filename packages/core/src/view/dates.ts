/** Dates as tools write them beside ISO 8601: `28/Nov/2026:08:56:53 +0000`, `Sat, 28 Nov 2026 08:56:53 GMT`, `Nov 28 2026`. */

const MONTHS: ReadonlyMap<string, number> = new Map(
  ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"].map(
    (name, at): [string, number] => [name, at],
  ),
);
const WEEKDAYS: ReadonlySet<string> = new Set(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
const ZONES: ReadonlySet<string> = new Set(["gmt", "utc", "z"]);

const CLOCK = /\b(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?!\d|:\d)/;
const OFFSET = / ([-+])(\d{2}):?(\d{2})$/;
const SLASHED = /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/;

/** Milliseconds since 1970; `undefined` where the text is no date with a year. Without a zone it is read as UTC. */
export function dateOf(text: string): number | undefined {
  let rest = text;
  const offset = OFFSET.exec(rest);
  if (offset) rest = rest.slice(0, offset.index);
  // Apache joins the date and the clock time with a colon.
  rest = rest.replace(/^(\d{1,2}\/[a-z]{3}\/\d{4}):/i, "$1 ");
  const clock = CLOCK.exec(rest);
  if (clock)
    rest = `${rest.slice(0, clock.index)} ${rest.slice(clock.index + clock[0].length)}`.trim();
  const day = SLASHED.exec(rest) ?? named(rest);
  if (!day) return undefined;
  const [, year, month, date] = day.map(Number);
  const [, hours, minutes, seconds] = (clock ?? []).map((part) => Number(part ?? 0));
  if (!isIn(month, 1, 12) || !isIn(date, 1, 31)) return undefined;
  if (clock && !(isIn(hours, 0, 23) && isIn(minutes, 0, 59) && isIn(seconds, 0, 60)))
    return undefined;
  const fraction = clock?.[4] === undefined ? 0 : Number(`0.${clock[4]}`) * 1_000;
  const east =
    offset === null
      ? 0
      : (offset[1] === "-" ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3]));
  return (
    Date.UTC(
      year ?? 0,
      (month ?? 1) - 1,
      date ?? 1,
      hours ?? 0,
      (minutes ?? 0) - east,
      seconds ?? 0,
    ) + fraction
  );
}

const DOTTED = /^(\d{1,2})\.(\d{1,2})\.((?:19|20)\d{2})(?: (\d{1,2}:\d{2}(?::\d{2})?))?$/;

/** `28.11.2026`, which is no version. */
export function dottedDateOf(text: string): number | undefined {
  const [, day, month, year, clock] = DOTTED.exec(text) ?? [];
  return day === undefined
    ? undefined
    : dateOf(`${year}/${month}/${day}${clock ? ` ${clock}` : ""}`);
}

/** Year, month and day where the month is a word, behind a first item as in the result of a regular expression. */
function named(text: string): readonly (string | number)[] | undefined {
  let month: number | undefined;
  let year: number | undefined;
  let day: number | undefined;
  for (const word of text.split(/[ ,/-]+/)) {
    const lower = word.toLowerCase();
    if (month === undefined && MONTHS.has(lower.slice(0, 3)) && isMonth(lower))
      month = (MONTHS.get(lower.slice(0, 3)) ?? 0) + 1;
    else if (year === undefined && /^\d{4}$/.test(word)) year = Number(word);
    else if (day === undefined && /^\d{1,2}$/.test(word)) day = Number(word);
    else if (!WEEKDAYS.has(lower) && !ZONES.has(lower)) return undefined;
  }
  return month === undefined || year === undefined || day === undefined
    ? undefined
    : [0, year, month, day];
}

const LONG_MONTHS: ReadonlySet<string> = new Set([
  "january",
  "february",
  "march",
  "april",
  "june",
  "july",
  "august",
  "september",
  "sept",
  "october",
  "november",
  "december",
]);

function isMonth(word: string): boolean {
  return word.length === 3 || LONG_MONTHS.has(word);
}

function isIn(value: number | undefined, least: number, most: number): boolean {
  return value !== undefined && value >= least && value <= most;
}
