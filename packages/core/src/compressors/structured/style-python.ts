/** How `repr` of Python writes values: in one line, single quotes where they fit. */
import { Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import type { Reading, SourceNode } from "./node.ts";
import type { Settings, Style } from "./style.ts";

export const pythonStyle: Style = {
  guess,
  *print(root, several, settings) {
    const out: string[] = [];
    const meter = new Meter();
    const values = several && root.type === "list" ? root.items : [root];
    for (const [at, value] of values.entries()) {
      if (at > 0) out.push("\n");
      yield* write(value, settings, out, meter);
    }
    return out.join("");
  },
};

function guess(text: string, { span = [0, text.length] }: Reading): Map<string, string> {
  const found = new Map<string, string>();
  const body = text.slice(span[0], span[1]);
  if (body.startsWith("(") && !body.includes("[")) found.set("tuples", "");
  return found;
}

function* write(node: SourceNode, settings: Settings, out: string[], meter: Meter): Steps<void> {
  if (meter.isDue(48)) yield;
  switch (node.type) {
    case "literal":
      out.push(WORDS[node.text] ?? node.text);
      break;
    case "text":
      out.push(textOf(node.text));
      break;
    case "list": {
      const isTuple = settings.has("tuples");
      out.push(isTuple ? "(" : "[");
      for (const [at, item] of node.items.entries()) {
        if (at > 0) out.push(", ");
        yield* write(item, settings, out, meter);
      }
      out.push(isTuple ? (node.items.length === 1 ? ",)" : ")") : "]");
      break;
    }
    case "map":
      out.push("{");
      for (const [at, { key, value }] of node.entries.entries()) {
        out.push(at > 0 ? ", " : "", textOf(key), ": ");
        yield* write(value, settings, out, meter);
      }
      out.push("}");
  }
}

const WORDS: Readonly<Record<string, string>> = { true: "True", false: "False", null: "None" };

/** What is no string but was read as a text: calls, objects, numbers of other kinds. */
const BARE =
  /^(?:[A-Za-z_][\w.]*\([^\n]*\)|<[^<>\n]+(?:<[^<>\n]*>[^<>\n]*)?>|nan|inf|-inf|Ellipsis)$/;

function textOf(text: string): string {
  if (BARE.test(text)) return text;
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (character === "\\" || character === quote) out += `\\${character}`;
    else if (character === "\n") out += "\\n";
    else if (character === "\r") out += "\\r";
    else if (character === "\t") out += "\\t";
    else if (code < 32 || (code >= 127 && code < 161))
      out += `\\x${code.toString(16).padStart(2, "0")}`;
    else out += character;
  }
  return quote + out + quote;
}
