/** `results/peers.md`: a section for each program, replaced when it is run again. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { markdownTable } from "../report.ts";
import type { Row } from "./peer.ts";

const FILE = new URL("../../results/peers.md", import.meta.url);

/** What came of a program. */
export interface Section {
  readonly name: string;
  readonly version: string;
  readonly seconds: number;
  readonly rows: readonly Row[];
}

/** A section in markdown. */
export function sectionText({ name, version, seconds, rows }: Section): string {
  const missed = rows.filter(({ isMet }) => !isMet).length;
  const table = markdownTable(
    ["what", "measured", "to reach", "met"],
    rows.map(({ what, value, reach, isMet }) => [what, value, reach, isMet ? "yes" : "NO"]),
  );
  const sum = missed === 0 ? "All are met." : `**${missed} of ${rows.length} are missed.**`;
  return [`## ${name}`, "", `${version}, ${seconds} s. ${sum}`, "", ...table].join("\n");
}

/** Writes sections in place of those of the same programs; others stay. @param names all programs, in order */
export function saveSections(sections: readonly Section[], names: readonly string[]): void {
  const known = existsSync(FILE)
    ? readFileSync(FILE, "utf8")
        .split(/\n(?=## )/)
        .slice(1)
    : [];
  const texts = new Map(known.map((text) => [/^## (.*)/.exec(text)?.[1] ?? "", text.trim()]));
  for (const section of sections) texts.set(section.name, sectionText(section));
  const missing = names.filter((name) => !texts.has(name));
  const [cpu] = cpus();
  const head = `# Programs behind the proxy

Written by \`npm run peers\`, a section for each program that was run. Node ${process.versions.node}, ${cpus().length} × ${cpu?.model.trim() ?? "unknown processor"}.
${missing.length === 0 ? "" : `\n**Not run: ${missing.join(", ")}.**\n`}`;
  const body = names.flatMap((name) => texts.get(name) ?? []);
  writeFileSync(FILE, `${[head.trimEnd(), ...body].join("\n\n")}\n`);
}
