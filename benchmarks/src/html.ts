/**
 * `npm run bench:html`: how much of the articles of web pages comes through, and what else, in runs of four words; how fast; the
 * needles of the shared pages; hostile pages; and snapshots of browser tools.
 *
 *     --articles FOLDER   real pages as the article extraction benchmark of Scrapinghub has them: `ground-truth.json` with an
 *                         `articleBody` by key, and `html/KEY.html` or `html/KEY.html.gz`
 *
 * Measured as that benchmark does: precision and recall of each page over its runs of four words, with repeats, averaged over pages;
 * F1 of both averages. Where links lead does not count, and neither does the last line about what is left out.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { createHeadroom, memoryStore } from "@headroom/core";
import { defaultCompressors } from "@headroom/core/compressors";
import { settle } from "@headroom/core/kit";
import { htmlCompressor } from "@headroom/html";
import { randomOf } from "../../packages/core/test/generated/random.ts";
import { articlePage } from "../../packages/html/test/pages.ts";
import { corpora } from "./corpus.ts";
import { hostileRows, processorMs } from "./hostile-pages.ts";
import { visible } from "./needles.ts";
import { ms, report } from "./report.ts";
import { snapshotRows } from "./snapshots.ts";

const MADE_PAGES = 150;
const TARGET = { f1: 0.94, recall: 0.98, medianMs: 30 };
/** Passes over the pages; the last one is timed, when everything is warm. */
const PASSES = 3;

interface Page {
  readonly html: string;
  readonly article: string;
}

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: { articles: { type: "string" } },
});
const counter = { name: "quarter", count: (text: string): number => Math.ceil(text.length / 4) };
const compressor = htmlCompressor();
const out = report("html", "Web pages", { command: "bench:html" });

out.heading("Articles");
out.text(
  `Asked: F1 ≥ ${TARGET.f1}, recall ≥ ${TARGET.recall}, median ≤ ${TARGET.medianMs} ms of processor time a page, warm.`,
);
const made = Array.from({ length: MADE_PAGES }, (_, seed) => articlePage(randomOf(seed)));
const rows = [await measure("made by seeds", made)];
if (values.articles !== undefined)
  rows.push(await measure("--articles", realPages(values.articles)));
out.table(
  ["pages", "count", "precision", "recall", "F1", "median", "slowest"],
  rows.map(({ cells }) => cells),
);
out.text("");

out.heading("Shared pages");
out.table(["page", "tokens", "after", "needles visible", "missing"], await needleRows());
out.text("");

out.heading("Hostile pages");
out.text(
  "A page, and one of ten times the size, in processor time; asked: no error, and time in proportion.",
);
const hostile = await hostileRows(compressor, { counter });
out.table(["page", "size", "a tenth of it", "all of it", "growth"], hostile.rows);
out.text("");

out.heading("Snapshots of browser tools");
out.text(
  "Made by seeds; asked: every element that can be clicked or filled in, with what the tool calls it by.",
);
const snapshots = await snapshotRows();
out.table(["tool", "tokens", "lossless", "balanced", "elements kept"], snapshots.rows);
out.save();
const all = [...rows, hostile, snapshots];
if (all.some(({ isReached }) => !isReached)) process.exitCode = 1;

async function measure(
  name: string,
  pages: readonly Page[],
): Promise<{ cells: readonly string[]; isReached: boolean }> {
  const times: number[] = [];
  let precision = 0;
  let recall = 0;
  for (let pass = 0; pass < PASSES; pass++) {
    for (const { html, article } of pages) {
      const start = process.cpuUsage();
      const view = await settle(compressor.shorten?.(html, { counter, budgetTokens: 1e9 }));
      if (pass < PASSES - 1) continue;
      times.push(processorMs(start));
      const found = compare(article, plain(view?.text ?? html));
      precision += found.precision / pages.length;
      recall += found.recall / pages.length;
    }
  }
  times.sort((a, b) => a - b);
  const f1 = (2 * precision * recall) / (precision + recall);
  const median = times[times.length >> 1] ?? 0;
  const shares = [precision, recall, f1].map((share) => share.toFixed(3));
  return {
    cells: [name, `${pages.length}`, ...shares, ms(median), ms(times.at(-1) ?? 0)],
    isReached: f1 >= TARGET.f1 && recall >= TARGET.recall && median <= TARGET.medianMs,
  };
}

/** The words of a view. */
function plain(view: string): string {
  return view
    .split("\n")
    .filter((line) => !line.startsWith("… "))
    .join("\n")
    .replace(/!\[[^\]]*\](?:\([^)\s]*\))?/g, "")
    .replace(/\]\([^)\s]*\)/g, "]");
}

function compare(truth: string, shown: string): { precision: number; recall: number } {
  const [expected, found] = [runsOf(truth), runsOf(shown)];
  let both = 0;
  for (const [run, count] of expected) both += Math.min(count, found.get(run) ?? 0);
  const total = (runs: ReadonlyMap<string, number>): number =>
    [...runs.values()].reduce((sum, count) => sum + count, 0);
  return { precision: both / (total(found) || 1), recall: both / (total(expected) || 1) };
}

/** Runs of four words, and how often each occurs. */
function runsOf(text: string): ReadonlyMap<string, number> {
  const words = text.match(/[\p{L}\p{N}_]+/gu) ?? [];
  const runs = new Map<string, number>();
  for (let at = 0; at < Math.max(1, words.length - 3); at++) {
    const run = words.slice(at, at + 4).join(" ");
    runs.set(run, (runs.get(run) ?? 0) + 1);
  }
  return runs;
}

function realPages(folder: string): readonly Page[] {
  const truths = JSON.parse(readFileSync(join(folder, "ground-truth.json"), "utf8")) as Record<
    string,
    { readonly articleBody?: string }
  >;
  return Object.entries(truths).map(([key, { articleBody = "" }]) => {
    const path = join(folder, "html", `${key}.html`);
    const html = existsSync(path)
      ? readFileSync(path, "utf8")
      : gunzipSync(readFileSync(`${path}.gz`)).toString("utf8");
    return { html, article: articleBody };
  });
}

async function needleRows(): Promise<readonly (readonly string[])[]> {
  const rows: string[][] = [];
  for (const { name, text, needles } of corpora.readSet("html")) {
    const asked = needles.filter(({ kind }) => kind === "must" || kind === "query");
    const missing: string[] = [];
    let met = 0;
    let tokens: readonly [number, number] = [0, 0];
    for (const { kind, question = "", expect = [] } of asked) {
      const headroom = createHeadroom({
        compressors: [...defaultCompressors(), htmlCompressor()],
        store: memoryStore(),
      });
      const user = { role: "user", content: kind === "query" ? question : "Read the page." };
      const call = { id: "c", type: "function", function: { name: "fetch", arguments: "{}" } };
      const result = await headroom.compress([
        user,
        { role: "assistant", content: "", tool_calls: [call] },
        { role: "tool", tool_call_id: "c", content: text },
      ]);
      const shown = JSON.stringify(result.messages.at(-1));
      const unseen = expect.filter((one) => !visible(shown, one));
      if (unseen.length === 0) met++;
      missing.push(...unseen);
      tokens = [result.tokensBefore, result.tokensAfter];
    }
    rows.push([
      name,
      `${tokens[0]}`,
      `${tokens[1]}`,
      `${met} of ${asked.length}`,
      missing.join(", ") || "none",
    ]);
  }
  return rows;
}
