/** Small texts of one kind, made of pieces of its fixtures by a seed: the same ones on every machine. */
import { readdirSync, readFileSync } from "node:fs";

import { pick, type Random, whole } from "./random.ts";

/** The lines of each `input.*` under a folder of fixtures, by the name of the fixture. */
export function fixtureLines(home: URL): readonly (readonly string[])[] {
  return readdirSync(home)
    .sort()
    .map((name) => {
      const input = readdirSync(new URL(`${name}/`, home)).find((file) => file.startsWith("input"));
      const text = readFileSync(new URL(`${name}/${input}`, home), "utf8");
      return text.replaceAll("\r\n", "\n").trimEnd().split("\n");
    });
}

/** Windows of one fixture, sometimes of several, some of them again with other digits. */
export function mixture(fixtures: readonly (readonly string[])[], random: Random): string {
  const lines: string[] = [];
  let source = pick(fixtures, random);
  const pieces = 1 + whole(4, random);
  for (let piece = 0; piece < pieces; piece++) {
    if (random() < 0.2) source = pick(fixtures, random);
    const from = random() < 0.4 ? 0 : whole(source.length, random);
    const window = source.slice(from, from + 3 + whole(40, random));
    lines.push(...window);
    if (random() < 0.5) lines.push(...window.map((line) => otherDigits(line, random)));
    if (random() < 0.1) lines.push("", "");
    if (random() < 0.1) lines.push(pick(window, random).repeat(30));
  }
  const end = random() < 0.12 ? "\r\n" : "\n";
  return lines.join(end) + (random() < 0.7 ? end : "");
}

function otherDigits(line: string, random: Random): string {
  if (random() < 0.3) return line;
  const add = whole(10, random);
  return line.replace(/\d/g, (digit) => `${(Number(digit) + add) % 10}`);
}
