/** Sentences that people write, and how they go on from line to line. */

/** Characters. More of a line is not looked at. */
const MAX_LOOK = 240;
/** So many words in a line are a sentence, whatever they are. */
const MANY_WORDS = 12;

/** Whether most of a line is words of a sentence: many, or with small words among them. */
export function isSentence(line: string): boolean {
  let words = 0;
  let plain = 0;
  let small = 0;
  for (const word of line.slice(0, MAX_LOOK).split(" ")) {
    if (word === "") continue;
    words++;
    if (!WORD.test(word)) continue;
    plain++;
    if (SMALL_WORDS.has(word.toLowerCase())) small++;
  }
  if (words >= MANY_WORDS && plain >= words * 0.8) return true;
  return words >= 5 && plain >= words * 0.7 && small >= 1;
}

/** A width that most long lines come near to: where paragraphs are wrapped. */
export function usualWidth(lines: readonly string[]): number {
  const lengths = lines.map((line) => line.length).sort((a, b) => a - b);
  return lengths[Math.floor(lengths.length * 0.9)] ?? 0;
}

/** Whether a line goes on with the sentence of the line above. */
export function readsOn(line: string, above: string, width: number): boolean {
  const indent = indentOf(line);
  const first = line.charCodeAt(indent);
  if (!(first >= 97 && first <= 122) || above.trimEnd().length < width * 0.7) return false;
  if (!isSentence(line) || ENDED.test(above)) return false;
  const words = line.slice(indent, indent + MAX_LOOK).split(" ");
  const others = above.trim().split(" ", words.length);
  // `x is not bound to any keys`, again and again: a list.
  const same = words.filter((word, at) => word === others[at]).length;
  const [start = "", next] = words;
  return same < 3 && WORD.test(start) && next !== "-" && next !== "--" && next !== "";
}

export function indentOf(line: string): number {
  let at = 0;
  while (line.charCodeAt(at) === 32 || line.charCodeAt(at) === 9) at++;
  return at;
}

const ENDED = /[.!?:]\s{0,8}$/;
const WORD = /^["'(]?[A-Za-z][a-z'’-]{0,20}[.,;:!?)"']{0,2}$/;
const SMALL_WORDS: ReadonlySet<string> = new Set(
  (
    "a an and are as at be by can do for from has if in into is it its may no not of on one only or other out over so than that the " +
    "their them then there these this to use used using was when where which will with without you your der die das und ist nicht mit " +
    "von zu den dem le la les et des une est pour pas que el los las y del para por con es"
  ).split(" "),
);
