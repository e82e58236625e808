/**
 * What `HeadroomCompressor` costs: a request that has nothing to shorten (50 short messages, no callbacks), and the first token
 * of a stream behind a tool result of 1,000 rows.
 *
 * Shown beside a runnable that hands its input on, because every runnable pays for configuration and callbacks; ours is the
 * difference. Medians of rounds taken in turns, so that both meet the same noise.
 */
import process from "node:process";
import { memoryStore } from "@headroom/core";
import { HeadroomCompressor } from "@headroom/langchain";
import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { type Runnable, RunnableLambda } from "@langchain/core/runnables";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { reaches, targetOf, wordsOf } from "./targets.ts";

const ROUNDS = 60;
const CALLS = 20;
const target = targetOf("nothing to do");

const conversation = (): BaseMessage[] =>
  Array.from({ length: 50 }, (_, i) => {
    if (i % 4 === 0)
      return new HumanMessage(`Question ${i}: what does step ${i} of the plan need?`);
    if (i % 4 === 1)
      return new AIMessage({
        content: "",
        tool_calls: [{ id: `c${i}`, name: "look_up", args: { step: i }, type: "tool_call" }],
      });
    if (i % 4 === 2)
      return new ToolMessage({
        content: `Step ${i}: two of three parts are in.`,
        tool_call_id: `c${i - 1}`,
      });
    return new AIMessage(`Step ${i} needs one more part.`);
  });

const compressor = new HeadroomCompressor({ store: memoryStore() });
const nothing = RunnableLambda.from((messages: BaseMessage[]) => messages);

const time = async (call: (messages: BaseMessage[]) => Promise<unknown>, fresh: boolean) => {
  const inputs = Array.from({ length: CALLS }, conversation);
  const start = performance.now();
  for (const input of inputs) await call(fresh ? input : (inputs[0] ?? input));
  return (performance.now() - start) / CALLS;
};
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const ours: number[] = [];
const theirs: number[] = [];
const again: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  ours.push(await time((messages) => compressor.invoke(messages), true));
  theirs.push(await time((messages) => nothing.invoke(messages), true));
  again.push(await time((messages) => compressor.invoke(messages), false));
}

/** Rows that no earlier round has seen, so that nothing comes out of a cache. */
const longConversation = (round: number): BaseMessage[] => [
  new HumanMessage("Which order failed?"),
  new AIMessage({
    content: "",
    tool_calls: [{ id: "c1", name: "list_orders", args: {}, type: "tool_call" }],
  }),
  new ToolMessage({
    content: JSON.stringify(
      Array.from({ length: 1_000 }, (_, id) => ({
        id,
        round,
        state: id === 617 ? "failed" : "ok",
      })),
    ),
    tool_call_id: "c1",
  }),
];
const model = new FakeListChatModel({ responses: ["Order 617 failed."] });
const firstToken = async (chain: Runnable<BaseMessage[], unknown>, input: BaseMessage[]) => {
  const start = performance.now();
  for await (const _ of await chain.stream(input)) break;
  return performance.now() - start;
};
const shortening = (): HeadroomCompressor =>
  new HeadroomCompressor({ store: memoryStore(), retrieveTool: true });
const streamed: number[] = [];
const compressed: number[] = [];
const plain: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const input = longConversation(round);
  streamed.push(await firstToken(shortening().pipe(model) as never, input));
  const start = performance.now();
  await shortening().invoke(input);
  compressed.push(performance.now() - start);
  plain.push(await firstToken(model as never, input));
}

const figure = (values: readonly number[]): string => `${median(values).toFixed(3)} ms`;
process.stdout.write(`HeadroomCompressor, 50 short messages
  new messages:                 ${figure(ours)} a call
  messages seen before:         ${figure(again)} a call
  a runnable that does nothing: ${figure(theirs)} a call
  reach: ${wordsOf(target)}, ${reaches(target, median(ours)) ? "met" : "not met"}

First token of a stream, behind a tool result of 1,000 rows
  without:                      ${figure(plain)}
  with:                         ${figure(streamed)}
  compression alone:            ${figure(compressed)}
`);
process.exitCode = reaches(target, median(ours)) ? 0 : 1;
