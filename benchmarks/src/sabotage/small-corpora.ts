/** Small data for the sabotage run, the same on every machine: fixtures of the compressors, and requests made here. */
import { type Data, fixturesOf, type Sample } from "../corpus.ts";
import { searchResults } from "../generate.ts";
import type { Needle } from "../needles.ts";

const PER_SET = 3;
const MAX_LENGTH = 60_000;

/** Every tenth line fails, so that there is something to ask for in the middle. */
const LOG = Array.from({ length: 900 }, (_, at) => {
  const stamp = `2026-01-05T10:${String(Math.floor(at / 60) % 60).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}Z`;
  if (at === 451)
    return `${stamp} ERROR payment 77310 declined: card expired in /srv/pay/charge.ts:88`;
  return `${stamp} INFO handled request ${at * 7919} in ${(at * 37) % 90} ms`;
}).join("\n");

const LOG_NEEDLES: readonly Needle[] = [
  { kind: "must", expect: ["card expired"] },
  { kind: "query", question: "Why was payment 77310 declined?", expect: ["card expired"] },
  { kind: "ccr", question: "line 301", expect: [LOG.split("\n")[300] ?? ""] },
  { kind: "signal", importance: "critical", any_of: ["card expired"] },
];

const ROWS = JSON.stringify(
  searchResults(160).map((row, at) => ({ ...row, status: at === 97 ? "quota exhausted" : "ok" })),
);
const ROW_NEEDLES: readonly Needle[] = [
  { kind: "must", expect: ["quota exhausted"] },
  { kind: "query", question: "Which result has the status quota exhausted?", expect: ["doc_97"] },
  { kind: "ccr", question: "row 40", expect: ["doc_39"] },
];

function sample(name: string, text: string, needles: readonly Needle[] = [], facts = {}): Sample {
  return { name, text, needles, facts };
}

/** A request of which the reference saved a tenth. */
function scenario(name: string, output: string, needles: readonly Needle[]): Sample {
  const messages = [
    { role: "user", content: "What went wrong?" },
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "a", type: "function", function: { name: "look", arguments: "{}" } }],
    },
    { role: "tool", tool_call_id: "a", content: output },
    { role: "user", content: "Go on." },
  ];
  const strings = needles.filter(({ kind }) => kind === "must").length;
  return sample(name, JSON.stringify(messages), needles, {
    group: "small",
    reference_measured: {
      before: 1_000,
      after: 900,
      saved: 0.1,
      ms: 1,
      needles: { must: { strings: `${strings}/${strings}` } },
    },
  });
}

const FILE = Array.from(
  { length: 220 },
  (_, at) =>
    `${String(at + 1).padStart(6)}→${at === 119 ? "export function chargeCard() {" : `  const value${at % 9} = read(${at % 7});`}`,
).join("\n");

/** An agent that reads a file and a log, and then uses what it has read. */
function session(name: string): Sample {
  const call = (id: string, tool: string, input: object) => ({
    type: "assistant",
    message: { role: "assistant", content: [{ type: "tool_use", id, name: tool, input }] },
  });
  const result = (id: string, content: string) => ({
    type: "user",
    message: { role: "user", content: [{ type: "tool_result", tool_use_id: id, content }] },
  });
  const lines = [
    { type: "user", message: { role: "user", content: "Why do payments fail?" } },
    call("t1", "Bash", { command: "tail -n 900 app.log" }),
    result("t1", LOG),
    call("t2", "Read", { file_path: "/srv/pay/charge.ts" }),
    result("t2", FILE),
    call("t3", "Grep", { pattern: "chargeCard" }),
    result("t3", ROWS),
    call("t4", "Bash", { command: "echo done" }),
    result("t4", "done"),
  ];
  return sample(name, lines.map((line) => JSON.stringify(line)).join("\n"));
}

const TRAJECTORY = JSON.stringify({
  trajectory: [
    { action: "tail app.log", observation: LOG },
    { action: "open /srv/pay/charge.ts:88", observation: FILE },
    { action: "edit chargeCard", observation: "done" },
  ],
});

const ARTICLE = JSON.stringify({
  data: [
    {
      title: "Shop",
      paragraphs: ["Queues", "Workers", "Orders", "Carts"].map((name, at) => ({
        context: `${name} are explained here. ${"They are part of the shop and do what they are there for. ".repeat(9)}The limit of ${name.toLowerCase()} is ${at * 100 + 57}.`,
        qas: [
          {
            question: `What is the limit of ${name.toLowerCase()}?`,
            answers: [{ text: `${at * 100 + 57}` }],
          },
        ],
      })),
    },
  ],
});

const PATHS = Array.from(
  { length: 240 },
  (_, at) => `packages/${["core", "web", "api"][at % 3]}/src/${"abcdefgh"[at % 8]}/module-${at}.ts`,
).sort();
const TREE = PATHS.join("\n");
const HITS = PATHS.map((path, at) => `${path}:${(at * 37) % 900}:  charge(${at * 7919});`).join(
  "\n",
);

const SETS: Readonly<Record<string, readonly Sample[]>> = {
  logs: [sample("payments", LOG, LOG_NEEDLES)],
  "ci-logs": [sample("payments", LOG, LOG_NEEDLES)],
  "json-tools": [sample("results", ROWS, ROW_NEEDLES)],
  search: [sample("charges", HITS)],
  trees: [sample("files", TREE)],
  reference: [scenario("rows", ROWS, ROW_NEEDLES), scenario("log", LOG, LOG_NEEDLES)],
  sessions: [session("payments")],
  trajectories: [sample("payments", TRAJECTORY)],
  qa: [sample("shop", ARTICLE)],
  code: [sample("charge", FILE.replaceAll(/^ *\d+→/gm, ""))],
};

export const smallCorpora: Data = {
  name: "small",
  readSet(set) {
    const fixtures = fixturesOf(set)
      .filter(({ text }) => text.length > 2_000 && text.length < MAX_LENGTH)
      .slice(0, PER_SET);
    return [...(SETS[set] ?? []), ...fixtures];
  },
};
