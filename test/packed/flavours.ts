/**
 * The first example of every README, and an import of every entry point, as modules of small projects: ESM and CommonJS, as
 * TypeScript sees them with each way of resolving modules.
 */
import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codeBlocks, root } from "../markdown.ts";
import { link, type PackedPackage, packages } from "./project.ts";

/** One project: its package type, and how TypeScript resolves its imports. */
export interface Flavour {
  readonly name: string;
  readonly type: "module" | "commonjs";
  /** Major version of the AI SDK; 7 is ESM only. */
  readonly ai: 5 | 6 | 7;
  readonly compilerOptions: Readonly<Record<string, unknown>>;
}

export const flavours: readonly Flavour[] = [
  { name: "node16-esm", type: "module", ai: 7, compilerOptions: { module: "node16" } },
  { name: "node16-cjs", type: "commonjs", ai: 6, compilerOptions: { module: "node16" } },
  { name: "nodenext-esm", type: "module", ai: 7, compilerOptions: { module: "nodenext" } },
  { name: "nodenext-cjs", type: "commonjs", ai: 5, compilerOptions: { module: "nodenext" } },
  {
    name: "bundler-esm",
    type: "module",
    ai: 6,
    compilerOptions: { module: "esnext", moduleResolution: "bundler" },
  },
  {
    name: "bundler-cjs",
    type: "commonjs",
    ai: 5,
    compilerOptions: { module: "commonjs", moduleResolution: "bundler" },
  },
];

/** One module of a project, and what it prints. */
export interface Example {
  readonly manifest: PackedPackage;
  readonly code: string;
  readonly prints: readonly string[];
}

/** The first example of the README of each package that can be imported, by module name. */
export function examplesFor({ ai, type }: Flavour): ReadonlyMap<string, Example> {
  const found = new Map<string, Example>();
  for (const manifest of packages) {
    const main = manifest.exports?.["."];
    if (main === undefined) continue;
    const isDual = typeof main === "object" && main !== null && "require" in main;
    if (type === "commonjs" && !isDual) continue;
    const wanted = manifest.folder === "ai-sdk" && ai < 7 ? `ts ai@${ai}` : "ts";
    const blocks = codeBlocks(join("packages", manifest.folder, "README.md"));
    const first = blocks.find(({ language }) => language === wanted);
    if (first === undefined) throw new Error(`The README of ${manifest.name} has no example.`);
    const prints = [...first.code.matchAll(/console\.log\(.*\); \/\/ → (.*)$/gm)];
    found.set(manifest.folder, {
      manifest,
      code: asModule(first.code),
      prints: prints.map(([, text = ""]) => text),
    });
    found.set(`${manifest.folder}-entries`, { manifest, code: importOf(manifest), prints: [] });
  }
  const aiSdk = packages.find(({ folder }) => folder === "ai-sdk");
  if (aiSdk) found.set("ai-sdk-tools", { manifest: aiSdk, code: TOOLS, prints: [] });
  return found;
}

/** The type of `headroomTools()` is one that `generateText` takes. */
const TOOLS = `import { headroomTools } from "@headroom/ai-sdk";
import { memoryStore } from "@headroom/core";
import { generateText, type LanguageModel } from "ai";

export const answer = (model: LanguageModel) =>
  generateText({ model, prompt: "x", tools: headroomTools({ store: memoryStore() }) });
export async function example(): Promise<void> {}
`;

/** Writes a project with these examples into `project`. */
export function writeFlavour(project: string, flavour: Flavour): string {
  const folder = join(project, flavour.name);
  mkdirSync(join(folder, "src"), { recursive: true });
  for (const [name, { code }] of examplesFor(flavour))
    writeFileSync(join(folder, "src", `${name}.ts`), code);
  const { name, type, ai, compilerOptions } = flavour;
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, private: true, type }));
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        target: "es2022",
        lib: ["es2023", "dom", "dom.iterable", "esnext.disposable"],
        types: ["node"],
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: true,
        rootDir: "src",
        outDir: "out",
        ...compilerOptions,
      },
      include: ["src"],
    }),
  );
  const installed = join(root, "packages", "ai-sdk", "node_modules", `ai${ai}`);
  link(installed, join(folder, "node_modules", "ai"));
  // Our declarations are the same files for each way of resolving modules.
  if (compilerOptions.module === "node16") writeDeclarations(project, folder, type);
  return folder;
}

/**
 * Our declarations as modules of the project: these are checked, and those of the packages we build on are not. With `skipLibCheck: false`
 * the checker would take eight times as long, for files of others.
 */
function writeDeclarations(project: string, folder: string, type: Flavour["type"]): void {
  const [declared, checked] = type === "module" ? [".d.ts", ".ts"] : [".d.cts", ".cts"];
  for (const { name, folder: own } of packages) {
    const dist = join(project, "node_modules", name, "dist");
    const to = join(folder, "src", "declared", own);
    mkdirSync(to, { recursive: true });
    for (const file of readdirSync(dist))
      if (file.endsWith(declared))
        cpSync(join(dist, file), join(to, file.replace(declared, checked)));
  }
  // The one dependency of ours whose types are in a declaration and which is no peer.
  const installed = join(root, "packages", "conformance", "node_modules", "fast-check");
  link(installed, join(folder, "node_modules", "fast-check"));
}

/** CommonJS has no `await` outside functions. */
function asModule(code: string): string {
  const imports = [...code.matchAll(/^import [^;]*;.*$/gm)].map(([text]) => text);
  const rest = imports.reduce((text, line) => text.replace(line, ""), code).trim();
  return `${imports.join("\n")}\n\nexport async function example(): Promise<void> {\n${rest}\n}\n`;
}

function importOf({ name, exports = {} }: PackedPackage): string {
  const paths = Object.keys(exports).filter((path) => path !== "./package.json");
  const imports = paths.map((path, at) => `import * as entry${at} from "${name}${path.slice(1)}";`);
  const all = paths.map((_, at) => `entry${at}`).join(", ");
  return `${imports.join("\n")}

export async function example(): Promise<void> {
  for (const entry of [${all}] as object[])
    if (Object.keys(entry).length === 0) throw new Error("An entry point has no exports.");
}
`;
}
