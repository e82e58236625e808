/** Structured texts read by the real parsers, for the tests beside the readers. */
import * as yaml from "yaml";
import { documentOf } from "../src/compressors/structured/document.ts";
import type { Format, Reading } from "../src/compressors/structured/node.ts";
import { readIni } from "../src/compressors/structured/read-ini.ts";
import { readLiteral } from "../src/compressors/structured/read-literal.ts";
import { readToml } from "../src/compressors/structured/read-toml.ts";
import { readXml } from "../src/compressors/structured/read-xml.ts";
import { readYaml } from "../src/compressors/structured/read-yaml.ts";
import { parseJson } from "../src/json/lexer.ts";
import { finish } from "../src/steps.ts";

export function readingOf(format: Format, text: string): Reading | undefined {
  switch (format) {
    case "yaml":
      return finish(readYaml(text, yaml));
    case "xml":
      return finish(readXml(text));
    case "toml":
      return finish(readToml(text));
    case "ini":
      return finish(readIni(text));
    default:
      return finish(readLiteral(text));
  }
}

/** The values as JSON, which is what its own nodes say; `undefined` where the text is not read. */
export function jsonOf(format: Format, text: string): unknown {
  const reading = readingOf(format, text);
  const document = reading && finish(documentOf(text, reading));
  if (document === undefined) return undefined;
  const { source, root } = document.json;
  const parsed = parseJson(source);
  if (JSON.stringify(parsed) !== JSON.stringify(root)) throw new Error(`nodes of ${source}`);
  return JSON.parse(source);
}
