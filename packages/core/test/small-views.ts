/** JSON documents of which a view leaves something out, each on one side of a bound of `select/`. */

const times = <Item>(count: number, make: (at: number) => Item): Item[] =>
  Array.from({ length: count }, (_, at) => make(at));

const words = "ledger tenant quota shard cursor bucket worker replica gateway invoice".split(" ");
const word = (at: number): string => words[at % words.length] as string;
const letter = (at: number): string => "abcdefghijklmnopqrstuvwxyz".charAt(at % 26);

/** Sentences about nothing. */
const prose = (sentences: number, first = 0): string =>
  times(
    sentences,
    (at) => `The ${word(first + at)} of the ${word(first + 3 * at + 1)} is part ${first + at}.`,
  ).join(" ");

/** Rows that are all alike. */
const dull = (count: number, more: (at: number) => object = () => ({})): object[] =>
  times(count, (at) => ({
    id: 500 + at,
    level: at % 7 === 3 ? "WARN" : "INFO",
    ms: 40 + ((at * 7) % 11),
    ...more(at),
  }));

/** Rows of many shapes. */
const mixed = (count: number): object[] =>
  times(count, (at) => ({
    id: 500 + at,
    name: `${word(at)} ${letter(at)}${letter(at * 7)}`,
    ms: (at * 7919) % 907,
  }));

export interface SmallView {
  readonly value: unknown;
  readonly budgets: readonly number[];
  readonly query?: string;
}

/** By what they show. */
export const smallViews: Readonly<Record<string, SmallView>> = {
  "eight items stay, whatever the budget": { value: dull(8), budgets: [1] },
  "nine need not": { value: dull(9), budgets: [1, 400] },
  "alike rows: three examples": { value: dull(200), budgets: [50, 500, 5_000] },
  "rows of many shapes: more examples as there is room": {
    value: mixed(200),
    budgets: [50, 200, 1_000],
  },
  "failures bring fewer examples": {
    value: mixed(200).map((row, at) => (at % 20 === 5 ? { ...row, state: "FAILED" } : row)),
    budgets: [200, 1_000],
  },
  "rows of numbers": { value: times(200, (at) => (at * 7919) % 907), budgets: [50, 200] },
  "rows with a question": {
    value: mixed(200),
    budgets: [50, 400],
    query: "the quota with the highest ms",
  },
  "rows a question ties": { value: dull(200), budgets: [50, 400], query: "WARN" },
  "groups end": {
    value: dull(120, (at) => ({ team: `team ${letter(Math.floor(at / 30))}` })),
    budgets: [60, 900],
  },
  "a level shifts": {
    value: dull(120, (at) => ({ load: (at < 70 ? 5 : 90) + (at % 3) })),
    budgets: [60, 900],
  },

  "24 long texts: a shelf, each is seen": {
    value: times(24, (at) => ({ title: word(at), text: prose(30, at) })),
    budgets: [400, 2_000],
  },
  "25 long texts: rows": {
    value: times(25, (at) => ({ title: word(at), text: prose(30, at) })),
    budgets: [400, 2_000],
  },
  "a shelf with a question": {
    value: times(12, (at) => ({
      text: `${prose(20, at)} ${at === 7 ? "The retention is long." : ""} ${prose(20, at)}`,
    })),
    budgets: [400],
    query: "How long is the retention?",
  },
  "a shelf of strings": { value: times(12, (at) => prose(40, at)), budgets: [400] },

  "a record: cheap fields stay, dear ones share": {
    value: { name: "x", size: 3, a: prose(60), b: prose(10), c: dull(60), d: dull(9) },
    budgets: [100, 600, 1_500],
  },
  "a record in a record": {
    value: { a: { b: { c: dull(60), d: prose(40) }, e: 1 }, f: 2 },
    budgets: [100, 600],
  },
  "a small list of long things": {
    value: [prose(40), dull(40), { a: prose(40, 7) }],
    budgets: [100, 600],
  },
  "rows in rows": { value: dull(40, () => ({ parts: dull(40) })), budgets: [300, 3_000] },
  "rows in few rows": { value: { pages: times(3, () => ({ rows: dull(60) })) }, budgets: [300] },
  "failures in rows in rows: eight of them": {
    value: dull(12, () => ({
      parts: times(40, (at) => ({
        n: at,
        s: at % 3 === 0 ? `FAILED: ${word(at)}` : `${word(at)} is done`,
      })),
    })),
    budgets: [300],
  },
  "long strings in rows": {
    value: dull(40, (at) => ({ text: prose(12, at) })),
    budgets: [300, 3_000],
  },
  "a row that must stay and is long": {
    value: dull(80, (at) => ({ text: at === 40 ? `FAILED: ${prose(60)}` : "done" })),
    budgets: [60, 900],
  },

  "a map": {
    value: Object.fromEntries(times(60, (at) => [`${word(at)}_${at}`, { size: at, state: "ok" }])),
    budgets: [100, 2_000],
  },
  "a map of long texts": {
    value: Object.fromEntries(times(60, (at) => [`${word(at)}_${at}`, prose(10, at)])),
    budgets: [400],
  },
  "a map in a record": {
    value: { map: Object.fromEntries(times(60, (at) => [`k${at}`, at])), n: 1 },
    budgets: [60],
  },
  "a key with brackets": { value: { "a[0]]": dull(60), b: 1 }, budgets: [60] },
  "a key of 90 letters": { value: { ["k".repeat(90)]: dull(60), b: 1 }, budgets: [60] },
  "six places": {
    value: Object.fromEntries(times(6, (at) => [`t${at}`, dull(20 + at)])),
    budgets: [60],
  },

  "one sentence over and over, dear": {
    value: times(60, (at) => `GET /orders/${at} 200 OK`),
    budgets: [5_000],
  },
  "one sentence over and over, cheap": {
    value: times(20, (at) => `ok ${at}`),
    budgets: [5_000],
  },
  "one sentence in rows": {
    value: dull(9, () => ({ log: times(60, (at) => `GET /orders/${at} 200 OK`) })),
    budgets: [90_000],
  },

  "JSON in a string": { value: { text: JSON.stringify(dull(60)) }, budgets: [100] },
  "JSON in a string of 199 and 200 characters": {
    value: {
      a: JSON.stringify({ a: "x".repeat(187) }),
      b: JSON.stringify({ a: "x".repeat(188) }),
      c: dull(60),
    },
    budgets: [40],
  },
  "JSON in strings in strings": { value: inStrings(3), budgets: [100] },
  "JSON in four strings": { value: inStrings(4), budgets: [100] },
  "JSON in a string with a question": {
    value: { text: JSON.stringify({ a: prose(30), b: mixed(60) }) },
    budgets: [100],
    query: "the quota with the highest ms",
  },
  "JSON in a string with half a pair of surrogates": {
    value: { text: `["\ud800",${JSON.stringify(dull(60))}]` },
    budgets: [100],
  },
  "a string that only looks like JSON": { value: { text: `{${prose(60)}}` }, budgets: [100] },
};

function inStrings(depth: number): unknown {
  let value: unknown = { rows: dull(60) };
  for (let level = 0; level < depth; level++) value = { text: JSON.stringify(value) };
  return value;
}
