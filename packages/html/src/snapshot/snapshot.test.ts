/** Snapshots: what can be clicked stays, whatever the room, and the lossless form comes back byte for byte. */
import { compressorCases } from "@headroom/conformance";
import { createHeadroom, memoryStore } from "@headroom/core";
import { settle } from "@headroom/core/kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomOf } from "../../../core/test/generated/random.ts";
import { itIsTrue } from "../../../core/test/truth.ts";
import { type MadeSnapshot, snapshot, type Tool } from "../../test/snapshots.ts";
import { htmlPlugin } from "../plugin.ts";
import { snapshotCompressor } from "./snapshot.ts";

const compressor = snapshotCompressor();
const counter = { name: "quarter", count: (text: string): number => Math.ceil(text.length / 4) };
const tools: readonly Tool[] = ["playwright", "devtools", "agent-browser"];
const runs = Number(process.env.HEADROOM_LAW_RUNS ?? 60);

const made = fc
  .record({ seed: fc.integer(), tool: fc.constantFrom(...tools) })
  .map(({ seed, tool }) => snapshot(randomOf(seed), tool));

async function formOf(text: string): Promise<string> {
  const form = await settle(compressor.encode(text, { counter }));
  if (typeof form !== "string") throw new Error("no form");
  return form;
}

async function viewOf(text: string, budgetTokens: number, query?: string): Promise<string> {
  const asked = query === undefined ? {} : { query };
  const view = await settle(compressor.shorten?.(text, { counter, budgetTokens, ...asked }));
  return view?.text ?? text;
}

/** Each element of a view that a tool takes by a ref, as `role "name"`; those of tables by the head of their column. */
function controlsIn(view: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let head: readonly string[] | undefined;
  for (const line of view.split("\n")) {
    const bare = line.trim().replace(/ …$/, "");
    const isRow = bare.startsWith("| ");
    const parts = isRow ? bare.slice(2, -2).split(" | ") : bare.split(" · ");
    if (!isRow) head = bare.startsWith("each: ") ? bare.slice(6).split(" | ") : undefined;
    if (head === undefined || isRow)
      for (const [at, part] of parts.entries()) {
        const said = head ? `${head[at]} ${part}` : part.replace(/^- /, "");
        const [, role, name = '""', ref] =
          /^([a-z]+) ("(?:[^"\\]|\\.)*")? ?(e\d+|1_\d+)(?: |:|$)/.exec(said) ?? [];
        // What the page says may look like a ref.
        if (ref !== undefined && role !== "text") found.set(ref, `${role} ${name}`);
      }
  }
  return found;
}

/** Whether each control stands there with its name, and what a tool takes it by. */
function expectControls(shown: string, { controls }: MadeSnapshot): void {
  for (const { ref, name } of controls) {
    expect(shown, `${ref} ${name}`).toMatch(new RegExp(`(?<!\\w)${ref}(?!\\w)`));
    const quoted = JSON.stringify(name);
    expect(shown.includes(quoted) || shown.includes(quoted.replaceAll("'", "''")), name).toBe(true);
  }
}

describe("the laws of compressors", () => {
  const samples = tools.map((tool, seed) => snapshot(randomOf(seed), tool).text);
  for (const law of compressorCases({ create: snapshotCompressor, samples, runs: 40 }))
    it(law.name, law.run);
});

describe("what a view says", () => {
  for (const tool of tools) itIsTrue(tool, compressor, (random) => snapshot(random, tool).text);
});

describe("a snapshot", () => {
  it("is known by its refs, and nothing else is one", () => {
    for (const tool of tools) expect(compressor.detect(snapshot(randomOf(1), tool).text)).toBe(1);
    const others = [
      "- see there [ref=e1]\n- a word\n".repeat(20),
      "words [ref=e1]\n".repeat(20),
      "- name: x\n  ref=3: y\n".repeat(20),
      '- document:\n  - heading "A" [level=1]\n'.repeat(20),
    ];
    for (const other of others) expect(compressor.detect(other), other.slice(0, 30)).toBe(0);
  });

  it("comes back byte for byte, and shows each control with what it is called by", async () => {
    await fc.assert(
      fc.asyncProperty(made, async (page) => {
        const form = await formOf(page.text);
        expect(compressor.decode(form)).toBe(page.text);
        expectControls(form, page);
      }),
      { numRuns: runs },
    );
  });

  it("keeps each control in a view of any size", async () => {
    const budget = fc.constantFrom(0, 300, 1_000, 3_000);
    await fc.assert(
      fc.asyncProperty(made, budget, async (page, budgetTokens) => {
        const shown = await viewOf(page.text, budgetTokens);
        const found = controlsIn(shown);
        // An address with quotes and spaces in it: the line stands as it was.
        for (const { ref, role, name } of page.controls)
          if (!shown.includes(`uid=${ref} ${role} ${JSON.stringify(name)} url="`))
            expect(found.get(ref), shown).toBe(`${role} ${JSON.stringify(name)}`);
        expect(shown).toMatch(/could not be saved/);
      }),
      { numRuns: runs },
    );
  });

  it("damaged anywhere comes back byte for byte, or has no form", async () => {
    const cut = fc.record({
      at: fc.nat(3_000),
      length: fc.nat(40),
      put: fc.string({ maxLength: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(made, cut, async ({ text }, { at, length, put }) => {
        const damaged = text.slice(0, at) + put + text.slice(at + length);
        const form = await settle(compressor.encode(damaged, { counter }));
        if (typeof form === "string") expect(compressor.decode(form)).toBe(damaged);
      }),
      { numRuns: runs * 3 },
    );
  });

  it("is written so that a person can read it", async () => {
    const text = [
      "### Snapshot",
      "- generic [active] [ref=e1]:",
      "  - navigation [ref=e2]:",
      "    - list [ref=e3]:",
      ...["Home", "Offers", "Help"].flatMap((name, at) => [
        `      - listitem [ref=e${4 + 2 * at}]:`,
        `        - link "${name}" [ref=e${5 + 2 * at}] [cursor=pointer]:`,
        `          - /url: /${name.toLowerCase()}`,
      ]),
      '  - heading "Sign in" [level=1] [ref=e10]',
      '  - textbox "Name" [ref=e11]',
      '  - button "Go" [disabled] [ref=e14]',
      "  - paragraph [ref=e15]: Forgotten?",
    ].join("\n");
    expect(await formOf(text)).toMatchInlineSnapshot(`
      "[snapshot] "- " and ":" left out; a > b: b is all in a; -> is /url; e7 is [ref=e7]; no ref: one more than above, for generic, navigation, list, listitem, heading, paragraph; [cursor=pointer]: each link; | other lines
      |### Snapshot
      generic [active] e1
       navigation > list
        listitem > link "Home" e5 -> /home
        listitem > link "Offers" e7 -> /offers
        listitem > link "Help" e9 -> /help
       heading "Sign in" [level=1]
       textbox "Name" e11
       button "Go" [disabled] e14
       paragraph: Forgotten?"
    `);
    expect(await viewOf(text, 60)).toMatchInlineSnapshot(`
      "[snapshot] e7 is [ref=e7], as tools take it; a line with - or | is one item or row; … ends a line behind which text is left out
      ### Snapshot
      navigation
       - link "Home" e5
       - link "Offers" e7
       - link "Help" e9
      heading "Sign in" [level=1]
      textbox "Name" e11
      button "Go" e14 [disabled] …
      … 6 of 17 lines are left out in all: role /url ×3, generic ×1, list ×1, paragraph ×1
      … 3 of 3 link targets are left out
      "
    `);
  });

  it("shows first what the question asks for", async () => {
    const rows = Array.from(
      { length: 200 },
      (_, at) =>
        `  - paragraph [ref=e${at + 9}]: ${at === 140 ? "The ferry leaves at nine" : "Words about something else"} ${at}`,
    );
    const text = ["- main [ref=e1]:", '  - button "Book" [ref=e2]', ...rows].join("\n");
    expect(await viewOf(text, 120, "When does the ferry leave?")).toContain("leaves at nine");
    expect(await viewOf(text, 120)).not.toContain("leaves at nine");
  });

  it("takes time in proportion, however it is nested", async () => {
    const deep = (depth: number): string =>
      Array.from({ length: depth }, (_, at) => `${"  ".repeat(at)}- generic [ref=e${at}]:`).join(
        "\n",
      );
    const wide = Array.from({ length: 40_000 }, (_, at) => `- link "a" [ref=e${at}]`).join("\n");
    for (const text of [
      deep(1_500),
      wide,
      `- link "${"\\".repeat(200_000)}`,
      `- ${"[".repeat(100_000)}`,
    ]) {
      const start = process.cpuUsage();
      await settle(compressor.encode(text, { counter }));
      await viewOf(text, 500);
      expect(process.cpuUsage(start).user / 1_000).toBeLessThan(3_000);
    }
  });

  it("comes through an instance with the plugin", async () => {
    const { text } = snapshot(randomOf(5), "playwright");
    const headroom = createHeadroom({ plugins: [htmlPlugin], store: memoryStore() });
    const { block } = await headroom.compressText(text, { toolName: "browser_snapshot" });
    expect(block).toMatchObject({ kind: "snapshot", outcome: "compressed" });
  });
});
