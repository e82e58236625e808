/** Law 3: every omission is declared in the text and in the report, and what is omitted stands in a stored original. */
import { type CcrRef, findMarkers, memoryStore, stripMarker } from "@headroom/core";
import { expect } from "vitest";
import { describeLaw, estimate, lying, rewriting } from "./law.ts";
import { changesBetween, messagesOf, requests } from "./transcript.ts";

describeLaw(
  "every omission is declared and inside a stored original",
  requests(),
  async ({ transcript, mode }, make) => {
    const input = messagesOf(transcript);
    const store = memoryStore();
    const { messages, blocks } = await make({
      store,
      tokenCounter: estimate,
      minTokens: 40,
      mode,
    }).compress(input);
    for (const { message, path, before, after } of changesBetween(input, messages)) {
      const row = blocks.find(
        (candidate) => candidate.message === message && candidate.block === path,
      );
      if (row === undefined) throw new Error(`no report row for message ${message}, ${path}`);
      const [marker] = findMarkers(after);
      expect(marker?.ref).toBe(row.ref);
      expect((await store.get(row.ref as CcrRef))?.text).toBe(before);
      const line = after.slice(0, marker?.end);
      expect(stripMarker(after).length).toBeLessThan(after.length);
      if (row.lossless) {
        expect(row.omitted).toBeUndefined();
        expect(line).not.toContain("omitted");
        continue;
      }
      expect(mode).not.toBe("lossless");
      expect(row.omitted?.length).toBeGreaterThan(0);
      for (const { unit, count, total } of row.omitted ?? []) {
        expect(count).toBeGreaterThan(0);
        expect(count).toBeLessThanOrEqual(total);
        expect(line).toContain(`${count} of ${total} ${unit}`);
        if (unit === "lines") expect(total).toBeLessThanOrEqual(before.split("\n").length);
        if (unit === "characters") expect(total).toBeLessThanOrEqual(before.length);
      }
    }
  },
  {
    "keeps quiet about what is gone": rewriting((text) =>
      text.replace(/, omitted:[^\]]*\]\]/, "]]"),
    ),
    "reports no omission": lying((result) => ({
      ...result,
      blocks: result.blocks.map(({ omitted: _, ...row }) => row),
    })),
    "calls a shortened text lossless": lying((result) => ({
      ...result,
      blocks: result.blocks.map((row) => ({ ...row, lossless: true })),
    })),
  },
);
