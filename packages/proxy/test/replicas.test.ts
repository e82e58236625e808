/** Two proxies in two processes over one Redis: what one hid or shortened, the other knows; so does a third that is started later. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import Anthropic from "@anthropic-ai/sdk";
import { findMarkers } from "@headroom/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type RedisServer,
  redisStartable,
  startRedis,
} from "../../../test/support/redis-server.ts";
import { startWireServer, type WireServer } from "../../../test/support/wire-server.ts";
import { model, type Prompt } from "../../anthropic/test/rules.ts";
import { ORDERS, SKU_500 } from "./setup.ts";

let redis: RedisServer;
let server: WireServer;
const children: ChildProcess[] = [];
const available = redisStartable();

beforeAll(async () => {
  if (!available) return;
  redis = await startRedis();
  server = await startWireServer();
});
afterAll(async () => {
  for (const child of children) child.kill();
  await server?.stop();
  await redis?.stop();
});

/** Starts a process; gives its base URL. */
async function replica(): Promise<string> {
  const script = fileURLToPath(new URL("./replica.ts", import.meta.url));
  const child = spawn(
    process.execPath,
    ["--conditions=@headroom/source", script, server.url, redis.url],
    {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, NODE_OPTIONS: "" },
    },
  );
  children.push(child);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return line.toString().trim();
}

describe.runIf(available)("proxies that share a Redis", () => {
  it("go on where another one stopped, byte for byte", async () => {
    const names = ["a", "b", "c"];
    const { reply, refused } = model(({ messages, text }: Prompt) => {
      const blocks = messages.flatMap(({ content }) => (Array.isArray(content) ? content : []));
      const done = blocks.flatMap(({ type, name }) => (type === "tool_use" ? [name] : []));
      const next = names.find((name) => !done.includes(name));
      if (done.includes("a") && !done.includes("headroom_retrieve")) {
        const hash = findMarkers(text)[0]?.ref ?? "";
        return {
          thinking: "Hm.",
          calls: [{ name: "headroom_retrieve", args: { hash, rows: "500" } }],
        };
      }
      if (next) return { thinking: "Next.", calls: [{ name: next, args: {} }] };
      return { text: `It is ${new RegExp(`${SKU_500}\\b`).exec(text)?.[0]}.` };
    });
    server.reply(reply);
    const history: Anthropic.MessageParam[] = [{ role: "user", content: "Which is order 500?" }];
    let said = "";
    for (let turn = 0; turn < 6 && said === ""; turn++) {
      // Each turn meets a process that has seen nothing of the conversation.
      const client = new Anthropic({ apiKey: "k", baseURL: await replica(), maxRetries: 0 });
      const { content } = await client.messages
        .stream({
          model: "claude-sonnet-5-5",
          max_tokens: 500,
          tools: names.map((name) => ({ name, input_schema: { type: "object" } })),
          messages: [...history],
        })
        .finalMessage();
      children.pop()?.kill("SIGKILL");
      expect(JSON.stringify(content)).not.toContain("headroom_retrieve");
      history.push({ role: "assistant", content });
      const results = content.flatMap((block) =>
        block.type === "tool_use"
          ? [{ type: "tool_result" as const, tool_use_id: block.id, content: ORDERS }]
          : [],
      );
      if (results.length > 0) history.push({ role: "user", content: results });
      else said = content.map((block) => (block.type === "text" ? block.text : "")).join("");
    }
    expect(refused).toEqual([]);
    expect(said).toBe(`It is ${SKU_500}.`);
    const sent = server.requests.map(({ json }) => json);
    expect(sent).toHaveLength(5);
    for (const [index, one] of sent.entries()) {
      const next = sent[index + 1];
      if (!next) break;
      const head = JSON.stringify(next.messages.slice(0, one.messages.length));
      expect([index, head === JSON.stringify(one.messages)]).toEqual([index, true]);
      expect(JSON.stringify(next.tools)).toBe(JSON.stringify(one.tools));
    }
  });
});
