/** The documents of the repository and the code blocks in them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root: string = fileURLToPath(new URL("..", import.meta.url));

export interface CodeBlock {
  /** Where it stands, e.g. `docs/architecture.md:41`. */
  readonly place: string;
  readonly language: string;
  readonly code: string;
}

/** Every document a reader is sent to, relative to the root. */
export function documents(): readonly string[] {
  const inFolder = (folder: string): string[] =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".md") && !path.includes("node_modules"))
      .map((path) => join(folder, path));
  const packages = readdirSync(join(root, "packages")).flatMap((name) =>
    readdirSync(join(root, "packages", name))
      .filter((file) => file.endsWith(".md") && file !== "CHANGELOG.md")
      .map((file) => join("packages", name, file)),
  );
  const top = readdirSync(root).filter((file) => file.endsWith(".md"));
  return [...top, ...inFolder("docs"), ...packages].sort();
}

export function codeBlocks(document: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  const lines = readFileSync(join(root, document), "utf8").split("\n");
  let start: number | undefined;
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith("```")) continue;
    if (start === undefined) {
      start = index;
      continue;
    }
    const language = lines[start]?.slice(3).trim() ?? "";
    const code = lines.slice(start + 1, index).join("\n");
    blocks.push({ place: `${document}:${start + 1}`, language, code });
    start = undefined;
  }
  return blocks;
}
