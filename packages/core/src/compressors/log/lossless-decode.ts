/**
 * Reads the lossless form of a log back, line by line, with no more state than the stamp above, the shapes defined so far and
 * the values above in each of them.
 */
import { type Alias, aliasName, expandAliases } from "./alias.ts";
import { looksBraced, unbraceLists } from "./braces.ts";
import { fillTemplate, type ParsedTemplate, parseTemplate } from "./columns.ts";
import { fromStampTail, fromTail } from "./ditto.ts";
import { CRLF, entryOf, idEnd, isDefinition, LEGEND, looksLikeRow } from "./syntax.ts";

/** The exact inverse; `undefined` where the text is not ours. */
export function decodeLog(encoded: string): string | undefined {
  if (!encoded.startsWith(`${LEGEND}\n`)) return undefined;
  const closed = encoded.endsWith("\n");
  const lines = encoded.slice(LEGEND.length + 1, closed ? -1 : undefined).split("\n");
  let at = 0;
  const end = lines[0] === CRLF ? "\r\n" : "\n";
  if (end === "\r\n") at++;
  const aliases: Alias[] = [];
  for (; at < lines.length; at++) {
    const line = lines[at] ?? "";
    // Names come in order, and a name is used only after it: `§a===` in the first body line defines nothing.
    if (!line.startsWith(`${aliasName(aliases.length)}=`)) break;
    aliases.push({ name: line.slice(0, 2), text: line.slice(3) });
  }
  const texts = new Map(aliases.map(({ name, text }): [string, string] => [name, text]));
  const reader = new Reader();
  const out: string[] = [];
  let above: string | undefined;
  for (; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line[0] === "×") {
      const times = Number(line.slice(1));
      if (above === undefined || !Number.isSafeInteger(times) || times < 1 || times > 1e8)
        return undefined;
      for (let n = 0; n < times; n++) {
        const read = reader.read(above);
        if (typeof read !== "string") return undefined;
        out.push(read);
      }
      continue;
    }
    if (isDefinition(line)) {
      reader.define(line);
      continue;
    }
    above = texts.size === 0 ? line : expandAliases(line, texts);
    const read = reader.read(above);
    if (read === undefined) return undefined;
    out.push(read);
  }
  return out.join(end) + (closed ? end : "");
}

/** Reads body lines one after another. The only state: the stamp above, and the values above of each shape. */
class Reader {
  private readonly shapes = new Map<string, ParsedTemplate>();
  private readonly above = new Map<string, string[]>();
  private stamp: string | undefined;

  define(line: string): void {
    const end = idEnd(line);
    this.shapes.set(line.slice(1, end), parseTemplate(line.slice(end + 1)));
  }

  read(line: string): string | undefined {
    if (line[0] === "^") {
      const space = line.indexOf(" ");
      const tail = line.slice(1, space < 0 ? undefined : space);
      const stamp =
        this.stamp === undefined
          ? undefined
          : fromStampTail(this.stamp, tail.includes("_") ? tail.replaceAll("_", " ") : tail);
      if (stamp === undefined) return undefined;
      this.stamp = stamp;
      if (space < 0) return stamp;
      const content = this.content(line.slice(space + 1));
      return content === undefined ? undefined : `${stamp} ${content}`;
    }
    if (line[0] === "\\") {
      const raw = line.slice(1);
      const { stamp } = entryOf(raw);
      if (stamp !== undefined) this.stamp = stamp;
      return raw;
    }
    const { stamp, content, bare } = entryOf(line);
    if (stamp === undefined) return this.content(line);
    this.stamp = stamp;
    if (bare) return line;
    const read = this.content(content);
    return read === undefined ? undefined : `${stamp} ${read}`;
  }

  private content(text: string): string | undefined {
    if (text[0] === "\\") return text.slice(1);
    if (looksBraced(text)) return unbraceLists(text);
    if (!looksLikeRow(text)) return text;
    const end = idEnd(text);
    const id = text.slice(1, end);
    const shape = this.shapes.get(id);
    if (shape === undefined) return undefined;
    const values = readValues(text.slice(end + 1), this.above.get(id), slotCount(shape));
    if (values === undefined) return undefined;
    this.above.set(id, values);
    return fillTemplate(shape, values);
  }
}

function slotCount({ slots }: ParsedTemplate): number {
  let count = 0;
  for (const slot of slots) if (slot === 0) count++;
  return count;
}

function readValues(
  text: string,
  above: readonly string[] | undefined,
  count: number,
): string[] | undefined {
  const values: string[] = [];
  let at = 0;
  while (at < text.length && values.length < count) {
    const first = text[at];
    if (first === '"') {
      const end = text.indexOf('"', at + 1);
      if (end < 0) return undefined;
      values.push(text.slice(at + 1, end));
      at = end + 2;
      continue;
    }
    const space = text.indexOf(" ", at);
    const word = text.slice(at, space < 0 ? undefined : space);
    at = space < 0 ? text.length : space + 1;
    if (first === "^") {
      const old = above?.[values.length];
      const value = old === undefined ? undefined : fromTail(old, word.slice(1));
      if (value === undefined) return undefined;
      values.push(value);
    } else values.push(first === "\\" ? word.slice(1) : word);
  }
  while (values.length < count) {
    const old = above?.[values.length];
    if (old === undefined) return undefined;
    values.push(old);
  }
  return values;
}
