/** Loads grammars: each when the first text of its language comes. */
import { Language, Parser } from "web-tree-sitter";

/** Gives the bytes of a file: `tree-sitter-python.wasm` of `@vscode/tree-sitter-wasm`, or `web-tree-sitter.wasm` of `web-tree-sitter`. */
export type ReadWasm = (file: string) => Uint8Array | Promise<Uint8Array>;

/** Gives the grammar in a file, the same one each time. Rejects where it cannot be loaded; the next call tries again. */
export type LoadGrammar = (file: string) => Promise<Language>;

const RUNTIME = "web-tree-sitter.wasm";

export function grammarLoader(read: ReadWasm = readInstalled): LoadGrammar {
  const known = new Map<string, Promise<unknown>>();
  const once = <Value>(file: string, load: () => Promise<Value>): Promise<Value> => {
    const before = known.get(file);
    if (before !== undefined) return before as Promise<Value>;
    const loading = load();
    known.set(file, loading);
    loading.catch(() => known.delete(file));
    return loading;
  };
  return async (file) => {
    await once(RUNTIME, async () => Parser.init({ wasmBinary: await bytesOf(RUNTIME, read) }));
    return once(file, async () => Language.load(await bytesOf(file, read)));
  };
}

async function bytesOf(file: string, read: ReadWasm): Promise<Uint8Array> {
  const bytes = await read(file);
  if (bytes instanceof Uint8Array) return bytes;
  throw new TypeError(`The option wasm gave no Uint8Array for ${file}.`);
}

/** From `node_modules`. Runtimes without files, and bundles, pass `wasm`. */
async function readInstalled(file: string): Promise<Uint8Array> {
  const { createRequire } = await import("node:module");
  const { readFile } = await import("node:fs/promises");
  const path = createRequire(import.meta.url).resolve(
    file === RUNTIME ? `web-tree-sitter/${file}` : `@vscode/tree-sitter-wasm/wasm/${file}`,
  );
  return new Uint8Array(await readFile(path));
}
