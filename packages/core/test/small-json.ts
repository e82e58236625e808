/** Small JSON texts, each of which brings one choice of the encoder about, on either side of its bound. */

const times = <Item>(count: number, make: (at: number) => Item): Item[] =>
  Array.from({ length: count }, (_, at) => make(at));

const words = "ledger tenant quota shard cursor bucket worker replica gateway invoice".split(" ");
const word = (at: number): string => words[at % words.length] as string;

type Row = Readonly<Record<string, unknown>>;

/** Rows with an id and a word. */
const rows = (count: number, more: (at: number) => Row = () => ({})): Row[] =>
  times(count, (at) => ({ id: at, word: `${word(at)} ${at}`, ...more(at) }));

/** A text of so many words that stands nowhere else. */
const long = (count: number, first = 0): string =>
  times(count, (at) => `${word(first + at)}`).join(" ");

const wordsOfEight = "mountain railroad umbrella kangaroo notebook";

/** By what they show. */
export const smallJson: Readonly<Record<string, unknown>> = {
  // Rows: which objects are of one type.
  "two rows of long keys": times(2, (at) => ({ identifier: at, description: `d${at}` })),
  "two rows of short keys": times(2, (at) => ({ a: at, b: `d${at}` })),
  "three rows of short keys": times(3, (at) => ({ a: at, b: `d${at}` })),
  "six rows of one short key": times(6, (at) => ({ a: at })),
  "equal rows": times(4, () => ({ identifier: 1, description: "one" })),
  "neighbours that share half of their keys": [
    ...times(4, (at) => ({ name: `n${at}`, size: at, kind: "x", owner: `o${at}` })),
    ...times(3, (at) => ({ name: `n${at}`, size: at, length: at * 2, width: at * 3 })),
  ],
  "neighbours that share less": [
    ...times(4, (at) => ({ name: `n${at}`, size: at, kind: "x", owner: `o${at}` })),
    ...times(3, (at) => ({ name: `n${at}`, depth: at, length: at * 2, width: at * 3 })),
  ],
  "objects elsewhere that share three quarters": {
    first: times(4, (at) => ({ name: `n${at}`, size: at, kind: "x", owner: `o${at}` })),
    other: { name: "n", size: 1, kind: "y", width: 3 },
    third: { name: "m", size: 2, kind: "y" },
  },
  "objects elsewhere that share less": {
    first: times(4, (at) => ({ name: `n${at}`, size: at, kind: "x", owner: `o${at}` })),
    other: { name: "n", size: 1, depth: 2, width: 3 },
  },
  "keys in another order": [
    ...times(3, (at) => ({ name: `n${at}`, size: at, owner: `o${at}` })),
    ...times(2, (at) => ({ owner: `o${at}`, name: `n${at}`, size: at })),
  ],
  "keys more and less": times(8, (at) => ({
    name: `n${at}`,
    ...(at % 2 === 0 ? { size: at } : {}),
    owner: `o${at}`,
    ...(at % 3 === 0 ? { note: "x" } : {}),
  })),
  "a type by the key that most have": {
    users: rows(4),
    by: { ...rows(1)[0] },
    items: times(6, (at) => ({ user: { id: 10 + at, word: `w${at}` }, n: at })),
  },
  "types that want the same name": {
    user: times(3, (at) => ({ login: `l${at}`, identity: at })),
    deep: { user: times(3, (at) => ({ street: `s${at}`, number: at })) },
    more: { user: times(3, (at) => ({ colour: `c${at}`, weight: at })) },
  },
  "keys that are no names": {
    "own items": times(3, (at) => ({ "a b": at, "c.d": `d${at}`, $e: at * 2 })),
    $user: times(3, (at) => ({ street: `s${at}`, number: at })),
  },
  "rows among other things": [...rows(5), "a text", null, [1, 2], { other: true }],
  "rows that are fewer than half": [...rows(3), 1, 2, 3, 4],
  "rows of one cell among other things": [...times(5, (at) => ({ identifier: `i${at}` })), 7],
  "rows that are half": [...rows(4), 1, 2, 3, 4],
  "rows that are more than half": [...rows(5), 1, 2, 3, 4],
  "two rows in a list": { all: rows(5), some: [{ id: 9, word: "x" }, { id: 10, word: "y" }, 1] },
  "one row in a list": { all: rows(5), some: [{ id: 9, word: "x" }] },
  "three rows whose keys take eight tokens together": times(3, (at) => ({
    identity: at,
    x: at * 2,
  })),
  "three rows whose keys take fewer": times(3, (at) => ({ identity: at })),
  "a map of rows": Object.fromEntries(rows(5).map((row, at) => [`key ${at}`, row])),
  "rows in rows": rows(4, (at) => ({ user: { login: `l${at % 2}`, identity: at % 2 } })),
  "lists of rows in rows": rows(4, (at) => ({
    labels: times(at % 3, (n) => ({ name: `n${n}`, colour: `c${n}` })),
  })),
  "rows and lists of rows in one column": rows(6, (at) => ({
    label: at % 2 === 0 ? { name: `n${at}`, colour: "c" } : [{ name: `n${at}`, colour: "c" }],
  })),
  "rows of two types in one column": rows(8, (at) => ({
    of: at % 2 === 0 ? { name: `n${at}`, colour: "c" } : { street: `s${at}`, number: at },
  })),
  "a list of 193 tokens in rows": rows(3, (at) => ({ parts: parts(at, 24, 1) })),
  "a list of 201 tokens in rows": rows(3, (at) => ({ parts: parts(at, 25, 1) })),
  "an object of many tokens in rows": rows(3, (at) => ({
    parts: Object.fromEntries(times(70, (n) => [`k${n}`, n * at])),
  })),
  "a large row in a row": rows(3, (at) => ({
    parts: times(24, (n) => ({ part: `${word(n)} ${at}`, weight: n * at, price: n + at })),
  })),
  "a prototype": times(3, (at) => ({ constructor: `n${at}`, hasOwnProperty: at })),

  // Columns: what the header says.
  "a constant": rows(5, () => ({ state: "running" })),
  "a constant with an exception in four": rows(4, (at) => ({
    state: at === 2 ? "off" : "running well",
  })),
  "a constant with an exception in three": rows(3, (at) => ({
    state: at === 2 ? "off" : "running well",
  })),
  "a constant that costs as much as its exceptions": rows(8, (at) => ({ s: at < 2 ? 7 : 1 })),
  "a constant that is missing": rows(8, (at) => (at === 3 ? { note: "here" } : {})),
  "a constant that is a list": rows(5, () => ({ limits: [1, 2, { deep: "x" }] })),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the notation looks like this
  "a constant with a reference in it": rows(5, () => ({ state: "${word}/x" })),
  "a column of null and missing": rows(6, (at) => (at % 2 === 0 ? { note: null } : {})),
  "eight cells with a flag": times(6, (at) => wide(at, 7)),
  "nine cells with a flag": times(6, (at) => wide(at, 8)),
  "nine cells with a flag that changes": times(6, (at) => ({ ...wide(at, 8), flag: at % 2 === 0 })),
  "nine cells with a flag that rarely is a word": times(12, (at) => ({
    ...wide(at, 8),
    flag: at === 3 ? "on" : at === 5 ? null : true,
  })),

  // Columns made of others.
  "a field at the end of another": rows(4, (at) => ({ url: `https://example.com/items/${at}` })),
  "a field in the middle": rows(4, (at) => ({ url: `https://example.com/${at}/edit` })),
  "a field made of two": times(4, (at) => ({
    a: `x${at}`,
    b: `y${at * 7}`,
    c: `x${at}-and-y${at * 7}`,
  })),
  "a field that is another as text": rows(4, (at) => ({ id_text: `${at}` })),
  "a field that is equal to another": rows(4, (at) => ({ copy: `${word(at)} ${at}` })),
  "a short field inside a word": times(4, (at) => ({ n: at, name: `v${at}x and more of it` })),
  "a short field as a word": times(4, (at) => ({ n: at, name: `v-${at} and more of it` })),
  "a field of four letters inside a word": times(4, (at) => ({
    n: `abc${at}`,
    name: `vabc${at}x and more`,
  })),
  "a field made of a null": times(8, (at) => {
    const login = at === 3 ? null : `l${at}`;
    return { login, url: login && `https://example.com/users/${login}` };
  }),
  "a field made of others in most rows": times(8, (at) => ({
    login: `l${at}`,
    url: at > 5 ? "none at all" : `https://example.com/users/l${at}`,
  })),
  "a field made of others in too few rows": times(8, (at) => ({
    login: `l${at}`,
    url: at > 4 ? `none ${at}` : `https://example.com/users/l${at}`,
  })),
  "a field of which the first row is odd": times(8, (at) => ({
    login: `l${at}`,
    url: at < 1 ? "none at all" : `https://example.com/users/l${at}`,
  })),
  "a field with a quote in it": times(4, (at) => ({ n: `l${at}`, q: `say "l${at}" to them all` })),
  "a field with a comma": times(4, (at) => ({ n: `l${at}`, q: `say l${at}, to them all of us` })),
  "a field with braces": times(4, (at) => ({ n: `l${at}`, q: `https://example.com/l${at}{/key}` })),
  "a field of a quoted key": times(4, (at) => ({
    "n m": `l${at}`,
    q: `https://example.com/l${at}`,
  })),
  "a chain of fields": times(4, (at) => ({
    login: `l${at}`,
    url: `https://example.com/l${at}`,
    repos: `https://example.com/l${at}/repos`,
    hooks: `https://example.com/l${at}/repos/hooks`,
  })),
  "fields of two rows": times(2, (at) => ({
    login: `l${at}`,
    url: `https://example.com/users/l${at}`,
  })),
  "a field that is always the same in the sample": times(4, (at) => ({
    host: "example",
    url: `https://example.com/${word(at)}/index`,
  })),
  "a field made of others where one row is a string": times(6, (at) => ({
    n: `l${at}`,
    q: at === 2 ? "https://example.com/l2" : at,
  })),
  "a field of which the first four rows are odd": times(20, (at) => ({
    n: `l${at}`,
    q: at < 4 ? `odd ${word(at)} and nothing else` : `https://example.com/items/l${at}`,
  })),
  "a field of which the first three rows are odd": times(20, (at) => ({
    n: `l${at}`,
    q: at < 3 ? `odd ${word(at)} and nothing else` : `https://example.com/items/l${at}`,
  })),
  "a field that is odd outside of the sample": times(44, (at) => ({
    n: `l${at}`,
    q: at % 4 === 1 ? `odd ${word(at)}` : `https://example.com/items/l${at}`,
  })),
  "a field that is odd too often outside of the sample": times(44, (at) => ({
    n: `l${at}`,
    q: at % 4 === 1 || at === 2 ? `odd ${word(at)}` : `https://example.com/items/l${at}`,
  })),
  "a field of which the last of eleven rows is odd": times(11, (at) => ({
    n: `l${at}`,
    q: at > 9 ? `odd ${word(at)}` : `https://example.com/items/l${at}`,
  })),
  "a field of which the last two of eleven rows are odd": times(11, (at) => ({
    n: `l${at}`,
    q: at > 8 ? `odd ${word(at)}` : `https://example.com/items/l${at}`,
  })),
  "a field of which the last two of twelve rows are odd": times(12, (at) => ({
    n: `l${at}`,
    q: at > 9 ? `odd ${word(at)}` : `https://example.com/items/l${at}`,
  })),
  "a field made of one that stands behind it": times(4, (at) => ({
    q: `https://example.com/items/l${at}/x`,
    n: `l${at}`,
  })),
  "fields as long as each other": times(4, (at) => ({
    a: `one-${at}-two`,
    b: `two-${at}-one`,
    n: at,
  })),
  "negative numbers in a field": times(4, (at) => ({
    n: -at - 1,
    name: `the value is ${-at - 1} here`,
  })),

  // Objects that are no rows.
  "a field that begins as a sibling": {
    url: "https://example.com/acme/rocket",
    forks: "https://example.com/acme/rocket/forks",
    keys: "https://example.com/acme/rocket{/key}",
    git: "https://example.com/acme/rocket.git",
    none: "https://example.com/acme/rockets",
    same: "https://example.com/acme/rocket",
  },
  "siblings of ten letters": {
    a: "abcdef/ghi",
    b: "abcdef/ghi/x",
    c: "abcdef/gh",
    d: "abcdef/gh/x",
  },
  "siblings in a chain": {
    a: "https://a.example/b",
    b: "https://a.example/b/c",
    c: "https://a.example/b/c/d",
  },
  "siblings of 200 letters": {
    a: `/${"x/".repeat(98)}y`,
    b: `/${"x/".repeat(98)}y/z`,
    c: `/${"x/".repeat(99)}y`,
    d: `/${"x/".repeat(99)}y/z`,
  },
  "siblings with commas": { a: "https://a.example/b", b: "https://a.example/b/c, d", c: "x" },
  "siblings with every separator": {
    a: "https://a.example/b",
    ...Object.fromEntries(
      [..."/?#{.:-_=&"].map((sign, at) => [
        `k${at}`,
        `https://a.example/b${sign}c${sign === "{" ? "}" : ""}`,
      ]),
    ),
  },

  // Blocks: what gets lines of its own.
  "a short object": { a: 1, b: "two words", c: [1, 2, 3] },
  "an object of 24 tokens": Object.fromEntries(times(12, (at) => [`k${at}`, at])),
  "an object of 23 tokens": Object.fromEntries(times(11, (at) => [`k${at}`, at])),
  "a long list of scalars": times(40, (at) => at * 37),
  "a list of lists": times(8, (at) => [at, [at + 1], "word"]),
  "an object in an object": { a: Object.fromEntries(times(14, (at) => [`k${at}`, [at]])), b: 1 },
  "rows of empty objects and lists": times(9, (at) => [{}, [], at]),

  // Names.
  "a text of 18 tokens that comes twice": { a: long(18), b: long(18), c: 1 },
  "a text of 17 tokens that comes twice": { a: long(17), b: long(17), c: 1 },
  "a text of ten tokens that comes thrice": [long(10), 1, long(10), 2, long(10)],
  "a text of nine tokens that comes thrice": [long(9), 1, long(9), 2, long(9)],
  "a text of five tokens that comes often": times(8, (at) => [at, long(5)]),
  "a text of four tokens that comes often": times(8, (at) => [at, long(4)]),
  "a short text that comes often": times(12, (at) => [at, "one two"]),
  "a number that comes often": times(12, (at) => [at, "2026-03-01 10:00:00, 12.5"]),
  "a number behind a letter that comes often": times(12, (at) => [at, "v2026-03-01 10:00:00"]),
  "a number before a letter that comes often": times(12, (at) => [at, "2026-03-01 10:00:00Z"]),
  "a path that begins alike": times(6, (at) => [`/srv/application/releases/${word(at)}.ts`, at]),
  "a path that begins alike in few": times(2, (at) => [
    `/srv/application/releases/${word(at)}.ts`,
    at,
  ]),
  "paths in sentences": times(5, (at) => [
    `see /srv/application/releases/${word(at)}, or (/srv/application/releases/x)`,
    at,
  ]),
  "paths at two depths": times(8, (at) => [
    `/srv/application/releases/current/${at % 2 === 0 ? "packages/core/src" : "test"}/${word(at)}.ts`,
    at,
  ]),
  "a folder that stands in a header, too": {
    rows: rows(4, (at) => ({
      url: `https://registry.example.com/packages/${at}`,
      home: "https://registry.example.com/packages",
    })),
    others: times(6, (at) => [`https://registry.example.com/packages/${word(at)}`, at]),
  },
  "a URL with a query": times(6, (at) => [
    `https://api.example.com/search/code?page=${at}&x=1`,
    at,
  ]),
  "a path behind a sign": times(6, (at) => [`x=/srv/application/releases/${word(at)}`, at]),
  "a path behind an escape": times(6, (at) => [`one\n/srv/application/releases/${word(at)}`, at]),
  "a path of 200 letters and more": times(6, (at) => [`/${"abcdefgh/".repeat(23)}${word(at)}`, at]),
  "a text of seven letters that comes often": times(12, (at) => [at, "a-b_c+d"]),
  "a text of eight letters that comes often": times(12, (at) => [at, "a-b_c+de"]),
  "a beginning of eight letters": times(12, (at) => [`/a/b/c/d/${word(at)}${at}`, at]),
  "a beginning of seven letters": times(12, (at) => [`/a/b/c/${word(at)}${at}`, at]),
  "a beginning that ends in a colon": times(12, (at) => [
    `https://${word(at)}.example.com/${at}`,
    at,
  ]),
  "a beginning with a long scheme": times(12, (at) => [
    `svn-ssh-tunnel://${word(at)}${at}.example.com/`,
    at,
  ]),
  "paths that end in a colon or a slash": times(8, (at) => [
    `in /srv/application/releases: ${at}, /srv/application/releases/ and /srv/application//releases`,
    at,
  ]),
  "a beginning of one word": times(12, (at) => [`internationalization/${word(at)}${at}`, at]),
  "a beginning of digits": times(12, (at) => [`2026/11/28/17/${word(at)}${at}`, at]),
  "paths in brackets and quotes": times(6, (at) => [
    `(/srv/application/releases/${at}) '/srv/application/releases' [/srv/application/releases] x/srv/application/releases`,
    at,
  ]),
  "paths before other signs": times(6, (at) => [
    `/srv/application/releases#${at} /srv/application/releases@2 /srv/application/releases;`,
    at,
  ]),
  "lines that come back": times(4, (at) => `head ${at}\n${long(9)} of a line\nfoot ${at}`),
  "lines of 39 and of 40 letters": times(
    9,
    (at) => `${at}\n${long(9).slice(0, 39)}\n${long(9, 3).slice(0, 40)}\n${at}`,
  ),
  "texts of lines that come back": times(3, (at) => [`${long(9)}\n${long(7, 3)}`, at]),
  "lines of five long words that come eight times": times(
    8,
    (at) => `${at}\n${wordsOfEight}\n${at}`,
  ),
  "lines of five long words that come seven times": times(
    7,
    (at) => `${at}\n${wordsOfEight}\n${at}`,
  ),
  "texts of two lines that come twice, just worth a name or not": [12, 13, 14, 15].map((count) =>
    times(2, (at) => [`${long(count, count)}\nend`, at]),
  ),
  "lines with returns": times(4, (at) => `head ${at}\r\n${long(9)} of a line\r\nfoot ${at}`),
  "a list that comes twice": { a: [1, 2, long(4), { b: 1 }], c: [1, 2, long(4), { b: 1 }], d: 0 },
  "a list that comes often": times(6, (at) => [at, [1, 2, "three", 4]]),
  "a list of ten digits that comes twice": {
    a: times(10, (at) => at),
    b: times(10, (at) => at),
    c: 1,
  },
  "a list of nine digits that comes twice": {
    a: times(9, (at) => at),
    b: times(9, (at) => at),
    c: 1,
  },
  "a list of ten digits in lists, one of which comes twice": ["x", "y", "x"].map((sign) => [
    times(10, (at) => at),
    sign,
  ]),
  "a list of nine digits in lists, one of which comes twice": ["x", "y", "x"].map((sign) => [
    times(9, (at) => at),
    sign,
  ]),
  "an object that comes twice": {
    a: { one: 1, two: long(4), three: [1, 2] },
    b: { one: 1, two: long(4), three: [1, 2] },
  },
  "a row that comes often": rows(6, (at) => ({
    user: { login: `somebody ${at % 2}`, mail: `somebody${at % 2}@example.com`, identity: at % 2 },
  })),
  "an object in one that comes often": times(5, (at) => ({
    n: at,
    a: { b: { c: long(5), d: [1, 2] }, e: long(4, 2) },
    f: { c: long(5), d: [1, 2] },
  })),
  "names that stand in the text": [..."@1 @2 @12".split(" "), ...times(4, () => long(9))],

  // JSON in strings.
  "JSON in a string": { a: JSON.stringify({ ok: true, list: [1, 2] }) },
  "JSON in a string, indented by two": { a: JSON.stringify({ ok: true, list: [1, 2] }, null, 2) },
  "JSON in a string, indented by four": { a: JSON.stringify({ ok: true, list: [1, 2] }, null, 4) },
  "JSON in a string, indented by three": { a: JSON.stringify({ ok: true, list: [1, 2] }, null, 3) },
  "JSON in a string, with blanks": { a: '{"ok": true, "list": [1, 2]}' },
  "JSON in a string, with other blanks": { a: '{"ok" :true}' },
  "JSON in a string without a string": { a: "[1,2,3]" },
  "JSON in a string that is cut": { a: '{"ok":true,"list":[1,2' },
  "rows in a string": { a: JSON.stringify(rows(4)) },
  "rows in strings": times(4, (at) => ({
    id: at,
    body: JSON.stringify({ kind: "x", number: at * 7 }),
  })),
  "JSON in strings in strings": inStrings(3),
  "JSON in four strings": inStrings(4),
  "JSON in a string that comes twice": times(2, () => JSON.stringify({ ok: true, list: [1, 2] })),
};

function parts(row: number, count: number, first: number): Row[] {
  return times(count, (n) => ({ part: `${word(n + first)} ${row}`, size: n }));
}

function wide(at: number, cells: number): Row {
  const entries = times(cells, (n) => [`c${n}`, `${word(n)}${at * (n + 1)}`] as const);
  return Object.fromEntries([...entries, ["flag", true]]);
}

function inStrings(depth: number): unknown {
  let value: unknown = { leaf: "a b" };
  for (let level = 0; level < depth; level++) value = { level, text: JSON.stringify(value) };
  return value;
}
