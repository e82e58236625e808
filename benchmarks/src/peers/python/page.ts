/** The configuration in a page of `docs/peers`: what is run is what is written there. */
import { readFileSync } from "node:fs";

/** The proxy's address in every page. */
const WRITTEN = "http://127.0.0.1:8787";

/** The first block of a language in a page, for a proxy at another URL. */
export function configOf(page: string, language: string, url: string): string {
  const file = new URL(`../../../../docs/peers/${page}.md`, import.meta.url);
  const block = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(readFileSync(file, "utf8"))?.[1];
  if (!block?.includes(WRITTEN)) throw new Error(`docs/peers/${page}.md has no ${language} with ${WRITTEN}.`);
  return block.replaceAll(WRITTEN, url);
}
