/**
 * Reads INI: sections of `key = value` or `key: value`, as configuration files, systemd units, desktop entries and Git write them.
 *
 * A section becomes a map; sections and keys that come several times become lists. Indented lines continue a value.
 */
import { Meter } from "../../steps.ts";
import { splitInSteps } from "../../text/lines.ts";
import type { Steps } from "../../types/compressor.ts";
import { sectionOf, settingOf } from "./ini-line.ts";
import type { Aside, Reading, SourceEntry, SourceNode } from "./node.ts";
import { untyped } from "./scalar.ts";

interface Section {
  readonly name: string;
  readonly line: number;
  lastLine: number;
  readonly values: Map<string, SourceNode[]>;
}

/** `undefined` where a line is none of these, or there is no section. */
export function* readIni(text: string): Steps<Reading | undefined> {
  const meter = new Meter();
  const { text: lines, end: ends } = yield* splitInSteps(text);
  const asides: Aside[] = [];
  let start: number | undefined;
  let offset = 0;
  const sections: Section[] = [{ name: "", line: 1, lastLine: 1, values: new Map() }];
  let open: { values: SourceNode[]; text: string; firstLine: number } | undefined;
  for (const [at, raw] of lines.entries()) {
    if (meter.isDue(raw.length + 32)) yield;
    const line = at + 1;
    const from = offset;
    offset += raw.length + (ends[at]?.length ?? 0);
    const section = sections.at(-1) as Section;
    const trimmed = raw.trim();
    if (trimmed === "") {
      open = undefined;
      continue;
    }
    if (trimmed.startsWith("#") || trimmed.startsWith(";")) {
      // What stands above the first section is shown as it is.
      if (start !== undefined) asides.push({ line, text: trimmed });
      continue;
    }
    start ??= from;
    const name = sectionOf(trimmed);
    if (name !== undefined && !raw.startsWith(" ")) {
      sections.push({ name, line, lastLine: line, values: new Map() });
      open = undefined;
      continue;
    }
    section.lastLine = line;
    const isDeeper = /^\s/.test(raw);
    const entry = settingOf(raw, "=:");
    // An indented line continues the value above it, unless all lines of the section are indented.
    if (
      open !== undefined &&
      (open.text.endsWith("\\") || (isDeeper && !isIndented(lines, open.firstLine)))
    ) {
      open.text += `\n${trimmed}`;
      open.values[open.values.length - 1] = untyped(open.text, {
        firstLine: open.firstLine,
        lastLine: line,
      });
      continue;
    }
    if (entry === undefined) return undefined;
    const { key, value } = entry;
    const values = section.values.get(key) ?? [];
    section.values.set(key, values);
    values.push(untyped(value, { firstLine: line, lastLine: line }));
    open = { values, text: value, firstLine: line };
  }
  if (sections.length < 2) return undefined;
  const last = lines.length;
  const groups = new Map<string, SourceNode[]>();
  const entries: SourceEntry[] = [];
  for (const { name, line, lastLine, values } of sections) {
    const own = entriesOf(values);
    if (name === "") {
      for (const entry of own) entries.push(entry);
      continue;
    }
    const group = groups.get(name) ?? [];
    groups.set(name, group);
    group.push({ type: "map", entries: own, firstLine: line, lastLine });
  }
  for (const entry of entriesOf(groups)) entries.push(entry);
  return {
    format: "ini",
    root: { type: "map", entries, firstLine: 1, lastLine: last },
    asides,
    span: [start ?? 0, text.length],
  };
}

/** Whether the line on which a value begins is indented itself. */
function isIndented(lines: readonly string[], line: number): boolean {
  return /^\s/.test(lines[line - 1] ?? "");
}

/** One value as it is, several as a list. */
function entriesOf(values: ReadonlyMap<string, readonly SourceNode[]>): SourceEntry[] {
  return [...values].map(([key, items]) => {
    const [first] = items;
    if (items.length === 1 && first !== undefined) return { key, value: first };
    const firstLine = first?.firstLine ?? 1;
    return {
      key,
      value: { type: "list", items, firstLine, lastLine: items.at(-1)?.lastLine ?? firstLine },
    };
  });
}
