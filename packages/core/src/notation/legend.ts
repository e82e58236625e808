/**
 * The first line of every lossless form: `[json] …`, `[log] …`, `[table] …`.
 *
 * A legend is made of fixed sentences, one for each feature of the notation, and holds only those that the text below it
 * uses. A feature is explained by the same sentence in every kind. docs/notation.md has an example for each.
 */

/** The sentences in the order in which a legend gives them. Each holds its own small example. */
const SENTENCES = {
  rows: "T(a,b): T rows list a,b.",
  constants: "T(a | c=1): c is 1 in every row.",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the notation looks like this
  derived: "d=x/${a}: d is x/ and the row's a.",
  exceptions: "A row that ends in ;c=2 has c 2 instead.",
  absent: "Nothing between commas or after =: no such key.",
  shapes: "#a=GET {} took {} ms: #a /x 3 is that line.",
  repeats: "{1}: the row's 1st value again.",
  above: "^: the same value as in the row above.",
  stamps: "…43: the stamp above, its end replaced by 43.",
  escaped: "\\ at the start of a line: the rest is plain text.",
  names: "@1=text: @1 stands for text.",
} as const;

/** What a lossless form can use, and its legend then explains. */
export type Feature = keyof typeof SENTENCES;

/** Every feature, in the order of a legend. */
export const FEATURES: readonly Feature[] = Object.keys(SENTENCES) as Feature[];

/** The sentence that explains a feature. */
export function sentenceOf(feature: Feature): string {
  return SENTENCES[feature];
}

/** The legend of a form of this kind that uses these features, without a line break. */
export function printLegend(kind: string, features: ReadonlySet<Feature>): string {
  const used = FEATURES.filter((feature) => features.has(feature));
  return [`[${kind}]`, ...used.map(sentenceOf)].join(" ");
}

/** Whether the first line of a text is a legend of this kind: exactly what `printLegend` writes. */
export function hasLegend(kind: string, text: string): boolean {
  const tag = `[${kind}]`;
  if (!text.startsWith(tag)) return false;
  let at = tag.length;
  for (const feature of FEATURES) {
    const sentence = sentenceOf(feature);
    if (text.startsWith(` ${sentence}`, at)) at += sentence.length + 1;
  }
  return text.charCodeAt(at) === 10;
}
