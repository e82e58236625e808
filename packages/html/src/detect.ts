/** Whether a text is a page, or a part of one. */
import { BLOCK, UNREAD, VOID } from "./tags.ts";

/** A document says what it is, more surely than XML does, which it may be too; a part of one is told by its tags. */
const DOCUMENT = 0.97;
const FRAGMENT = 0.85;
/** Characters. A document may stand below the headers of an answer. */
const MAX_ABOVE = 4_000;
const START = /(?:^|\n)[ \t\ufeff]{0,9}<(?:!doctype[ \t\r\n]{1,9}html|html)(?:[\s>]|$)/i;
const TAG = /<\/?([a-z][a-z0-9]{0,11})(?=[\s/>])/gi;
/** Tags of a part of a page: so many, and one for so many characters. */
const MIN_TAGS = 12;
const CHARACTERS_PER_TAG = 160;
const INLINE: ReadonlySet<string> = new Set(
  "a abbr b bdi bdo button cite code data del dfn em i ins kbd label map mark q s samp select small span strong sub sup textarea time title u var".split(
    " ",
  ),
);

/** 0 to 1, by the head of a text. */
export function detectPage(sample: string): number {
  const start = START.exec(sample.slice(0, MAX_ABOVE));
  if (start && isTaggedFrom(sample, start.index)) return isScripted(sample) ? 0 : DOCUMENT;
  if (!/^\s{0,99}<[a-z!]/i.test(sample)) return 0;
  if (/^\s{0,99}<!--/.test(sample) && !sample.includes("-->")) return 0;
  let known = 0;
  let unknown = 0;
  for (const [, name = ""] of sample.matchAll(TAG)) {
    // Names of HTML are lower-case where people write parts of pages; those of components are not.
    if (isKnown(name.toLowerCase()) && (name === name.toLowerCase() || name === name.toUpperCase()))
      known++;
    else unknown++;
  }
  if (isTemplate(sample)) return 0;
  const isDense = known >= MIN_TAGS && known * CHARACTERS_PER_TAG >= sample.length;
  return isDense && unknown * 10 <= known ? FRAGMENT : 0;
}

/** What a server takes out before a browser sees it: somebody writes that page. */
function isScripted(sample: string): boolean {
  return /<\?php\b|<\?=|<%[=@#-]?\s/.test(sample);
}

/** Whether parts of a page are what a template engine, or a framework of components, makes them of. */
function isTemplate(sample: string): boolean {
  if (isScripted(sample)) return true;
  const attributes = sample.split(/\s/).filter(isTemplateAttribute).length;
  const marks = attributes + (sample.match(TEMPLATE_MARK)?.length ?? 0);
  return marks >= MIN_MARKS && marks * CHARACTERS_PER_MARK >= sample.length;
}

const MIN_MARKS = 4;
const CHARACTERS_PER_MARK = 1_500;
/** Of Jinja, Liquid and Twig; Svelte; Handlebars. */
const TEMPLATE_MARK = /\{% |\{[#:@/](?:if|else|each|await|then|html|key|snippet|render)\b|\{\{/g;

/** `v-if="…"`, `on:click={…}`, `(click)="…"` */
function isTemplateAttribute(word: string): boolean {
  const end = word.indexOf("=");
  return (
    end > 0 &&
    (word[end + 1] === '"' || word[end + 1] === "{") &&
    ATTRIBUTE.test(word.slice(0, end))
  );
}

/** Names of attributes of Vue and Alpine, Svelte, Angular. */
const ATTRIBUTE =
  /^(?:v-(?:if|for|model|bind|on|html|slot)|on:[a-z]+|bind:[a-z]+|@[a-z]+|:[a-z]+|x-data|\*ng[A-Z][A-Za-z]+|\([a-z]+\)|\[[a-z]+\])$/;

/** Whether what follows is a page, and no diff or listing of one. */
function isTaggedFrom(sample: string, start: number): boolean {
  return sample.slice(start).search(/<\/?(?:head|body|meta|title|div|p|script|link)[\s>]/i) >= 0;
}

function isKnown(name: string): boolean {
  return BLOCK.has(name) || VOID.has(name) || UNREAD.has(name) || INLINE.has(name);
}
