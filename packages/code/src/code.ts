/**
 * Source code as an outline, for people whose agents read files to find their way.
 *
 * There is no lossless form: code is as short as it is. The view has imports, types, signatures and the first line of each comment;
 * bodies are left out, and each gap names its lines. It is made on request only, because agents fetch code to work with it.
 */
import type { Compressor, Steps, View } from "@headroom/core";
import { InvalidOptionError } from "@headroom/core";
import type { Language, Tree } from "web-tree-sitter";
import { guessLanguages, isReadable } from "./detect.ts";
import { brokenCharacters } from "./errors.ts";
import { focusOn } from "./focus.ts";
import { grammarLoader, type ReadWasm } from "./grammars.ts";
import { type CodeLanguage, GRAMMARS, LANGUAGES } from "./languages.ts";
import { outline } from "./outline.ts";
import { parse } from "./parse.ts";
import { type Source, sourceOf } from "./source.ts";
import { valuesOf, viewOf } from "./view.ts";

/** Options of `codeCompressor`. */
export interface CodeCompressorOptions {
  /**
   * Languages that are outlined; a grammar is loaded when the first text of its language comes.
   * @default all
   */
  readonly languages?: readonly CodeLanguage[];
  /**
   * Characters. A longer text passes through.
   * @default 250_000
   */
  readonly maxCharacters?: number;
  /**
   * Gives the bytes of a WebAssembly file by its name: `web-tree-sitter.wasm` of `web-tree-sitter`, `tree-sitter-python.wasm` and the
   * like of `@vscode/tree-sitter-wasm`. For browsers, edge functions and bundles.
   * @default the files in node_modules
   */
  readonly wasm?: (file: string) => Uint8Array | Promise<Uint8Array>;
}

/** Of a text as long as this that no parser can make sense of, one takes a second or a few. */
const MAX_CHARACTERS = 250_000;
/** The share of a text that its parser may fail to read. */
const MAX_BROKEN = 0.03;
/** Languages that are tried for one text. */
const MAX_TRIED = 2;
/** How sure the compressor is of code without line numbers. */
const SURE = 0.95;

/** A text as it was read. */
interface Program {
  readonly source: Source;
  readonly marks: Uint8Array;
}

/**
 * Outlines of source code: `compressors: [...defaultCompressors(), codeCompressor()]`, and `mode: "aggressive"` or
 * `tools: { Read: { code: "outline" } }`. The text itself stays redeemable.
 *
 * Throws `InvalidOptionError` for wrong options. Where a grammar cannot be loaded the text stays as it is, and its report row says why.
 */
export function codeCompressor(options: CodeCompressorOptions = {}): Compressor {
  const { languages = LANGUAGES, maxCharacters = MAX_CHARACTERS, wasm } = options;
  check(languages, maxCharacters, wasm);
  const load = grammarLoader(wasm satisfies ReadWasm | undefined);
  /** The text whose view was made last: it is asked about again, to check what the view says. */
  let last: ({ readonly text: string } & Program) | undefined;

  async function read(
    text: string,
    query: string | undefined,
    budgetTokens: number,
  ): Promise<Steps<Program | undefined>> {
    const source = sourceOf(text);
    if (!isReadable(source)) return none();
    const guesses = guessLanguages(source)
      .filter((name) => languages.includes(name))
      .slice(0, MAX_TRIED);
    const tried: Attempt[] = [];
    for (const name of guesses) tried.push({ name, language: await load(GRAMMARS[name].file) });
    return firstReadable(source, tried, query, budgetTokens);
  }

  return {
    name: "code",
    kind: "code",
    onRequest: "outline",
    detect: (sample) => {
      const source = sourceOf(sample);
      if (!isReadable(source) || !guessLanguages(source).some((name) => languages.includes(name)))
        return 0;
      // As sure as core is of numbered lines, so that both are asked.
      return source.numbered === 0 ? SURE : Math.min(1, 0.6 + 0.4 * source.numbered);
    },
    encode: () => undefined,
    decode: () => undefined,
    async shorten(text, { query, budgetTokens, firstLine = 1 }) {
      if (text.length > maxCharacters) return undefined;
      const reading = await read(text, query, budgetTokens);
      return then(reading, (program) => {
        last = { text, ...program };
        return viewOf(program.source, program.marks, firstLine);
      });
    },
    async original(text) {
      const known = last?.text === text ? last : undefined;
      last = undefined;
      const reading = known ? given(known) : await read(text, undefined, 0);
      return unitsOf(reading);
    },
  };
}

interface Attempt {
  readonly name: CodeLanguage;
  readonly language: Language;
}

/** The outline by the first language whose parser can read the text. */
function* firstReadable(
  source: Source,
  attempts: readonly Attempt[],
  query: string | undefined,
  budgetTokens: number,
): Steps<Program | undefined> {
  const text = source.code.join("\n");
  for (const { name, language } of attempts) {
    const most = text.length * MAX_BROKEN;
    const marks = yield* parse(text, language, function* (tree: Tree): Steps<
      Uint8Array | undefined
    > {
      if ((yield* brokenCharacters(tree, most)) > most) return undefined;
      return yield* outline(tree, source.code, GRAMMARS[name], focusOn(query, budgetTokens));
    });
    if (marks) return { source, marks };
  }
  return undefined;
}

function* then(
  steps: Steps<Program | undefined>,
  make: (program: Program) => Steps<View | undefined>,
): Steps<View | undefined> {
  const program = yield* steps;
  return program && (yield* make(program));
}

type Original = {
  values(of: string, field: string | undefined): readonly (string | undefined)[] | undefined;
};

function* unitsOf(steps: Steps<Program | undefined>): Steps<Original> {
  const program = yield* steps;
  return { values: (of) => program && valuesOf(program.source, program.marks, of) };
}

// biome-ignore lint/correctness/useYield: it is done already.
function* given(program: Program): Steps<Program> {
  return program;
}

// biome-ignore lint/correctness/useYield: there is nothing to do.
function* none(): Steps<undefined> {
  return undefined;
}

function check(languages: unknown, maxCharacters: unknown, wasm: unknown): void {
  const names: readonly unknown[] = LANGUAGES;
  if (
    !Array.isArray(languages) ||
    languages.length === 0 ||
    !languages.every((name) => names.includes(name))
  )
    throw new InvalidOptionError(
      "languages",
      languages,
      `an array of ${LANGUAGES.map((name) => JSON.stringify(name)).join(", ")}`,
    );
  if (!Number.isSafeInteger(maxCharacters) || (maxCharacters as number) < 1)
    throw new InvalidOptionError("maxCharacters", maxCharacters, "a whole number from 1");
  if (wasm !== undefined && typeof wasm !== "function")
    throw new InvalidOptionError("wasm", wasm, "a function from the name of a file to its bytes");
}
