/** The order of what a call with hidden rounds does, and what a further attempt starts from. */
import { describe, expect, it } from "vitest";
import type { InlineContext } from "../src/dialect.ts";
import { attempts, generateInline } from "../src/generate.ts";
import { HEADROOM_RETRIEVE } from "../src/index.ts";
import type { CallOptionsLike, GenerateResultLike, Part } from "../src/spec.ts";
import { streamInline } from "../src/stream.ts";
import { collect, streamOf } from "./support/versions.ts";

const params: CallOptionsLike = { prompt: [{ role: "user", content: "x" }] };
const model = {};
const retrieval: Part = {
  type: "tool-call",
  toolCallId: "r1",
  toolName: HEADROOM_RETRIEVE,
  input: '{"hash":"h"}',
};
const result = (...content: readonly Part[]): GenerateResultLike => ({
  content,
  finishReason: "stop",
  usage: { tokens: 1 },
});
const done = result({ type: "text", text: "Done." });
const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

/** A context that writes down what happens; each step takes a while. */
function contextWith(log: string[]): InlineContext {
  return {
    model: { provider: "mock", modelId: "m", doGenerate: never, doStream: never },
    maxRetrievals: 8,
    held: {
      async asks({ ours }) {
        await later();
        log.push(`asks ${ours.map(({ id }) => id)}`);
      },
      settled: () => void log.push("settled"),
      async leaves({ ours }) {
        await later();
        log.push(`leaves ${ours.length}`);
      },
    },
    async answer({ toolCallId }) {
      await later();
      log.push(`answer ${String(toolCallId)}`);
      return "answer";
    },
  };
}
function never(): never {
  throw new Error("not called");
}

describe("a call with a hidden round", () => {
  const order = [
    ...["first", "settled", "answer r1", "asks r1", "again", "settled", "leaves 0"],
    "over",
  ];

  it("knows on the provider's side what it is about to ask before it asks: generated", async () => {
    const log: string[] = [];
    const said = async (name: string, reply: GenerateResultLike): Promise<GenerateResultLike> => {
      log.push(name);
      return reply;
    };
    const attempt = attempts().resume(params.prompt, model);
    const final = await generateInline(
      attempt,
      params,
      () => said("first", result(retrieval)),
      () => said("again", done),
      contextWith(log),
    );
    log.push("over");
    expect(log).toEqual(order);
    expect(final).toMatchObject({ finishReason: "stop", usage: { tokens: 2 } });
  });

  it("does the same streamed", async () => {
    const log: string[] = ["first"];
    const finish = { type: "finish", finishReason: "stop", usage: { tokens: 1 } };
    const stream = await streamInline(
      streamOf<Part>([retrieval, finish]),
      params,
      async () => {
        log.push("again");
        return streamOf<Part>([{ type: "source", id: "s" }, finish]);
      },
      contextWith(log),
      (part) => part,
    );
    const parts = await collect(stream);
    log.push("over");
    expect(log).toEqual(order);
    expect(parts).toEqual([
      { type: "source", id: "s" },
      { ...finish, usage: { tokens: 2 } },
    ]);
  });

  it("gives a result without our calls as the provider's own object", async () => {
    for (const reply of [done, {} as GenerateResultLike]) {
      const attempt = attempts().resume(params.prompt, model);
      const first = async (): Promise<GenerateResultLike> => reply;
      expect(await generateInline(attempt, params, first, never, contextWith([]))).toBe(reply);
    }
  });
});

describe("attempts", () => {
  it("go on from the rounds of the one before, once, for the same prompt only", async () => {
    const earlier = attempts();
    const attempt = earlier.resume(params.prompt, model);
    const failing = generateInline(
      attempt,
      params,
      async () => result(retrieval),
      () => Promise.reject(new Error("503")),
      contextWith([]),
    );
    await expect(failing).rejects.toThrow("503");
    earlier.failed(params.prompt, model, attempt);
    expect(earlier.resume([...params.prompt], model)).toEqual({ rounds: [], replies: [] });
    const next = earlier.resume(params.prompt, model);
    expect(next.rounds).toHaveLength(1);
    expect(earlier.resume(params.prompt, model).rounds).toEqual([]);
    const asked: CallOptionsLike[] = [];
    const again = async (request: CallOptionsLike): Promise<GenerateResultLike> => {
      asked.push(request);
      return done;
    };
    const final = await generateInline(next, params, never, again, contextWith([]));
    expect(final.usage).toEqual({ tokens: 2 });
    expect(asked.map(({ prompt }) => prompt.length)).toEqual([3]);
  });

  it("begin anew with another model", () => {
    const earlier = attempts();
    const attempt = earlier.resume(params.prompt, model);
    earlier.failed(params.prompt, model, attempt);
    expect(earlier.resume(params.prompt, {})).not.toBe(attempt);
    earlier.failed(params.prompt, model, attempt);
    expect(earlier.resume(params.prompt, model)).toBe(attempt);
  });
});
