/**
 * The lossless form: the values in the notation of JSON, and one line for the decoder that says how the text was written.
 *
 * ```
 * [yaml] YAML as JSON. T(a,b): T rows list a,b.
 * # made by hand                         what stood above the first value
 * Row(name,port)
 *
 * …
 * %yaml indent=2 above=15
 * ```
 */
import { parseInSteps } from "../../json/lexer.ts";
import type { Steps } from "../../types/compressor.ts";
import type { TokenCounter } from "../../types/tokens.ts";
import { decodeInSteps, encodeDocument } from "../json/for-others.ts";
import type { StructuredDocument } from "./document.ts";
import { type Format, type Reading, TITLES } from "./node.ts";
import { fromJson, printSettings, readSettings, type Style } from "./style.ts";
import { iniStyle } from "./style-ini.ts";
import { pythonStyle } from "./style-python.ts";
import { tomlStyle } from "./style-toml.ts";
import { xmlStyle } from "./style-xml.ts";
import { yamlStyle } from "./style-yaml.ts";

/** How each format is written. */
const STYLES: Readonly<Partial<Record<string, Style>>> = {
  ini: iniStyle,
  values: pythonStyle,
  toml: tomlStyle,
  xml: xmlStyle,
  yaml: yamlStyle,
} satisfies Record<Format, Style>;
const JSON_TAG = "[json]";

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
  if (printed !== text.slice(start, end)) return undefined;
  const above = text.slice(0, start);
  if (several) settings.set("several", "");
  if (above !== "") settings.set("above", `${above.length}`);
  if (below !== "") settings.set("below", below);
  const form = yield* encodeDocument({ ...json, before: "", after: "" }, counter);
  const [legend = "", rest = ""] = cutLine(form);
  return [
    `[${name}] ${TITLES[name]}${legend.slice(JSON_TAG.length)}\n`,
    above,
    above === "" || above.endsWith("\n") ? "" : "\n",
    rest,
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
  const [legend = "", body = ""] = cutLine(form.slice(0, last));
  const length = Number(settings.get("above") ?? 0);
  const above = body.slice(0, length);
  const rest = body.slice(length + (above === "" || above.endsWith("\n") ? 0 : 1));
  const source = yield* decodeInSteps(`${JSON_TAG}${legend.slice(tag.length)}\n${rest}`);
  const root = source === undefined ? undefined : yield* parseInSteps(source);
  if (source === undefined || root === undefined) return undefined;
  const values = yield* fromJson(source, root);
  const printed = yield* style.print(values, settings.has("several"), settings);
  return printed === undefined ? undefined : above + printed + (settings.get("below") ?? "");
}

/** The first line, and what follows it. */
function cutLine(text: string): readonly [string, string] {
  const end = text.indexOf("\n");
  return end < 0 ? [text, ""] : [text.slice(0, end), text.slice(end + 1)];
}
