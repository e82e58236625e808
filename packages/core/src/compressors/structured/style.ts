/**
 * A lossless form of a structured text: its values in the notation of JSON, and how the text was written.
 *
 * Programs that write YAML, XML, TOML or Python values keep to few rules: how far they indent, what they quote. Where printing the
 * values by these rules gives the text back, the values and the rules are the text. Where it does not, there is no lossless form.
 */

import { stringValue } from "../../json/lexer.ts";
import type { JsonNode } from "../../json/node.ts";
import { Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import type { Reading, SourceEntry, SourceNode } from "./node.ts";

/** How one format is written. */
export interface Style {
  /** The rules that a text seems to keep to. Whether it does, printing shows. */
  guess(text: string, reading: Reading): Map<string, string>;
  /** Where a text does not keep to the rules for single values. `undefined` where that is too often. */
  exceptions?(reading: Reading, settings: Settings): Steps<string | undefined>;
  /** The values by these rules, from the first value to the end of the text. `undefined` where they cannot be written so. */
  print(root: SourceNode, several: boolean, settings: Settings): Steps<string | undefined>;
}

/** Rules as they were read: `name=value`, by name. */
export type Settings = ReadonlyMap<string, string>;

/** `a=1 b`, with `%` for the characters that would part them. */
export function printSettings(settings: ReadonlyMap<string, string>): string {
  return [...settings]
    .map(([name, value]) =>
      value === "" ? name : `${name}=${value.replace(/[%\s]/g, encodeURIComponent)}`,
    )
    .join(" ");
}

/** What `printSettings` wrote; `undefined` for anything else. */
export function readSettings(line: string): Settings | undefined {
  try {
    return new Map(
      line
        .split(" ")
        .filter((part) => part !== "")
        .map((part): [string, string] => {
          const equals = part.indexOf("=");
          if (equals < 0) return [part, ""];
          return [part.slice(0, equals), decodeURIComponent(part.slice(equals + 1))];
        }),
    );
  } catch {
    return undefined;
  }
}

/** The values of a JSON text, as if they had been read from the format. Lines are not known. */
export function* fromJson(
  source: string,
  node: JsonNode,
  meter: Meter = new Meter(),
): Steps<SourceNode> {
  const place = { firstLine: 0, lastLine: 0 };
  if (meter.isDue(24)) yield;
  switch (node.type) {
    case "string":
      return { type: "text", text: stringValue(source, node), ...place };
    case "array": {
      const items: SourceNode[] = [];
      for (const item of node.items) items.push(yield* fromJson(source, item, meter));
      return { type: "list", items, ...place };
    }
    case "object": {
      const entries: SourceEntry[] = [];
      for (const { key, value } of node.members)
        entries.push({
          key: stringValue(source, key),
          value: yield* fromJson(source, value, meter),
        });
      return { type: "map", entries, ...place };
    }
    default:
      return { type: "literal", text: source.slice(node.start, node.end), ...place };
  }
}
