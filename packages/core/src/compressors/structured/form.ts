/**
 * The lossless form: the values in the notation of JSON, and one line for the decoder that says how the text was written.
 *
 * ```
 * [yaml] YAML as JSON. T(a,b): T rows list a,b.
 * # made by hand                         what stood above the first value
 * Row(name,port)
 *
 * …
 * L12 # a comment                       lines that are not as the values are printed, by their numbers
 * %yaml indent=2 above=15 marked=1
 * ```
 */
import { parseInSteps } from "../../json/lexer.ts";
import type { Steps } from "../../types/compressor.ts";
import type { TokenCounter } from "../../types/tokens.ts";
import { decodeInSteps, encodeDocument } from "../json/for-others.ts";
import type { StructuredDocument } from "./document.ts";
import { type Format, type Reading, TITLES } from "./node.ts";
import { type Patch, patchBetween, patched, printNumbers, readNumbers } from "./patch.ts";
import { fromJson, printSettings, readSettings, type Style } from "./style.ts";
import { iniStyle } from "./style-ini.ts";
import { tomlStyle } from "./style-toml.ts";
import { valuesStyle } from "./style-values.ts";
import { xmlStyle } from "./style-xml.ts";
import { yamlStyle } from "./style-yaml.ts";

/** How each format is written. */
const STYLES: Readonly<Partial<Record<string, Style>>> = {
  ini: iniStyle,
  values: valuesStyle,
  toml: tomlStyle,
  xml: xmlStyle,
  yaml: yamlStyle,
} satisfies Record<Format, Style>;
const JSON_TAG = "[json]";
/** In the legend, where there are lines that are no values. */
const LINES = "L9 x: line 9 is x.";
const NO_PATCH: Patch = { lines: [], dropped: [] };

/** `undefined` where printing the values by the rules of the format does not give the text back. */
export function* encodeForm(
  text: string,
  reading: Reading,
  { json }: StructuredDocument,
  counter: TokenCounter,
): Steps<string | undefined> {
  const name = reading.format;
  const style = STYLES[name];
  const [start, end] = reading.span ?? [0, text.length];
  const below = text.slice(end);
  if (style === undefined || below.trim() !== "") return undefined;
  const several = reading.several === true;
  const settings = style.guess(text, reading);
  const exceptions = style.exceptions ? yield* style.exceptions(reading, settings) : "";
  if (exceptions === undefined) return undefined;
  if (exceptions !== "") settings.set("not", exceptions);
  const printed = yield* style.print(reading.root, several, settings);
  if (printed === undefined) return undefined;
  const above = text.slice(0, start);
  const body = text.slice(start, end);
  const patch = printed === body ? NO_PATCH : yield* patchBetween(printed, body);
  if (patch === undefined || (patch !== NO_PATCH && above !== "" && !above.endsWith("\n")))
    return undefined;
  if (several) settings.set("several", "");
  if (above !== "") settings.set("above", `${above.length}`);
  if (below !== "") settings.set("below", below);
  const lines = patch.lines.filter(([, line]) => line !== "");
  const blank = patch.lines.filter(([, line]) => line === "");
  if (patch.dropped.length > 0) settings.set("without", printNumbers(patch.dropped));
  if (blank.length > 0) settings.set("blank", printNumbers(blank.map(([at]) => at)));
  if (lines.length > 0) settings.set("marked", `${lines.length}`);
  const first = lineBreaksIn(above) + 1;
  const form = yield* encodeDocument({ ...json, before: "", after: "" }, counter);
  const [legend, rest] = cutLine(form);
  return [
    `[${name}] ${TITLES[name]}${lines.length > 0 ? ` ${LINES}` : ""}${legend.slice(JSON_TAG.length)}\n`,
    above,
    above === "" || above.endsWith("\n") ? "" : "\n",
    rest,
    ...lines.map(([at, line]) => `\nL${at + first} ${line}`),
    `\n%${name} ${printSettings(settings)}`,
  ].join("");
}

/** The text of a lossless form; `undefined` where it is not one. */
export function* decodeText(form: string): Steps<string | undefined> {
  const last = form.lastIndexOf("\n%");
  const found = last < 0 ? undefined : /^([a-z]+)(?: (.*))?$/.exec(form.slice(last + 2));
  const name = found?.[1] ?? "";
  const style = Object.hasOwn(STYLES, name) ? STYLES[name] : undefined;
  const settings = readSettings(found?.[2] ?? "");
  if (style === undefined || settings === undefined) return undefined;
  const tag = `[${name}] ${TITLES[name as Format]}`;
  if (!form.startsWith(tag)) return undefined;
  const [legend, inside] = cutLine(form.slice(0, last));
  const count = Number(settings.get("marked") ?? 0);
  const length = Number(settings.get("above") ?? 0);
  const above = inside.slice(0, length);
  const cut = startOfLast(inside, count);
  if (cut === undefined) return undefined;
  const body = inside.slice(length + (above === "" || above.endsWith("\n") ? 0 : 1), cut);
  const features = legend.slice(tag.length + (count > 0 ? LINES.length + 1 : 0));
  const source = yield* decodeInSteps(`${JSON_TAG}${features}\n${body}`);
  const root = source === undefined ? undefined : yield* parseInSteps(source);
  if (source === undefined || root === undefined) return undefined;
  const values = yield* fromJson(source, root);
  const printed = yield* style.print(values, settings.has("several"), settings);
  if (printed === undefined) return undefined;
  const first = lineBreaksIn(above) + 1;
  const lines =
    count === 0
      ? []
      : inside
          .slice(cut + 1)
          .split("\n")
          .map((line) => readLine(line, first));
  const blank = readNumbers(settings.get("blank") ?? "").map((at): [number, string] => [at, ""]);
  const dropped = readNumbers(settings.get("without") ?? "");
  const isPlain = lines.length + blank.length + dropped.length === 0;
  const text = isPlain
    ? printed
    : yield* patched(printed, { lines: [...lines, ...blank], dropped });
  return text === undefined ? undefined : above + text + (settings.get("below") ?? "");
}

/** `L12 # a comment`, the text of a line behind its number. */
function readLine(line: string, first: number): [index: number, text: string] {
  const blank = line.indexOf(" ");
  return [Number(line.slice(1, blank)) - first, line.slice(blank + 1)];
}

/** Where the last so many lines begin, at the line break before them; the end of the text where they are none. */
function startOfLast(text: string, count: number): number | undefined {
  let at = text.length;
  for (let line = 0; line < count; line++) {
    at = text.lastIndexOf("\n", at - 1);
    if (at < 0) return undefined;
  }
  return at;
}

function lineBreaksIn(text: string): number {
  return text.split("\n").length - 1;
}

/** The first line, and what follows it. */
function cutLine(text: string): readonly [string, string] {
  const end = text.indexOf("\n");
  return end < 0 ? [text, ""] : [text.slice(0, end), text.slice(end + 1)];
}
