/**
 * JSON documents made of a seed, as tools answer: rows of many kinds of columns, in several frames.
 *
 * The same seed gives the same document everywhere, so that what becomes of it can be committed and compared.
 */

/** A source of numbers that depends on its seed alone (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A number from 0 up to, and without, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** One of these. */
  of<Item>(items: readonly Item[]): Item {
    return items[this.whole(0, items.length - 1)] as Item;
  }

  /** True once in so many times. */
  once(times: number): boolean {
    return this.whole(1, times) === 1;
  }

  /** Some of these, in their order. */
  some<Item>(items: readonly Item[], count: number): Item[] {
    const places = items.map((_, at) => at);
    while (places.length > count) places.splice(this.whole(0, places.length - 1), 1);
    return places.map((at) => items[at] as Item);
  }
}

type Cell = (row: number, dice: Dice) => unknown;

const WORDS =
  "ledger tenant quota shard cursor bucket worker replica gateway invoice parcel orchard".split(
    " ",
  );
const NAMES = "ada grace linus margaret ken barbara edsger radia leslie frances".split(" ");

function stamp(minutes: number): string {
  return new Date(Date.UTC(2026, 2, 1) + minutes * 60_000).toISOString();
}

function sentence(dice: Dice, length: number): string {
  const words = Array.from({ length }, () => dice.of(WORDS));
  const text = words.join(" ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function prose(dice: Dice, sentences: number): string {
  return Array.from({ length: sentences }, () => sentence(dice, dice.whole(5, 14))).join(" ");
}

function code(dice: Dice, length: number): string {
  return Array.from({ length }, () => dice.whole(0, 15).toString(16)).join("");
}

function user(dice: Dice): object {
  const login = dice.of(NAMES);
  return {
    login,
    id: 100 + NAMES.indexOf(login),
    url: `https://api.example.com/users/${login}`,
    repos_url: `https://api.example.com/users/${login}/repos`,
    site_admin: login === "ken",
  };
}

const TRACE = [
  "Traceback (most recent call last):",
  '  File "/srv/app/releases/current/orders/booking.py", line 41, in book',
  '  File "/srv/app/releases/current/orders/stock.py", line 117, in reserve',
  "ValueError: no stock left for this order",
].join("\n");

/** A column by its key: what stands in a row. `undefined` leaves the key out. */
const COLUMNS: Readonly<Record<string, Cell>> = {
  id: (row) => 4_000 + row,
  uuid: (_row, dice) => `${code(dice, 8)}-${code(dice, 4)}-4${code(dice, 3)}-${code(dice, 12)}`,
  level: (_row, dice) => (dice.once(40) ? "ERROR" : dice.once(6) ? "WARN" : "INFO"),
  message: (row, dice) =>
    dice.once(30)
      ? `Failed to reserve ${dice.of(WORDS)}: connection refused`
      : `Processed ${dice.of(WORDS)} batch ${row * 17} of user_${dice.whole(1, 900)}`,
  at: (row, dice) => stamp(row * 7 + dice.whole(0, 6)),
  created_at: (_row, dice) => stamp(dice.whole(0, 400_000)).slice(0, 10),
  url: (row) => `https://api.example.com/repos/acme/rocket/issues/${4_000 + row}`,
  user: (_row, dice) => (dice.once(9) ? null : user(dice)),
  labels: (_row, dice) =>
    dice
      .some(["bug", "p1", "docs", "infra"], dice.whole(0, 2))
      .map((name) => ({ name, color: `${name}-color`, default: name === "bug" })),
  tags: (_row, dice) => dice.some(["red", "blue", "large", "small"], dice.whole(1, 3)),
  note: (_row, dice) => (dice.once(3) ? sentence(dice, 4) : dice.once(2) ? null : undefined),
  ok: (_row, dice) => !dice.once(12),
  archived: () => false,
  ms: (_row, dice) => (dice.once(50) ? dice.whole(40_000, 60_000) : dice.whole(20, 60)),
  bytes: (_row, dice) => Math.floor(10 ** (1 + dice.next() * 6)),
  load: (row, dice) => (row < 40 ? 10 : 45) + dice.whole(0, 4),
  score: (row, dice) => Number((0.99 - row * 0.006 - dice.next() * 0.004).toFixed(4)),
  stock: (_row, dice) => (dice.once(60) ? -3 : dice.whole(5, 90)),
  group: (row) => `team-${"abcdefgh".charAt(Math.floor(row / 24) % 8)}`,
  role: (_row, dice) => (dice.once(45) ? "owner" : dice.once(2) ? "viewer" : "editor"),
  version: (_row, dice) => `${dice.whole(1, 3)}.${dice.whole(0, 12)}.${dice.whole(0, 5)}`,
  path: (_row, dice) => `/srv/app/releases/current/${dice.of(WORDS)}/${dice.of(WORDS)}.ts`,
  text: (_row, dice) => prose(dice, dice.whole(1, 3)),
  stack: (_row, dice) => (dice.once(3) ? `${TRACE}\nat order ${dice.whole(1, 9)}` : "ok"),
  raw: (row, dice) => JSON.stringify({ row, word: dice.of(WORDS), list: [1, dice.whole(1, 9)] }),
  point: (_row, dice) => [dice.whole(-90, 90), Number((dice.next() * 180).toFixed(3))],
  limits: () => ({ cpu: "500m", memory: "512Mi", ports: [80, 443] }),
  state: (_row, dice) =>
    dice.once(25) ? { waiting: { reason: "CrashLoopBackOff" } } : { running: {} },
  note_html: (_row, dice) => (dice.once(5) ? `<p>${sentence(dice, 6)}</p>` : ""),
};

function rowsOf(dice: Dice, count: number, width: number): object[] {
  const keys = dice.some(Object.keys(COLUMNS), width);
  return Array.from({ length: count }, (_, row) =>
    Object.fromEntries(keys.map((key) => [key, COLUMNS[key]?.(row, dice)])),
  );
}

type Frame = (dice: Dice, rows: readonly object[]) => string;

const FRAMES: Readonly<Record<string, Frame>> = {
  list: (_dice, rows) => JSON.stringify(rows),
  indented: (_dice, rows) => JSON.stringify({ total: rows.length, items: rows }, null, 2),
  lines: (_dice, rows) => rows.map((row) => JSON.stringify(row)).join("\n"),
  map: (_dice, rows) =>
    JSON.stringify(Object.fromEntries(rows.map((row, at) => [`${WORDS[at % 12]}_${at}`, row]))),
  "in a string": (_dice, rows) =>
    JSON.stringify({ content: [{ type: "text", text: JSON.stringify(rows, null, 2) }] }),
  "with prose": (_dice, rows) =>
    `Found ${rows.length} results:\n${JSON.stringify(rows)}\n\nNext page: 2`,
  "two tables": (dice, rows) =>
    JSON.stringify({
      first: rows,
      second: rowsOf(dice, Math.ceil(rows.length / 2), 3),
      settings: { region: "eu-west-1", retries: 3, owner: user(dice) },
    }),
  pages: (dice, rows) =>
    JSON.stringify(
      Array.from({ length: 4 }, (_, page) => ({
        page,
        next: page === 3 ? null : `https://api.example.com/pages/${page + 1}`,
        rows: rows.filter((_row, at) => at % 4 === page),
        by: user(dice),
      })),
    ),
  tuples: (dice, rows) =>
    JSON.stringify({
      metric: "load",
      values: rows.map((_, at) => [
        1_772_323_200 + at * 60,
        (at < rows.length / 2 ? 3 : 9) + dice.whole(0, 3) / 4,
      ]),
    }),
  strings: (dice, rows) =>
    JSON.stringify(
      rows.map((_, at) =>
        dice.once(40)
          ? `GET /orders/${at} 500 error: internal`
          : `GET /orders/${at} 200 ${dice.whole(1, 90)} ms`,
      ),
    ),
  "escaped slashes": (_dice, rows) => JSON.stringify(rows).replaceAll("/", "\\/"),
};

/** The frames in which rows can stand. */
export const frames: readonly string[] = Object.keys(FRAMES);

/** A document, and the seed it is made of. */
export interface GeneratedJson {
  readonly seed: number;
  readonly text: string;
}

/**
 * A document of at least a quarter of `mostRows` rows.
 *
 * @param frame - One of `frames`.
 */
export function generatedJson(seed: number, frame: string, mostRows: number): GeneratedJson {
  const dice = new Dice(1_000 * seed + frames.indexOf(frame));
  const count = dice.whole(Math.ceil(mostRows / 4), mostRows);
  const rows = rowsOf(dice, count, dice.whole(3, 10));
  return { seed, text: (FRAMES[frame] as Frame)(dice, rows) };
}
