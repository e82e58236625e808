import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { defaultCompressors } from "../compressors/index.ts";
import { FEATURES, sentenceOf } from "./legend.ts";

/** An example of docs/notation.md: a form, and what it has to decode to. */
interface Example {
  readonly title: string;
  readonly form: string;
  readonly original: string;
}

const examples = readExamples(
  readFileSync(new URL("../../../../docs/notation.md", import.meta.url), "utf8"),
);

describe("docs/notation.md", () => {
  it.each(examples)("$title: decodes to its original", ({ form, original }) => {
    const decoded = defaultCompressors()
      .map((compressor) =>
        tagsOf(compressor.kind).some((tag) => form.startsWith(`[${tag}]`))
          ? compressor.decode(form)
          : undefined,
      )
      .find((text) => text !== undefined);
    // A document has no CRLF of its own.
    expect(decoded?.replaceAll("\r\n", "\n")).toBe(original);
  });

  it("has an example with each sentence of the legend", () => {
    const legends = examples.map(({ form }) => form.slice(0, form.indexOf("\n")));
    const missing = FEATURES.filter(
      (feature) => !legends.some((legend) => legend.includes(` ${sentenceOf(feature)}`)),
    );
    expect(missing).toEqual([]);
  });
});

/** What the first line of a form of this kind begins with. */
function tagsOf(kind: string): readonly string[] {
  return kind === "structured" ? ["yaml", "toml", "ini", "xml", "values"] : [kind];
}

/** Each block of the language `form` with the block of the language `original` behind it. */
function readExamples(markdown: string): readonly Example[] {
  const found: Example[] = [];
  let title = "";
  let form: string | undefined;
  const lines = markdown.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    if (line.startsWith("#")) title = line.replace(/^#+ /, "");
    if (!line.startsWith("```")) continue;
    const end = lines.indexOf("```", i + 1);
    const text = lines.slice(i + 1, end).join("\n");
    if (line === "```form") form = text;
    else if (line === "```original" && form !== undefined) {
      found.push({ title: `${title} ${found.length + 1}`, form, original: text });
      form = undefined;
    }
    i = end;
  }
  return found;
}
