/** What every agent of the team is made of: a model, the shared Redis, and middleware that gives it headroom_retrieve. */
import {
  createSharedContext,
  loadCounter,
  type SharedContext,
  type TokenCounter,
} from "@headroom/core";
import { sharedContextNode } from "@headroom/langchain";
import { headroomMiddleware } from "@headroom/langchain/middleware";
import { redisLedger, redisStore } from "@headroom/redis";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { ClientTool } from "@langchain/core/tools";
import { Redis } from "ioredis";
import { createAgent, fakeModel } from "langchain";

export interface Desk {
  readonly shared: SharedContext;
  readonly counter: TokenCounter;
  /** What one agent gets to read of everything the others have put, and its tokens with and without Headroom. */
  handOver(agent: string): Promise<Handed>;
  /** Runs an agent on a task; `answers` is its scripted model. */
  work(task: string, tools: ClientTool[], answers: readonly Answer[]): Promise<string>;
  close(): void;
}

export interface Handed {
  readonly text: string;
  readonly tokens: number;
  readonly tokensWithout: number;
}

/** Either a tool to call, or what to say, given what the model reads. */
export type Answer = (read: string) => { tool: string; args: Record<string, unknown> } | string;

export async function openDesk(url: string, session: string): Promise<Desk> {
  const client = new Redis(url);
  const store = redisStore({ client, namespace: session });
  const shared = createSharedContext({
    store,
    namespace: session,
    ledger: redisLedger({ client, session, namespace: session }),
    query: "Why do checkouts fail?",
  });
  const counter = await loadCounter("o200k_base");
  return {
    shared,
    counter,
    async handOver(agent) {
      const { messages } = await sharedContextNode(shared, { agent })();
      const text = messages.map((message) => message.text).join("\n\n");
      const entries = await shared.entries();
      const tokensWithout = entries.reduce((sum, { tokens }) => sum + tokens, 0);
      return { text, tokens: counter.count(text), tokensWithout };
    },
    async work(task, tools, answers) {
      const model = fakeModel();
      for (const [index, answer] of answers.entries())
        model.respond((messages: BaseMessage[]) => scripted(answer, messages, `call_${index}`));
      const agent = createAgent({
        model,
        tools,
        middleware: [headroomMiddleware({ store, namespace: session })],
      });
      const { messages } = await agent.invoke({ messages: [{ role: "user", content: task }] });
      return String(messages.at(-1)?.content);
    },
    close: () => client.disconnect(),
  };
}

function scripted(answer: Answer, messages: BaseMessage[], id: string): BaseMessage {
  const said = answer(messages.map(({ content }) => String(content)).join("\n"));
  if (typeof said === "string") return new AIMessage(said);
  return new AIMessage({
    content: "",
    tool_calls: [{ name: said.tool, args: said.args, id, type: "tool_call" }],
  });
}
