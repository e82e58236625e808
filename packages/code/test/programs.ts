/** Programs for tests: real-looking ones for each language, and long ones that a seed makes. */
import { readFileSync } from "node:fs";
import type { CodeLanguage } from "../src/languages.ts";

/** The example of a language, `fixtures/python.txt`. */
export function example(language: CodeLanguage): string {
  return readFileSync(new URL(`../src/fixtures/${language}.txt`, import.meta.url), "utf8");
}

/** A module of TypeScript with so many functions and classes, whose names are `load0`, `Store0` and so on. */
export function typescriptModule(count: number): string {
  const parts = ['import { readFile } from "node:fs/promises";\n'];
  for (let at = 0; at < count; at++)
    parts.push(`/** Loads part ${at}. */
export async function load${at}(path: string, times = ${at}): Promise<string> {
  const text = await readFile(path, "utf8");
  if (text.length > times * 1_000) throw new RangeError(\`\${path} is too long: \${text.length}\`);
  return text.repeat(times).trim();
}

export class Store${at} {
  readonly #parts = new Map<string, number>();

  put(name: string, size: number): void {
    const before = this.#parts.get(name) ?? ${at};
    this.#parts.set(name, before + size);
    if (this.#parts.size > 100) this.#parts.clear();
  }
}
`);
  return parts.join("\n");
}

/** A module of Python with so many functions, `load_0` and so on. */
export function pythonModule(count: number): string {
  const parts = ["import os\nimport re\n"];
  for (let at = 0; at < count; at++)
    parts.push(`
def load_${at}(path: str, times: int = ${at}) -> str:
    """Load part ${at}."""
    with open(os.path.join(path, "${at}")) as file:
        text = file.read()
    if len(text) > times * 1000:
        raise ValueError(f"{path} is too long")
    return re.sub("\\\\s+", " ", text) * times
`);
  return parts.join("\n");
}

/** As tools show files: \`    12→\` before each line. */
export function numbered(text: string, first = 1): string {
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line, at) => `${String(at + first).padStart(6)}→${line}`)
    .join("\n");
}
