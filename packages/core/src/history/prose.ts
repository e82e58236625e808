/**
 * What an assistant wrote long ago, in fewer sentences of its own: the first, the last, and those that name something (a path, code, a
 * number) or decide something. Sentences stay whole and in order, and nothing is written that was not there.
 */
import type { View } from "../types/compressor.ts";

/** Share of the characters that stay, at most; the first and the last sentence always do. */
const SHARE = 0.4;
const MIN_SENTENCES = 4;
/** Stands where sentences are left out. */
const GAP = " […]";

interface Sentence {
  readonly text: string;
  /** What stands between it and the next. */
  readonly space: string;
}

/** Fewer of the sentences; `undefined` where there are few, or most would stay. */
export function extractOf(text: string): View | undefined {
  const sentences = sentencesOf(text);
  if (sentences.length < MIN_SENTENCES) return undefined;
  const kept = chosen(sentences, text.length * SHARE);
  if (kept.size === sentences.length) return undefined;
  let shown = "";
  for (const [index, { text: sentence, space }] of sentences.entries()) {
    if (kept.has(index)) shown += sentence + (kept.has(index + 1) ? space : "");
    else if (kept.has(index - 1)) shown += GAP + breakOf(sentences, index, kept);
  }
  return {
    text: shown,
    omitted: [{ unit: "sentences", count: sentences.length - kept.size, total: sentences.length }],
  };
}

/** A line break where the sentences that are left out had one among them, else a space. */
function breakOf(sentences: readonly Sentence[], from: number, kept: ReadonlySet<number>): string {
  let space = sentences[from - 1]?.space ?? "";
  for (let at = from; at < sentences.length && !kept.has(at); at++)
    space += sentences[at]?.space ?? "";
  return space.includes("\n") ? "\n" : " ";
}

function chosen(sentences: readonly Sentence[], maxCharacters: number): ReadonlySet<number> {
  const last = sentences.length - 1;
  const kept = new Set([0, last]);
  let room = maxCharacters - lengthAt(sentences, 0) - lengthAt(sentences, last);
  for (const isWanted of [decides, namesSomething])
    for (const [index, { text }] of sentences.entries()) {
      if (kept.has(index) || text.length > room || !isWanted(text)) continue;
      kept.add(index);
      room -= text.length;
    }
  return kept;
}

function lengthAt(sentences: readonly Sentence[], index: number): number {
  return sentences[index]?.text.length ?? 0;
}

const DECISIONS =
  /\b(?:because|bug|cause|caused|decided|fix|fixed|found|instead|must|never|problem|should|so that|therefore)\b/i;

function decides(sentence: string): boolean {
  return DECISIONS.test(sentence);
}

function namesSomething(sentence: string): boolean {
  return /[`\d/_]|\w\.\w/.test(sentence);
}

/** Sentences, list items, headings, and fences of code as a whole. */
function sentencesOf(text: string): readonly Sentence[] {
  const sentences: Sentence[] = [];
  let start = 0;
  const push = (end: number): void => {
    const raw = text.slice(start, end);
    const body = raw.trimEnd();
    if (body.trim() === "") {
      const last = sentences.at(-1);
      if (last) sentences[sentences.length - 1] = { ...last, space: last.space + raw };
    } else sentences.push({ text: body, space: raw.slice(body.length) });
    start = end;
  };
  while (start < text.length) {
    if (text.startsWith("```", start)) {
      const close = text.indexOf("\n```", start + 3);
      const lineEnd = close < 0 ? -1 : text.indexOf("\n", close + 1);
      push(lineEnd < 0 ? text.length : lineEnd + 1);
      continue;
    }
    const newline = text.indexOf("\n", start);
    const lineEnd = newline < 0 ? text.length : newline + 1;
    while (start < lineEnd) push(sentenceEnd(text, start, lineEnd));
  }
  return sentences;
}

/** The offset behind the sentence and the space after it: a full stop, then a space, then no small letter. */
function sentenceEnd(text: string, from: number, lineEnd: number): number {
  for (let at = from; at < lineEnd - 1; at++) {
    const char = text[at];
    if (char !== "." && char !== "!" && char !== "?") continue;
    if (text[at + 1] !== " ") continue;
    const next = text[at + 2] ?? "";
    if (next >= "a" && next <= "z") continue;
    // `1. First` and `e.g. A` are no ends.
    if (at - from < 4) continue;
    return at + 2;
  }
  return lineEnd;
}
