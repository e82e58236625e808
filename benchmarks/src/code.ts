/**
 * `npm run bench:code`: how much outlines of source files save, whether each exported signature is in them and each body comes back,
 * how fast they are made, and `repomix --compress` beside them.
 *
 *     --no-repomix   does not ask npm for it
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import process from "node:process";
import { codeCompressor } from "@headroom/code";
import { createHeadroom, memoryStore } from "@headroom/core";
import { defaultCompressors } from "@headroom/core/compressors";
import { settle } from "@headroom/core/kit";
import { run, type SourceSet, sourceSets } from "./code/inputs.ts";
import {
  missingFrom,
  pythonSignatures,
  type Signatures,
  typescriptSignatures,
} from "./code/signatures.ts";
import type { SourceFile } from "./code/types.ts";
import { corpora } from "./corpus.ts";
import { percent, report, saved } from "./report.ts";
import { tokensOf } from "./tokens.ts";

const TARGET = { saved: 0.6, msPerThousandLines: 50 };
const ASKED: ReadonlySet<string> = new Set(["Python", "TypeScript", "TypeScript of npm"]);
/** Passes over the files; of each file the fastest counts, since other work of the machine makes some slower. */
const PASSES = 4;
const PARSES = 1_000;
const REPOMIX = "repomix@1.18.1";

const counter = { name: "o200k", count: tokensOf };
const compressor = codeCompressor();
const out = report("code", "Outlines of source code", { command: "bench:code" });
let isReached = true;

out.text(
  `Asked: ${percent(TARGET.saved, 0)} of the tokens (o200k) on Python and TypeScript, every exported signature in the order of the source, every body served exactly, ${TARGET.msPerThousandLines} ms of processor time per 1,000 lines warm.`,
);
const sets = sourceSets();
out.heading("Files of this machine");
out.text(
  "Every so many of all that a rule finds, from 1,500 tokens up. What is not outlined counts as it is. Types are signatures and stay; files of which they are more than half, as the compiler says, are a row of their own.",
);
const rows: string[][] = [];
for (const set of sets) rows.push(await measure(set));
out.table(
  [
    "files",
    "count",
    "outlined",
    "tokens",
    "after",
    "saved",
    "signatures in order",
    "gaps served exactly",
    "CPU ms per 1,000 lines",
  ],
  rows,
);
out.heading("Shared corpora");
const shared = corpora.readSet("code").map(({ name, text }) => ({ path: name, text }));
out.table(["file", "tokens", "after", "saved"], await sharedRows(shared));
out.heading("repomix --compress");
out.text(
  "The same files, its headers taken off. It keeps comments, and says neither which lines are gone nor how to get them.",
);
const beside = process.argv.includes("--no-repomix")
  ? []
  : sets.filter(({ name }) => ASKED.has(name)).map(repomixRow);
if (beside.length > 0) out.table(["files", "ours", "repomix"], beside);
out.heading("Memory");
out.text(await memoryLine());
out.save();
if (!isReached) process.exitCode = 1;

async function measure({ name, files }: SourceSet): Promise<string[]> {
  if (files.length === 0) return [name, "0", ...Array<string>(7).fill("–")];
  const signatures = signaturesOf(name, files);
  let [before, after, outlined, gaps, wrong, lines, ms, complete, known] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0,
  ];
  for (const [at, file] of files.entries()) {
    const made = await outlineOf(file.text);
    const tokens = tokensOf(file.text);
    before += tokens;
    after += made === undefined ? tokens : tokensOf(made);
    if (made !== undefined) outlined++;
    lines += file.text.split("\n").length;
    ms += await fastest(file.text);
    const wanted = signatures?.[at];
    if (wanted) {
      known++;
      const missing = missingFrom(made ?? file.text, wanted);
      if (missing === undefined) complete++;
      else process.stderr.write(`${file.path} does not show: ${missing}\n`);
    }
    const served = await servedGaps(file.text);
    gaps += served[0];
    wrong += served[1];
  }
  const share = saved(before, after);
  const speed = (ms / lines) * 1_000;
  if (wrong > 0 || complete < known) isReached = false;
  if (ASKED.has(name) && (share < TARGET.saved || speed > TARGET.msPerThousandLines))
    isReached = false;
  return [
    name,
    `${files.length}`,
    `${outlined}`,
    `${before}`,
    `${after}`,
    percent(share),
    signatures ? `${complete} of ${known} files` : "–",
    `${gaps - wrong} of ${gaps}`,
    speed.toFixed(1),
  ];
}

function signaturesOf(
  name: string,
  files: readonly SourceFile[],
): readonly (Signatures | undefined)[] | undefined {
  if (name === "Python") return pythonSignatures(files);
  return name.startsWith("TypeScript") || name === "declarations"
    ? files.map(typescriptSignatures)
    : undefined;
}

async function outlineOf(text: string): Promise<string | undefined> {
  return (await settle(compressor.shorten?.(text, { counter, budgetTokens: 2_000 })))?.text;
}

/** Milliseconds of processor time, all threads, of the fastest pass: on a busy machine the clock tells of others. */
async function fastest(text: string): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let pass = 0; pass < PASSES; pass++) {
    const start = process.cpuUsage();
    await outlineOf(text);
    const { user, system } = process.cpuUsage(start);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}

/** Asks for each gap as a model does, and compares. */
async function servedGaps(text: string): Promise<readonly [gaps: number, wrong: number]> {
  const headroom = createHeadroom({
    compressors: [...defaultCompressors(), compressor],
    store: memoryStore(),
    mode: "aggressive",
  });
  const { text: view, block, ref = "" } = await headroom.compressText(text);
  if (block.kind !== "code") return [0, 0];
  const lines = text.split("\n");
  const own = new Set(lines);
  let [gaps, wrong] = [0, 0];
  for (const line of view.split("\n")) {
    const gap = /^\s*… lines? (\d+)(?:-(\d+))?/.exec(line);
    if (!gap || own.has(line)) continue;
    gaps++;
    const [from, to] = [Number(gap[1]), Number(gap[2] ?? gap[1])];
    const served: string[] = [];
    let offset = 0;
    for (let more = true; more; ) {
      const answer = await headroom.retrieve({ hash: ref, lines: `${from}-${to}`, offset });
      if (!answer.found) break;
      for (const slice of answer.slices) served.push(slice.text.replace(/\n$/, ""));
      more = answer.nextOffset !== undefined;
      offset = answer.nextOffset ?? 0;
    }
    if (
      served.join("\n") !==
        lines
          .slice(from - 1, to)
          .join("\n")
          .replaceAll("\r", "") &&
      served.join("\n") !== lines.slice(from - 1, to).join("\n")
    )
      wrong++;
  }
  return [gaps, wrong];
}

async function sharedRows(files: readonly SourceFile[]): Promise<string[][]> {
  const made: string[][] = [];
  for (const { path, text } of files) {
    const outline = await outlineOf(text);
    const before = tokensOf(text);
    const after = outline === undefined ? before : tokensOf(outline);
    made.push([
      path,
      `${before}`,
      outline === undefined ? "as it is" : `${after}`,
      percent(saved(before, after)),
    ]);
  }
  return made;
}

function repomixRow({ name, files }: SourceSet): string[] {
  const folder = mkdtempSync(join(tmpdir(), "outlines-"));
  try {
    for (const [at, { path, text }] of files.entries())
      writeFileSync(join(folder, `${at}${extname(path)}`), text);
    const target = join(folder, "packed.out");
    const flags = [
      "--compress",
      "--no-file-summary",
      "--no-directory-structure",
      "--no-security-check",
      "--no-gitignore",
      "--style",
      "plain",
      "--output",
      target,
    ];
    if (run("npx", ["-y", REPOMIX, folder, ...flags]) === undefined)
      return [name, "–", "not there"];
    const packed = readFileSync(target, "utf8").replace(
      /^={16,}\n(?:File: .*|Files)\n={16,}\n/gm,
      "",
    );
    const before = files.reduce((sum, { text }) => sum + tokensOf(text), 0);
    const ours = rows.find(([of]) => of === name)?.[5] ?? "–";
    return [name, ours, percent(saved(before, tokensOf(packed)))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Memory outside of the heap, where WebAssembly has its own, before and after many parses. */
async function memoryLine(): Promise<string> {
  const file = sets.find(({ files }) => files.length > 0)?.files[0]?.text ?? "";
  const external = async (times: number): Promise<number> => {
    for (let at = 0; at < times; at++) await outlineOf(file);
    globalThis.gc?.();
    return process.memoryUsage().external / 1024 / 1024;
  };
  const before = await external(50);
  const after = await external(PARSES);
  if (after - before > 4) isReached = false;
  return `${before.toFixed(1)} MiB after 50 parses of one file, ${after.toFixed(1)} MiB after ${PARSES} more.`;
}
