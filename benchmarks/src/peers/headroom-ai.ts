/** The reference system's npm client: each of its methods against `/v1/*`, with the answers that it makes of them. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Conversation } from "./conversation.ts";
import { lookup } from "./lookup.ts";
import { npmInstall } from "./npm-install.ts";
import { blockOf } from "./page.ts";
import { holds, type Peer, type Row } from "./peer.ts";
import { ORDER, ordersText, TRACKING } from "./task/folder.ts";
import type { Line, Wire } from "./wire.ts";

// biome-ignore lint/suspicious/noExplicitAny: a client whose declarations are installed when this runs
type Client = any;

const QUESTION = { role: "user", content: "Which orders are there?" };

function model(conversation: Conversation): ReturnType<Parameters<Wire["open"]>[0]["model"]> {
  const [result] = conversation.calls;
  const wanted = lookup(conversation, result, TRACKING, String(ORDER));
  if (wanted) return { text: "I look that up.", calls: [wanted], id: "lookup" };
  return { text: conversation.body.includes(TRACKING) ? `It is ${TRACKING}.` : "I cannot tell." };
}

const chat = [
  QUESTION,
  {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "c1", type: "function", function: { name: "list", arguments: "{}" } }],
  },
  { role: "tool", tool_call_id: "c1", content: ordersText() },
];
const chatTools = [
  { type: "function", function: { name: "list", parameters: { type: "object" } } },
];
const blocks = [
  QUESTION,
  { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "list", input: {} }] },
  { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: ordersText() }] },
];
const blockTools = [{ name: "list", input_schema: { type: "object" } }];

async function rowsOf(client: Client, line: Line): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const check = async (what: string, run: () => Promise<boolean | string>): Promise<void> => {
    const seen = await run().catch((error: unknown) => String(error));
    rows.push(holds(what, seen === true, String(seen)));
  };
  const made = await client.compress(chat, { model: "gpt-5.5" });
  const [hash] = made.ccrHashes;
  await check("compress: the same rows, fewer tokens, a hash", async () => {
    const roles = made.messages.map(({ role }: { role: string }) => role).join();
    return (
      roles === "user,assistant,tool" && made.tokensSaved > 1_000 && made.ccrHashes.length === 1
    );
  });
  await check(
    "compress: the fact is left out",
    async () => !JSON.stringify(made.messages).includes(TRACKING),
  );
  await check("retrieve: the original, byte for byte", async () => {
    return (await client.retrieve(hash)).originalContent === ordersText();
  });
  await check("retrieve with a query: the fact", async () => {
    const found = await client.retrieve(hash, { query: String(ORDER) });
    return found.originalContent.includes(TRACKING) && found.originalContent.length < 2_000;
  });
  const args = { hash, query: String(ORDER) };
  await check("handleToolCall, of Anthropic: the fact as a tool_result", async () => {
    const toolCall = { id: "t9", name: "headroom_retrieve", input: args };
    const { toolResult, success } = await client.handleToolCall({
      toolCall,
      provider: "anthropic",
    });
    return success && toolResult.toolUseId === "t9" && toolResult.content.includes(TRACKING);
  });
  await check("handleToolCall, of OpenAI: the fact as a tool message", async () => {
    const call = { name: "headroom_retrieve", arguments: JSON.stringify(args) };
    const toolCall = { id: "c9", type: "function", function: call };
    const { toolResult, success } = await client.handleToolCall({ toolCall, provider: "openai" });
    return success && toolResult.toolCallId === "c9" && toolResult.content.includes(TRACKING);
  });
  await check(
    "chat.completions.simulate and messages.simulate: as many tokens, none sent",
    async () => {
      const asked = line.server.seen.length;
      const one = await client.chat.completions.simulate({ model: "gpt-5.5", messages: chat });
      const other = await client.messages.simulate({ model: "claude-sonnet-4-5", messages: chat });
      const isSame = one.tokensBefore === made.tokensBefore && other.tokensSaved > 1_000;
      return isSame && line.server.seen.length === asked;
    },
  );
  await check("chat.completions.create: the fact, looked up inside", async () => {
    const request = { model: "gpt-5.5", messages: chat, tools: chatTools };
    const { choices } = await client.chat.completions.create(request);
    return saysFact(choices[0].message.content);
  });
  await check("chat.completions.create, as a stream: the fact", async () => {
    const request = { model: "gpt-5.5", messages: chat, tools: chatTools, stream: true };
    let text = "";
    for await (const { choices } of await client.chat.completions.create(request))
      text += choices[0]?.delta?.content ?? "";
    return saysFact(text);
  });
  const asked = {
    model: "claude-sonnet-4-5",
    max_tokens: 100,
    messages: blocks,
    tools: blockTools,
  };
  await check("messages.create: the fact, looked up inside", async () => {
    const { content } = await client.messages.create(asked);
    return saysFact(content.map(({ text = "" }) => text).join(""));
  });
  await check("messages.stream: the fact", async () => {
    let text = "";
    for await (const event of await client.messages.stream(asked)) text += event.delta?.text ?? "";
    return saysFact(text);
  });
  await check("nothing of ours in what it was sent by providers' endpoints", async () => {
    const replies = line.tap.connections.map(({ received }) => received).join("\n");
    return !/"name":\s?"headroom_retrieve"/.test(replies);
  });
  await check(
    "telemetry, feedback, toin, getCCRStats: refused here, and no provider is asked",
    async () => {
      const before = line.server.seen.length;
      const all = [
        () => client.telemetry.getStats(),
        () => client.telemetry.export(),
        () => client.telemetry.import({}),
        () => client.telemetry.getTools(),
        () => client.feedback.getStats(),
        () => client.toin.getStats(),
        () => client.getCCRStats(),
      ];
      const refused = await Promise.all(all.map((ask) => ask().then(() => "served", String)));
      const isTold = refused.every((text) => text.includes("keeps nothing of the kind"));
      return (isTold && line.server.seen.length === before) || refused.join("; ");
    },
  );
  return rows;
}

function saysFact(text: string): boolean | string {
  return text.endsWith(`It is ${TRACKING}.`) || text;
}

export const headroomAi: Peer = {
  name: "headroom-ai",
  install: (folder) => npmInstall(folder, "headroom-ai", "0.37.0"),
  async run({ folder }, wire) {
    const line = await wire.open({ through: true, model });
    // What the page says is a module of the folder in which the client is installed.
    const file = join(folder, `page-${process.pid}.mjs`);
    try {
      writeFileSync(file, `${blockOf("headroom-ai", "js", line.url)}\nexport { client };\n`);
      process.env.OPENAI_API_KEY ??= "sk-fake";
      const { client } = await import(pathToFileURL(file).href);
      return await rowsOf(client, line);
    } finally {
      rmSync(file, { force: true });
      await line.close();
    }
  },
};
