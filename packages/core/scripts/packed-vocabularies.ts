/** Puts each vocabulary into the build as one text: what is imported then is parsed in milliseconds and leaves no list behind. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import type { UserConfig } from "tsdown";
import { type PublishedVocabulary, packVocabulary } from "../src/tokens/packed.ts";

type Plugin = Extract<NonNullable<UserConfig["plugins"]>, { readonly name: string }>;

const FOLDER = join(import.meta.dirname, "..", "src", "tokens", "vocabularies");

export function packedVocabularies(): Plugin {
  return {
    name: "packed-vocabularies",
    async load(id) {
      if (dirname(id) !== FOLDER) return undefined;
      const encoding = basename(id, ".ts");
      const published = (await import(`gpt-tokenizer/bpeRanks/${encoding}`)) as {
        readonly default: PublishedVocabulary;
      };
      const text = Buffer.from(packVocabulary(published.default)).toString("base64");
      return [
        `/*! The vocabulary of ${encoding}, as gpt-tokenizer publishes it.\n${licence()} */`,
        'import { bytesOfBase64 } from "../packed.ts";',
        `export const packed = () => bytesOfBase64("${text}");`,
      ].join("\n");
    },
  };
}

/** The licence of the package stands with what was taken from it. */
function licence(): string {
  const place = createRequire(import.meta.url).resolve("gpt-tokenizer");
  const [root = ""] = place.split(/(?<=node_modules[\\/]gpt-tokenizer)[\\/]/);
  return readFileSync(join(root, "LICENSE"), "utf8").trim();
}
