/** What was read, as a JSON document: its tables, views and checks are those of the json kind. */
import type { JsonDocument } from "../../json/document.ts";
import type { JsonMember, JsonNode, JsonString } from "../../json/node.ts";
import { joinInSteps, Meter } from "../../steps.ts";
import type { Steps } from "../../types/compressor.ts";
import { MAX_DEPTH, type Reading, type SourceNode } from "./node.ts";

export interface StructuredDocument {
  readonly json: JsonDocument;
  /** What each value was read from. */
  readonly sources: ReadonlyMap<JsonNode, SourceNode>;
}

/** A container that is being written. */
interface Open {
  readonly node: Extract<SourceNode, { readonly type: "map" | "list" }>;
  readonly start: number;
  readonly items: JsonNode[];
  readonly members: JsonMember[];
  key: JsonString | undefined;
  next: number;
}

/** `undefined` where it is nested too deep. @param text the text that was read */
export function* documentOf(text: string, reading: Reading): Steps<StructuredDocument | undefined> {
  const meter = new Meter();
  const sources = new Map<JsonNode, SourceNode>();
  const parts: string[] = [];
  let at = 0;
  const put = (part: string): void => {
    parts.push(part);
    at += part.length;
  };
  const stack: Open[] = [];
  const begin = (node: SourceNode): JsonNode | undefined => {
    const start = at;
    if (node.type === "map" || node.type === "list") {
      put(node.type === "map" ? "{" : "[");
      stack.push({ node, start, items: [], members: [], key: undefined, next: 0 });
      return undefined;
    }
    if (node.type === "text") {
      put(JSON.stringify(node.text));
      return { type: "string", start, end: at, escaped: (parts.at(-1) ?? "").includes("\\") };
    }
    put(node.text);
    const type = node.text === "null" ? "null" : /^[tf]/.test(node.text) ? "boolean" : "number";
    return { type, start, end: at };
  };
  let root: JsonNode | undefined;
  let source: SourceNode | undefined = reading.root;
  while (root === undefined) {
    if (stack.length > MAX_DEPTH) return undefined;
    let done = source && begin(source);
    let of: SourceNode | undefined = source;
    // Hands over what is complete, and closes what is complete with it.
    for (;;) {
      const open: Open | undefined = stack.at(-1);
      if (done !== undefined && of !== undefined) {
        sources.set(done, of);
        if (open === undefined) {
          root = done;
          break;
        }
        if (open.key === undefined) open.items.push(done);
        else open.members.push({ key: open.key, value: done });
        open.key = undefined;
      }
      if (open === undefined) return undefined;
      if (meter.isDue(48)) yield;
      const { node, start, items, members, next } = open;
      const isMap = node.type === "map";
      if (next === (isMap ? node.entries : node.items).length) {
        put(isMap ? "}" : "]");
        stack.pop();
        done = isMap
          ? { type: "object", start, end: at, members }
          : { type: "array", start, end: at, items };
        of = node;
        continue;
      }
      open.next++;
      if (next > 0) put(",");
      if (isMap) {
        const from = at;
        const entry = node.entries[next];
        put(JSON.stringify(entry?.key ?? ""));
        open.key = {
          type: "string",
          start: from,
          end: at,
          escaped: (parts.at(-1) ?? "").includes("\\"),
        };
        put(":");
        source = entry?.value;
      } else source = node.items[next];
      break;
    }
  }
  const [start, last] = reading.span ?? [0, text.length];
  const end = reading.cutAt ?? last;
  const json: JsonDocument = {
    source: yield* joinInSteps(parts),
    root,
    lines: false,
    open: 0,
    raw: [],
    before: text.slice(0, start),
    after: text.slice(end).trim() === "" ? "" : text.slice(end),
  };
  return { json, sources };
}
