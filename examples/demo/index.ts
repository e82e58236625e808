/**
 * The demo: one agent conversation with eight real tool results, before and after.
 *
 * Run it with `npm run demo`. It checks what it prints, and exits non-zero when something is off.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import process from "node:process";
import { type BlockReport, createHeadroom, memoryStore } from "@headroom/core";
import { bold, dim, good, printBox, printTable } from "./print.ts";

/** What the agent ran, and what came back (`data/README.md` says how it was made). */
const calls = [
  { command: "cat server.log", file: "server.log" },
  { command: "npx vitest run", file: "vitest.log" },
  { command: "npx eslint -f json lib", file: "eslint.json" },
  { command: "npm ls --all --json", file: "npm-ls.json" },
  { command: "grep -rn TypeError …", file: "grep.txt" },
  { command: "find node_modules/…", file: "find.txt" },
  { command: "npm diff express@…", file: "express.diff" },
  { command: "cat -n lib/response.js", file: "response.js.txt" },
].map((call, index) => ({ ...call, id: `call_${index}`, output: read(call.file) }));

/** What the agent is after. It must still be there for the model to see, without asking for it. */
const needles = [
  { file: "server.log", text: "cart.items is not iterable" },
  { file: "server.log", text: "only 0 of SKU-108 left, 2 asked for" },
  { file: "vitest.log", text: "with a voucher are never negative" },
  { file: "vitest.log", text: "expected -802 to be greater than or equal to 0" },
  { file: "eslint.json", text: "'fn' is already defined." },
];

const messages = [
  { role: "system", content: "You are a coding agent." },
  { role: "user", content: "Some checkouts fail and tests are red. What is wrong?" },
  ...calls.flatMap(({ id, command, output }) => [
    {
      role: "assistant",
      content: null,
      tool_calls: [
        {
          id,
          type: "function",
          function: { name: "bash", arguments: JSON.stringify({ command }) },
        },
      ],
    },
    { role: "tool", tool_call_id: id, content: output },
  ]),
];

const headroom = createHeadroom({ store: memoryStore() });
const start = performance.now();
const result = await headroom.compress(messages);
const milliseconds = performance.now() - start;

const rows = calls.map((call, index) => {
  const message = 2 * index + 3;
  const report = result.blocks.find((block) => block.message === message);
  const seen = result.messages[message]?.content;
  assert(report !== undefined && typeof seen === "string", `no result for ${call.file}`);
  return { ...call, report, seen };
});

print(`\n  ${bold("headroom")}  what agents read in fewer tokens, every original redeemable\n`);
print(
  `  An agent ran eight commands to find out why checkouts fail. What its model has to read:\n`,
);
printTable(
  ["command", "kind", "tokens", "now", "saved", ""],
  rows.map(({ command, report }) => [
    command,
    report.kind ?? "–",
    count(report.tokensBefore),
    count(report.tokensAfter),
    share(report),
    whatHappened(report),
  ]),
  [
    "all messages",
    "",
    count(result.tokensBefore),
    count(result.tokensAfter),
    share(result),
    `${count(Math.round(milliseconds))} ms`,
  ],
);

const shown = rows[0];
assert(shown?.report.ref !== undefined, "the first result has a ref");
print(
  `\n  ${bold("What the model reads")} instead of the ${count(shown.report.tokensBefore)} tokens of ${shown.file}:\n`,
);
printBox(shown.seen, 8, "cart.items is not iterable");

// Ask for requests that are not shown: the last of those before the failure.
const requests: { id?: string }[] = shown.output
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));
const failure = shown.output.split("\n").findIndex((line) => line.includes("cart.items"));
const last = requests.findLastIndex(
  ({ id }, n) => n < failure && id !== undefined && !shown.seen.includes(id),
);
const request = { hash: shown.report.ref, rows: `${last - 2}-${last}` };
const answer = await headroom.retrieve(request);
assert(last > 2 && answer.text.includes(requests[last]?.id ?? "no id"), "a row was not served");
print(`\n  ${bold("When it needs more")}, say what came before, it calls headroom_retrieve:\n`);
printBox(`${JSON.stringify(request)}\n${answer.text}`, 6);

print("");
let redeemed = 0;
for (const { report, output, file } of rows) {
  if (report.ref === undefined) continue;
  assert.equal(await retrieveAll(report.ref), output, `${file} did not come back as it was`);
  redeemed++;
}
assert(redeemed > 0, "nothing was compressed");
check(`${redeemed} of ${redeemed} originals come back through headroom_retrieve, byte for byte`);

for (const { file, text } of needles) {
  const seen = rows.find((row) => row.file === file)?.seen ?? "";
  assert(seen.includes(text), `"${text}" of ${file} is not visible any more`);
}
check(`${needles.length} of ${needles.length} facts the agent needs are visible without asking`);

for (const [index, message] of messages.entries()) {
  if (message.role !== "tool")
    assert.equal(result.messages[index], message, `message ${index} changed`);
}
check("system prompt, question and tool calls are the same objects as before");

assert(result.tokensAfter < result.tokensBefore / 2, "less than half was saved");
assert.deepEqual((await headroom.compress(messages)).messages, result.messages);
check("a second run gives the same bytes, so the provider's prompt cache keeps hitting");
print(`\n  ${dim("Your own files:")} node packages/cli/dist/main.js measure PATH…\n`);

/** The whole original, page after page, as a model would get it. */
async function retrieveAll(hash: string): Promise<string> {
  const pages: string[] = [];
  for (let offset: number | undefined = 0; offset !== undefined; ) {
    const page = await headroom.retrieve({ hash, offset });
    pages.push(...page.slices.map(({ text }) => text));
    offset = page.nextOffset;
  }
  return pages.join("");
}

function whatHappened({ outcome, lossless, omitted, reason }: BlockReport): string {
  if (outcome !== "compressed" && outcome !== "repeated") return reason;
  if (lossless) return "lossless";
  const [first] = omitted ?? [];
  return first ? `${count(first.count)} of ${count(first.total)} ${first.unit} left out` : "";
}

function read(file: string): string {
  return readFileSync(new URL(`data/${file}`, import.meta.url), "utf8");
}

function count(tokens: number): string {
  return tokens.toLocaleString("en-US");
}

function share({
  tokensBefore,
  tokensAfter,
}: {
  tokensBefore: number;
  tokensAfter: number;
}): string {
  return tokensAfter === tokensBefore
    ? "–"
    : `${((1 - tokensAfter / tokensBefore) * 100).toFixed(1)} %`;
}

function check(words: string): void {
  print(`  ${good("✓")} ${words}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
