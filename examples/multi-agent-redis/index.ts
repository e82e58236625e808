/**
 * Three agents, two processes, one Redis: a researcher and a coder here, a reviewer in a process of its own.
 *
 * The researcher's tools return large outputs. What the others are handed is short, and the reviewer gets a row back that
 * neither of them was shown. Checks what it prints, and exits non-zero when something is off.
 */
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { shareResults } from "@headroom/langchain";
import { tool } from "@langchain/core/tools";
import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
import { redisAvailable, startRedis } from "../../test/support/redis-server.ts";
import { type Handed, openDesk } from "./team.ts";

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
if (!redisAvailable()) {
  print(
    "Skipped: no redis-server. Install it (Debian: apt-get install redis-server) or set REDIS_URL.",
  );
  process.exit(0);
}

/** What the researcher's tools return: real output of real commands, kept for the demo. */
const OUTPUTS = ["server.log", "eslint.json", "grep.txt"];
const output = (name: string): string =>
  readFileSync(join(import.meta.dirname, "..", "demo", "data", name), "utf8");
/** The row that the reviewer will ask for: the request just before the first failing one. */
const ROW = "439";

const server = process.env.REDIS_URL ? undefined : await startRedis();
const url = process.env.REDIS_URL ?? server?.url ?? "";
const session = `checkout-${process.pid}-${Date.now()}`;
const desk = await openDesk(url, session);

const State = Annotation.Root({ answer: Annotation<string>, handed: Annotation<Handed[]> });
type Team = typeof State.State;

const inspect = tool(({ name }: { name: string }) => output(name), {
  name: "inspect",
  description: "Runs a command and returns its output.",
  schema: {
    type: "object",
    properties: { name: { type: "string" }, lines: { type: "integer" } },
    required: ["name"],
  },
});
/** What the tool returns, the others can read by name. */
const sharedInspect = shareResults(desk.shared, inspect, {
  agent: "researcher",
  name: ({ name }) => String(name),
});

async function researcher(): Promise<Partial<Team>> {
  const answer = await desk.work(
    "Some checkouts fail. Find out why.",
    [sharedInspect],
    [
      ...OUTPUTS.map((name) => () => ({ tool: "inspect", args: { name } })),
      (read: string) =>
        read.includes("cart.items is not iterable") ? "cart.items is not a list." : "?",
    ],
  );
  return { answer, handed: [] };
}

async function coder({ answer }: Team): Promise<Partial<Team>> {
  const handed = await desk.handOver("coder");
  const patch = await desk.work(
    `Fix this: ${answer}\n\n${handed.text}`,
    [],
    [() => "- for (const item of cart.items)\n+ for (const item of cart.items ?? [])"],
  );
  await desk.shared.put("patch", patch, { agent: "coder" });
  return { answer: patch, handed: [handed] };
}

/** The node of the graph; the agent itself runs in another process. */
async function reviewer({ handed }: Team): Promise<Partial<Team>> {
  const child = fork(join(import.meta.dirname, "reviewer.ts"), [url, session, ROW]);
  const failed = once(child, "exit").then(([code]) => assert.fail(`reviewer exited with ${code}`));
  const [review] = (await Promise.race([once(child, "message"), failed])) as [
    Handed & { verdict: string },
  ];
  await failed.catch(() => undefined);
  return { answer: review.verdict, handed: [...handed, review] };
}

try {
  const graph = new StateGraph(State)
    .addNode("researcher", researcher)
    .addNode("coder", coder)
    .addNode("reviewer", reviewer)
    .addEdge(START, "researcher")
    .addEdge("researcher", "coder")
    .addEdge("coder", "reviewer")
    .addEdge("reviewer", END)
    .compile();
  const { answer, handed } = await graph.invoke({ answer: "", handed: [] });

  const [toCoder, toReviewer] = handed;
  assert(toCoder && toReviewer);
  const without = toCoder.tokensWithout + toReviewer.tokensWithout;
  const tokens = toCoder.tokens + toReviewer.tokens;
  const saved = 1 - tokens / without;
  const row = output("server.log").split("\n")[Number(ROW)] ?? "";

  print("tokens handed over        without      with");
  print(`researcher to coder     ${figure(toCoder.tokensWithout)} ${figure(toCoder.tokens)}`);
  print(`both to reviewer        ${figure(toReviewer.tokensWithout)} ${figure(toReviewer.tokens)}`);
  print(
    `together                ${figure(without)} ${figure(tokens)}   ${(saved * 100).toFixed(1)} % fewer`,
  );
  assert(saved >= 0.8, "at least 80 % fewer tokens handed over");

  assert(!toReviewer.text.includes(row), "the reviewer was not shown the row");
  assert(answer.includes(row), "the reviewer got the row back, byte for byte");
  print(
    `\nThe reviewer, in its own process, asked for row ${ROW} of what the researcher stored:\n${row}`,
  );

  const { puts, reads } = await desk.shared.stats();
  assert.deepEqual([puts, reads], [OUTPUTS.length + 1, 2 * OUTPUTS.length + 1]);
} finally {
  desk.close();
  await server?.stop();
}

function figure(tokens: number): string {
  return tokens.toLocaleString("en").padStart(9);
}
