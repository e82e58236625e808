/** Texts that a harness cut off: what is complete is read, and what follows is shown as it is. */
import { describe, expect, it } from "vitest";
import { settle } from "../../forms/pace.ts";
import { structuredCompressor } from "./structured.ts";

const structured = structuredCompressor();
const counter = { name: "thirds", count: (text: string): number => Math.ceil(text.length / 3) };
const rows = <Row>(row: (id: number) => Row): readonly Row[] =>
  Array.from({ length: 60 }, (_, id) => row(id));
const note = "\n... [output truncated, 5000 characters left out]\n";

describe("a text that breaks off", () => {
  it.each([
    [
      "YAML",
      `items:\n${rows((id) => `- name: n${id}\n  port: ${id}\n  state: ready\n`).join("")}- name: n60\n  po`,
    ],
    [
      "XML",
      `<list>\n${rows((id) => `  <item id="${id}"><name>n${id}</name></item>\n`).join("")}  <item id="6`,
    ],
    [
      "Python",
      `[${rows((id) => `{'id': ${id}, 'name': 'n${id}', 'ok': True}`).join(", ")}, {'id': 60, 'na`,
    ],
    [
      "Node.js",
      `[\n${rows((id) => `  { id: ${id}, name: 'n${id}', ok: true },\n`).join("")}  { id: 60, na`,
    ],
  ])("%s", async (_name, whole) => {
    for (const text of [whole, whole + note]) {
      expect(structured.detect(text)).toBeGreaterThan(0.9);
      const view = await settle(structured.shorten?.(text, { counter, budgetTokens: 150 }));
      expect(view?.text).toContain("60");
      const last = text
        .trimEnd()
        .split(/\n|, (?=\{)/)
        .at(-1);
      // The end of the text stands at the end of the view.
      expect(view?.text.trimEnd().endsWith(last?.slice(-4) ?? "")).toBe(true);
      const form = await settle(structured.encode(text, { counter }));
      if (form !== undefined) expect(structured.decode(`${form}`)).toBe(text);
    }
  });
});
