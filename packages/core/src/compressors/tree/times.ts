/**
 * Which time stamp of a listing is later.
 *
 * `ls` writes no year for the last six months: the months that occur there follow each other, and the year begins anew somewhere
 * between two of them at most. What has a year is older.
 *
 * Trap: without a year `Dec 30` may be before or after `Jan 2`. The longest time of the year in which nothing stands lies before the
 * oldest.
 */

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
/** Days since January, months counted as 31 days: enough to order them. */
const YEAR_DAYS = 372;

interface Stamp {
  readonly year: number | undefined;
  /** Days, and their fractions, since the year began. */
  readonly day: number;
}

/** A number for each stamp, greater for later ones; `undefined` where one of them cannot be read. */
export function timeOrder(stamps: readonly string[]): readonly number[] | undefined {
  const read: Stamp[] = [];
  const known = new Map<string, Stamp>();
  for (const text of stamps) {
    const stamp = known.get(text) ?? readStamp(text);
    if (stamp === undefined) return undefined;
    known.set(text, stamp);
    read.push(stamp);
  }
  const yearless = read.filter(({ year }) => year === undefined).map(({ day }) => day);
  const start = startOf([...new Set(yearless)].sort((a, b) => a - b));
  const latest = Math.max(0, ...read.map(({ year }) => year ?? 0));
  return read.map(({ year, day }) =>
    year === undefined
      ? (latest + 1) * YEAR_DAYS + ((day - start + YEAR_DAYS) % YEAR_DAYS)
      : year * YEAR_DAYS + day,
  );
}

/** The day behind the longest gap of the year. */
function startOf(days: readonly number[]): number {
  const last = days.at(-1);
  const [first] = days;
  if (first === undefined || last === undefined) return 0;
  let start = first;
  let longest = first + YEAR_DAYS - last;
  for (const [at, day] of days.entries()) {
    const gap = day - (days[at - 1] ?? day);
    if (gap > longest) {
      longest = gap;
      start = day;
    }
  }
  return start;
}

const NAMED =
  /^(?:([A-Z][a-z]{2}) +(\d{1,2})|(\d{1,2}) +([A-Z][a-z]{2})) +(?:(\d{4})|(\d{1,2}:\S+))(?: (\d{4}))?$/;
const ISO = /^(\d{4})[-/](\d{2})[-/](\d{2})(?:[T+ ](.*))?$/;
const AMERICAN = /^(\d{2})[-/](\d{2})[-/](\d{4}|\d{2})(?: (.*))?$/;
const ZIP = /^(\d{2})-([A-Z][a-z]{2})-(\d{2})(?: (.*))?$/;
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?(?: ?(AM|PM))?/;

function readStamp(text: string): Stamp | undefined {
  const iso = ISO.exec(text);
  if (iso) return stampOf(Number(iso[1]), Number(iso[2]), Number(iso[3]), iso[4]);
  const named = NAMED.exec(text);
  if (named) {
    const month = MONTHS.indexOf(named[1] ?? named[4] ?? "") + 1;
    const year = named[5] ?? named[7];
    const day = Number(named[2] ?? named[3]);
    return stampOf(year === undefined ? undefined : Number(year), month, day, named[6]);
  }
  const american = AMERICAN.exec(text);
  if (american) {
    const year = fullYear(american[3] ?? "");
    return stampOf(year, Number(american[1]), Number(american[2]), american[4]);
  }
  const zip = ZIP.exec(text);
  if (!zip) return undefined;
  return stampOf(fullYear(zip[1] ?? ""), MONTHS.indexOf(zip[2] ?? "") + 1, Number(zip[3]), zip[4]);
}

/** Archives write two digits from 1980 on. */
function fullYear(text: string): number {
  const year = Number(text);
  return text.length === 4 ? year : year < 80 ? 2000 + year : 1900 + year;
}

function stampOf(
  year: number | undefined,
  month: number,
  day: number,
  clock: string | undefined,
): Stamp | undefined {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31)) return undefined;
  return { year, day: (month - 1) * 31 + day - 1 + fractionOf(clock) };
}

function fractionOf(clock: string | undefined): number {
  const read = clock === undefined ? undefined : CLOCK.exec(clock.trimStart());
  if (!read) return 0;
  const twelve = Number(read[1]) % 12;
  const hours = read[4] === undefined ? Number(read[1]) : read[4] === "PM" ? twelve + 12 : twelve;
  return (hours * 3_600 + Number(read[2]) * 60 + Number(read[3] ?? 0)) / 86_400;
}
