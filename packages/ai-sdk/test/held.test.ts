/** Histories that the provider holds: threads, responses continued by id, conversations. Retrievals leave nothing unanswered there. */
import { memoryStore } from "@headroom/core";
import { afterEach, describe, expect, it } from "vitest";
import {
  HOWS,
  hasWanted,
  type How,
  isShortened,
  modelOf,
  type Provider,
  type Ran,
  retrieve,
  run,
  toolsOf,
} from "./support/agents.ts";
import { type Asked, type RuleServer, ruleServer, type Said } from "./support/rules.ts";
import { orders } from "./support/script.ts";
import { type Version, versions } from "./support/versions.ts";

const servers: RuleServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
async function serve(answer: (asked: Asked) => Said): Promise<RuleServer> {
  const server = await ruleServer(answer);
  servers.push(server);
  return server;
}

const user = (content: string): object => ({ role: "user", content });
const resultOf = (toolCallId: string, toolName: string, value: unknown): object => ({
  role: "tool",
  content: [{ type: "tool-result", toolCallId, toolName, output: { type: "json", value } }],
});
/** The caller's answers to the calls of a turn. */
const answersTo = ({ toolCalls }: Pick<Ran, "toolCalls">): readonly object[] => [
  {
    role: "tool",
    content: toolCalls.map(({ toolCallId, toolName }) => ({
      type: "tool-result",
      toolCallId,
      toolName,
      output: { type: "json", value: toolName === "list_orders" ? orders : "ok" },
    })),
  },
];

const cases = versions.flatMap((version) => HOWS.map((how) => [version, how] as const));
describe.each(cases)("%o", (version: Version, how: How) => {
  const { ai } = version;
  /** Tools without an `execute`: every turn comes back to the caller. */
  const tools = Object.fromEntries(
    ["list_orders", "note"].map((name) => [
      name,
      ai.tool({ inputSchema: ai.jsonSchema({ type: "object" }) }),
    ]),
  );
  const turn = (
    server: RuleServer,
    provider: Provider,
    { store = memoryStore(), ...options }: { store?: ReturnType<typeof memoryStore> } & object,
  ): Promise<Ran> =>
    run(version, how, { model: modelOf(version, provider, server, { store }), tools, ...options });
  void turn;
  void resultOf;
  void toolsOf;
  void user;
  it("placeholder", () => {
    expect(hasWanted).toBeDefined();
    expect(isShortened).toBeDefined();
    expect(retrieve).toBeDefined();
    expect(answersTo).toBeDefined();
    expect(serve).toBeDefined();
  });
});
