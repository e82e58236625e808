/**
 * YAML, TOML, INI, XML, and values as programs print them: read by parsers with positions, shown in the notation of JSON.
 *
 * What a view leaves out is asked for by the lines of the text. The parsers of YAML and XML are loaded when the first such text comes.
 */
import { finish } from "../../steps.ts";
import type { Compressor, EncodeContext, Steps } from "../../types/compressor.ts";
import type { OriginalUnits } from "../../types/statement.ts";
import { originalUnits } from "../json/for-others.ts";
import { detectFormat } from "./detect.ts";
import { documentOf, type StructuredDocument } from "./document.ts";
import { decodeText, encodeForm } from "./form.ts";
import type { Format, Reading } from "./node.ts";
import { containersOf, linesAsValues, readPlace, unitsIn } from "./places.ts";
import { readIni } from "./read-ini.ts";
import { readLiteral } from "./read-literal.ts";
import { readToml } from "./read-toml.ts";
import { readXml } from "./read-xml.ts";
import { readYaml, type YamlParser } from "./read-yaml.ts";
import { COMMENTS, viewOfText } from "./view.ts";

/** Longer texts pass through: everything here is linear, but memory is a multiple of the text. */
const MAX_CHARACTERS = 8_000_000;
/** The parser of YAML takes half a second for a megabyte. */
const MAX_YAML_CHARACTERS = 2_000_000;
/** From this share of comments on, the comments are what the text says. */
const COMMENT_SHARE = 0.4;

/** A structured text as it was read. */
interface ReadText {
  readonly reading: Reading;
  readonly document: StructuredDocument;
}

export function structuredCompressor(): Compressor {
  // One context asks for several forms of one text: it is read once for all of them.
  const read = new WeakMap<EncodeContext, { readonly text: string; readonly result: Result }>();
  async function documentIn(
    text: string,
    context: EncodeContext,
  ): Promise<Steps<ReadText | undefined>> {
    const known = read.get(context);
    const result: Result = known?.text === text ? known.result : {};
    read.set(context, { text, result });
    const reader = await readerOf(text);
    return once(result, reader);
  }
  return {
    name: "structured",
    kind: "structured",
    detect: (sample) => detectFormat(sample)?.score ?? 0,
    async encode(text, context) {
      const steps = await documentIn(text, context);
      return then(steps, ({ reading, document }) =>
        encodeForm(text, reading, document, context.counter),
      );
    },
    decode: (encoded) => finish(decodeText(encoded)),
    *prove(text, form) {
      return (yield* decodeText(form)) === text;
    },
    async shorten(text, context) {
      const steps = await documentIn(text, context);
      return then(steps, ({ reading, document }) => viewOfText(text, reading, document, context));
    },
    async original(text) {
      return unitsOf(await readerOf(text));
    },
  };
}

/** What was read, where it was read already. */
interface Result {
  done?: { readonly value: ReadText | undefined };
}

function* once(result: Result, steps: Steps<ReadText | undefined>): Steps<ReadText | undefined> {
  result.done ??= { value: yield* steps };
  return result.done.value;
}

/** Goes on with what was read, where it could be read. */
function* then<Next>(
  steps: Steps<ReadText | undefined>,
  next: (found: ReadText) => Steps<Next>,
): Steps<Next | undefined> {
  const found = yield* steps;
  return found && (yield* next(found));
}

/** The text read again: what a view says is about the values, its lines or its comments. */
function* unitsOf(steps: Steps<ReadText | undefined>): Steps<OriginalUnits> {
  const found = yield* steps;
  if (found === undefined) return { values: () => undefined };
  const { reading, document } = found;
  const { asides } = reading;
  const values = originalUnits(document.json.source, document.json.root);
  const containers = containersOf(document.sources);
  return {
    values(of, field) {
      const place = readPlace(of);
      if (of === COMMENTS) return asides.map(({ text }) => text);
      if (place === undefined) return values.values(of, field);
      const container = containers[Number(place.of)];
      const units = container
        ? unitsIn(container, document.sources)
        : asides.map(({ line }) => ({ firstLine: line, lastLine: line }));
      return linesAsValues(units, place.shift);
    },
  };
}

/** Characters of the head that tells the format: what `detect` is shown. */
const HEAD = 16_384;

function headOf(text: string): string {
  if (text.length <= HEAD) return text;
  const line = text.lastIndexOf("\n", HEAD - 1);
  return text.slice(0, line < HEAD / 2 ? HEAD : line + 1);
}

/** Loads what is needed to read a text, and gives the work of reading it. */
async function readerOf(text: string): Promise<Steps<ReadText | undefined>> {
  const format = detectFormat(headOf(text))?.format;
  if (format === undefined || text.length > MAX_CHARACTERS || !text.isWellFormed())
    return nothing();
  if (format === "yaml") {
    if (text.length > MAX_YAML_CHARACTERS) return nothing();
    const yaml = await import("yaml");
    return readingOf(text, readCutYaml(text, yaml));
  }
  if (format === "xml") return readingOf(text, readXml(text));
  return readingOf(text, readByHand(text, format));
}

/** Lines at the end of a text that breaks off: one that is cut in two, and what a harness writes below it. */
const CUT_LINES = [1, 3];

/** YAML, or YAML but for the last line or two. */
function* readCutYaml(text: string, yaml: YamlParser): Steps<Reading | undefined> {
  const whole = yield* readYaml(text, yaml);
  if (whole !== undefined) return whole;
  let cutAt = text.trimEnd().length;
  let lines = 0;
  for (const most of CUT_LINES) {
    for (; lines < most; lines++) cutAt = text.lastIndexOf("\n", cutAt - 1);
    if (cutAt < text.length / 2) return undefined;
    const reading = yield* readYaml(text.slice(0, cutAt + 1), yaml);
    if (reading !== undefined)
      return { ...reading, span: [reading.span?.[0] ?? 0, text.length], cutAt: cutAt + 1 };
  }
  return undefined;
}

function* nothing(): Steps<undefined> {}

function* readByHand(text: string, format: Format): Steps<Reading | undefined> {
  if (format === "values") return yield* readLiteral(text);
  return (yield* readToml(text)) ?? (yield* readIni(text));
}

function* readingOf(text: string, steps: Steps<Reading | undefined>): Steps<ReadText | undefined> {
  const reading = yield* steps;
  if (reading === undefined || reading.root.type === "text" || reading.root.type === "literal")
    return undefined;
  const comments = reading.asides.reduce((sum, aside) => sum + aside.text.length, 0);
  if (comments > text.length * COMMENT_SHARE) return undefined;
  const document = yield* documentOf(text, reading);
  return document && { reading, document };
}
