/**
 * Which lines say the same kind of thing: those of one template, asides, and where the template says nothing (`* = *`), those that begin with the
 * same word.
 */
import { Meter } from "../../steps.ts";
import { isDigit, isLetter } from "../../text/chars.ts";
import { LINE_WORK } from "../../text/lines.ts";
import { isComment } from "../../text/program.ts";
import { indentOf, isSentence } from "../../text/sentence.ts";
import type { Steps } from "../../types/compressor.ts";
import { mineTemplates } from "../log/mine.ts";
import { outliers } from "../log/notable.ts";
import { isCut } from "../shared/edges.ts";
import { isBytes } from "./prose.ts";

export interface Kinds {
  /** The lines without a word that all of them begin with. */
  readonly bare: readonly string[];
  /** For each line its kind, -1 where it is of none. */
  readonly ids: Int32Array;
  /** For each line how many say the same; 1 for lines that share no more than their first word. */
  readonly sizes: Int32Array;
  /** For each line a number of what it looks like: its template, or its signs without the words between them. */
  readonly looks: Int32Array;
  /** For each line how many look so, or begin with the same word. */
  readonly peers: Int32Array;
  /** Lines with a number that is far larger than the same number of those of their template. */
  readonly far: readonly number[];
  /** The words of a kind's template, `*` where its lines differ. */
  words(kind: number): readonly string[] | undefined;
  /** Whether a line explains settings, or is bytes: it is left out first. */
  isAside(line: number): boolean;
}

/** From this share of comments on they are asides. */
const COMMENTS = 0.25;
/** Of comments so many are alike that a tool printed, and so many lines make a kind of them. */
const ALIKE = 0.8;
const FREQUENT = 12;
/** Lines of a template that so many have are of one kind. */
const COMMON = 3;
/** Characters. A first word is looked for in so much of a line. */
const MAX_WORD = 80;
const MAX_SIGNS = 40;

export function* kindsOf(lines: readonly string[]): Steps<Kinds> {
  const lead = sharedLead(lines);
  const bare = lead === "" ? lines : lines.map((line) => line.slice(lead.length).trimStart());
  const mined = yield* mineTemplates(bare);
  const { ids: own, templates } = mined;
  const telling = templates.map(({ words }) => words.some((word) => /\p{L}{2}/u.test(word)));
  const comments = lines.filter(isComment).length;
  // Comments that mostly say the same are what a tool prints.
  const alike = lines.filter((line, at) => {
    const template = templates[own[at] ?? -1];
    return (
      isComment(line) &&
      !isSentence(line) &&
      (template?.count ?? 0) >= FREQUENT &&
      !isOpen(template?.words)
    );
  }).length;
  const isTalk = alike < comments * ALIKE;
  const hasAsides = comments > lines.length * COMMENTS && comments < lines.length && isTalk;
  const asides = templates.length;
  const ids = Int32Array.from(own);
  const sizes = new Int32Array(lines.length);
  const looks = Int32Array.from(own);
  const starts = new Groups(asides + 1);
  const signs = new Groups(templates.length);
  const meter = new Meter();
  for (let at = 0; at < lines.length; at++) {
    const line = bare[at] ?? "";
    if (meter.isDue(Math.min(line.length, MAX_WORD) + LINE_WORK)) yield;
    const id = own[at] ?? -1;
    if (id < 0) continue;
    const count = templates[id]?.count ?? 0;
    const isTold = telling[id] === true;
    sizes[at] = isTold ? count : 1;
    const isExplaining = hasAsides && isComment(line);
    if (isBytes(line)) ids[at] = asides;
    else if (isExplaining && (count < COMMON || isSentence(line) || isOpen(templates[id]?.words)))
      ids[at] = asides;
    else if (!isTold || count < COMMON) {
      ids[at] = starts.of(firstWords(line, 1));
      looks[at] = signs.of(signsOf(line));
    }
  }
  const peers = sizes.map((size, at) =>
    Math.max(size, starts.sizeOf(ids[at] ?? -1), signs.sizeOf(looks[at] ?? -1)),
  );
  return {
    bare,
    ids,
    sizes,
    looks,
    peers,
    far: yield* outliers(lines, mined),
    words: (kind) => {
      const own = templates[kind]?.words;
      return own === undefined || lead === "" ? own : [lead, ...own];
    },
    isAside: (line) => ids[line] === asides,
  };
}

/** The word that every line begins with, with a blank behind it: the number of a process, the name of a service. */
function sharedLead(lines: readonly string[]): string {
  const [first = ""] = lines;
  const lead = first.slice(0, Math.max(0, first.indexOf(" ")));
  if (lead === "" || lead.length > MAX_WORD) return "";
  const has = (line: string): boolean => line === lead || line.startsWith(`${lead} `);
  return lines.every((line) => line === "" || has(line)) ? lead : "";
}

/** Numbers for texts as they come, with how often they came. */
class Groups {
  readonly #first: number;
  readonly #numbers = new Map<string, number>();
  readonly #counts: number[] = [];

  constructor(first: number) {
    this.#first = first;
  }

  of(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#counts.length;
      this.#numbers.set(text, number);
      this.#counts.push(0);
    }
    this.#counts[number] = (this.#counts[number] ?? 0) + 1;
    return number + this.#first;
  }

  sizeOf(number: number): number {
    return this.#counts[number - this.#first] ?? 0;
  }
}

/** The signs of a line without its words: `_:=,=` for `cmdstat_get:calls=1,usec=2`. */
function signsOf(line: string): string {
  let signs = "";
  for (let at = indentOf(line); at < line.length && signs.length < MAX_SIGNS; at++) {
    const code = line.charCodeAt(at);
    if (code < 128 && !isDigit(code) && !isLetter(code)) signs += line[at];
  }
  return signs;
}

/** Whether a template is a single sign, or says how lines begin and nothing of how they go on. */
function isOpen(words: readonly string[] = []): boolean {
  return words.at(-1) === "*" ? words.length <= 3 : words.length <= 1;
}

/** The first words of a line with its indentation, up to where the next one begins: `net.`, `application/`. */
export function firstWords(line: string, words: number): string {
  const start = indentOf(line);
  const limit = Math.min(line.length, start + MAX_WORD);
  let left = words;
  for (let at = start + 1; at < limit; at++)
    if (line.charCodeAt(at) > 32 && isCut(line, at) && !isSeparator(line.charCodeAt(at))) {
      left--;
      if (left === 0) return line.slice(0, at);
    }
  return line.slice(0, limit);
}

/** A sign that ends the word before it rather than beginning one. */
function isSeparator(code: number): boolean {
  return code === 46 || code === 47 || code === 58 || code === 61;
}
