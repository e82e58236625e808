/**
 * The first line of every lossless form: `[json] …`, `[lines] …`, `[log] …`, `[table] …`.
 *
 * A legend is made of fixed sentences, one for each feature of the notation, and holds only those that the text below it
 * uses. A feature is explained by the same sentence in every kind. docs/notation.md has an example for each.
 */

/** The sentences in the order in which a legend gives them. Each holds its own small example. */
const SENTENCES = {
  rows: "T(a,b): T rows list a,b.",
  runs: "1..9: a row for each of 1 to 9.",
  nested: "a:U: a is a U row.",
  lists: "a:U[]: a lists U rows.",
  constants: "| c=1: c is 1 in every row.",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the notation looks like this
  derived: "d=x/${a}: x/ and the a beside it.",
  always: 'c="x": c is x in every row.',
  ends: 'a="x/"*: every a starts with x/.',
  joined: "a@+ b: b continues a without a space.",
  header: "\\h: the line of names.",
  widths: "\\widths: other places from here on.",
  tables: "\\table: other columns from here on.",
  exceptions: ";c=2: in this row c is 2.",
  absent: 'Empty: no such key, not "".',
  shapes: "#a[9]=GET {} took {} ms: 9 lines have this shape; #a /x 3 is GET /x took 3 ms.",
  blocks: "#a[9, 3 lines]=: 9 times these 3 lines; #a x 3 is one of them, with x and 3 for {}.",
  repeats: "{1}, {2}: the row's 1st, 2nd value again.",
  above: "^: the same value as in the row above.",
  aboveOfShape: "^: the same value as in the last line of this shape.",
  stamps: "…43: the stamp above, its end replaced by 43.",
  sameStamp: "… alone: the same stamp.",
  zones: "Its zone stays.",
  braces: "{, }a{b, c}: ab, ac.",
  breaks: "\\n: a line break in a cell.",
  escaped: "\\ at the start of a line: the rest is plain text.",
  embedded: "json(x): JSON x as a string.",
  again: "#*9: the line above 9 more times.",
  begins: "#=x: the lines below it that begin with a blank are x and the rest.",
  names: "@1=x: @1 stands for x.",
  crlf: "Lines end in CRLF.",
} as const;

/** What a sentence is instead where rows have exceptions from it; `exceptions` then needs none of its own. */
const WITH_EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ["constants", "| c=1: c is 1 in every row but those with ;c=2."],
  ["always", 'c="x": c is x in every row but those with ;c=2.'],
]);

/** What a lossless form can use, and its legend then explains. */
export type Feature = keyof typeof SENTENCES;

/** Every feature, in the order of a legend. */
export const FEATURES: readonly Feature[] = Object.keys(SENTENCES) as Feature[];

/** The sentence that explains a feature. */
export function sentenceOf(feature: Feature): string {
  return SENTENCES[feature];
}

function sentencesOf(features: ReadonlySet<Feature>): readonly string[] {
  const used = FEATURES.filter((feature) => features.has(feature));
  if (!features.has("exceptions") || !used.some((feature) => WITH_EXCEPTIONS.has(feature)))
    return used.map(sentenceOf);
  return used
    .filter((feature) => feature !== "exceptions")
    .map((feature) => WITH_EXCEPTIONS.get(feature) ?? sentenceOf(feature));
}

const UNITS = ["lines", "lines in columns"] as const;
type Unit = (typeof UNITS)[number];

/** How many lines a form stands for; of a table, how many are in columns. */
export interface Size {
  readonly count: number;
  readonly unit: Unit;
}

/** The legend of a form of this kind that uses these features, without a line break: `[log] 9 lines. …`. */
export function printLegend(kind: string, features: ReadonlySet<Feature>, size?: Size): string {
  const used = sentencesOf(features);
  const counted = size === undefined ? [] : [`${size.count} ${size.unit}.`];
  return [`[${kind}]`, ...counted, ...used].join(" ");
}

/** A legend as read. */
export interface Legend {
  readonly features: ReadonlySet<Feature>;
  readonly size: Size | undefined;
  /** Where the line behind the legend starts. */
  readonly end: number;
}

/** The legend of this kind in the first line of a text: exactly what `printLegend` writes, or `undefined`. */
export function readLegend(kind: string, text: string): Legend | undefined {
  const tag = `[${kind}]`;
  if (!text.startsWith(tag)) return undefined;
  const size = readSize(text, tag.length + 1);
  let at = tag.length + (size === undefined ? 0 : `${size.count} ${size.unit}. `.length);
  const features = new Set<Feature>();
  for (const feature of FEATURES) {
    const other = WITH_EXCEPTIONS.get(feature);
    const hasOther = other !== undefined && text.startsWith(` ${other}`, at);
    const sentence = hasOther ? other : sentenceOf(feature);
    if (!text.startsWith(` ${sentence}`, at)) continue;
    features.add(feature);
    if (hasOther) features.add("exceptions");
    at += sentence.length + 1;
  }
  const isLegend = text.startsWith(`${printLegend(kind, features, size)}\n`);
  return isLegend ? { features, size, end: at + 1 } : undefined;
}

function readSize(text: string, at: number): Size | undefined {
  const space = text.indexOf(" ", at);
  const count = Number(text.slice(at, space));
  if (space < 0 || space - at > 15 || !Number.isSafeInteger(count)) return undefined;
  const unit = UNITS.find((name) => text.startsWith(`${count} ${name}.`, at));
  return unit === undefined ? undefined : { count, unit };
}

/** Whether the first line of a text is a legend of this kind. */
export function hasLegend(kind: string, text: string): boolean {
  return readLegend(kind, text) !== undefined;
}
