/** The pages in `docs/peers`: what they tell people to write is what is run. */
import { codeBlocks } from "../../../test/markdown.ts";

/** The address of the proxy on the pages. */
const ADDRESS = "http://127.0.0.1:8787";

/** The first block of a language on the page of a program, with another address. @throws Error where there is none */
export function blockOf(page: string, language: string, url: string): string {
  const block = codeBlocks(`docs/peers/${page}.md`).find((one) => one.language === language);
  if (!block?.code.includes(ADDRESS))
    throw new Error(`docs/peers/${page}.md has no ${language} block with ${ADDRESS}.`);
  return block.code.replaceAll(ADDRESS, url);
}

/** Of a block for a shell: the variables that it exports. */
export function exportsOf(block: string): Readonly<Record<string, string>> {
  const all = block.matchAll(/^export (\w+)=(\S+)$/gm);
  return Object.fromEntries([...all].map(([, name = "", value = ""]) => [name, value]));
}
