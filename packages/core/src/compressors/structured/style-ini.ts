/** How INI is written: the sign between key and value, blank lines between sections. */
import { Meter } from "../../steps.ts";
import { sectionOf, settingOf } from "./ini-line.ts";
import type { Reading, SourceNode } from "./node.ts";
import type { Style } from "./style.ts";

export const iniStyle: Style = {
  guess,
  *print(root, _several, settings) {
    if (root.type !== "map") return undefined;
    const meter = new Meter();
    const sign = settings.get("sign") ?? "=";
    const gap = settings.get("gap") ?? "";
    const out: string[] = [];
    for (const { key, value } of root.entries) {
      // A section that comes several times is a list of maps; so is nothing else.
      const sections = value.type === "list" && value.items.every(isMap) ? value.items : [value];
      for (const section of sections) {
        if (section.type !== "map") {
          out.push(linesOf(key, section, sign));
          continue;
        }
        out.push(`${out.length > 0 ? gap : ""}[${key}]\n`);
        for (const entry of section.entries) {
          out.push(linesOf(entry.key, entry.value, sign));
          if (meter.isDue(48)) yield;
        }
      }
    }
    return out.join("").replace(/\n$/, settings.get("end") ?? "");
  },
};

function guess(text: string, { span = [0, text.length] }: Reading): Map<string, string> {
  const body = text.slice(...span);
  const found = new Map<string, string>();
  const first = body
    .split("\n")
    .find((line) => sectionOf(line) === undefined && settingOf(line, "=:") !== undefined);
  const sign = first === undefined ? undefined : settingOf(first, "=:")?.sign;
  if (sign !== undefined && sign !== "=") found.set("sign", sign);
  const gap = /\S(\n+)\[[^\n]*\]\n/.exec(body)?.[1];
  if (gap !== undefined && gap.length > 1) found.set("gap", gap.slice(1));
  const end = body.slice(body.trimEnd().length);
  if (end !== "") found.set("end", end);
  return found;
}

function isMap({ type }: SourceNode): boolean {
  return type === "map";
}

function linesOf(key: string, value: SourceNode, sign: string): string {
  const values = value.type === "list" ? value.items : [value];
  return values
    .map(
      (item) => `${key}${sign}${item.type === "text" || item.type === "literal" ? item.text : ""}`,
    )
    .map((line) => `${line}\n`)
    .join("");
}
