import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { lagging } from "./lagging.ts";
import { type Reported, usageTap } from "./tap.ts";

const JSON_TYPE = "application/json; charset=utf-8";
const EVENTS = "text/event-stream";

function read(
  pieces: readonly Buffer[],
  contentType: string,
  contentEncoding?: string,
): Promise<Reported | undefined> {
  const tap = usageTap({ later: lagging(), contentType, contentEncoding });
  if (tap === undefined) throw new Error("There is no tap for it.");
  for (const piece of pieces) tap.push(piece);
  return new Promise((resolve) => tap.end(resolve));
}

function events(...data: readonly unknown[]): string {
  return data.map((one) => `event: x\ndata: ${JSON.stringify(one)}\n\n`).join("");
}

/** Content that talks about usage, in every way that is not the provider's own. */
const TALK =
  'She said: "usage": {"input_tokens": 666, "prompt_tokens": 666} \\ \\" {"model":"evil"}';
const tool = {
  usage: { input_tokens: 666 },
  model: "evil",
  usageMetadata: { promptTokenCount: 666 },
};

const ANSWERS: readonly [name: string, type: string, text: string, expected: Reported][] = [
  [
    "Anthropic, whole",
    JSON_TYPE,
    JSON.stringify({
      model: "claude-sonnet-4-5",
      content: [
        { type: "text", text: TALK },
        { type: "tool_use", input: tool },
      ],
      usage: {
        input_tokens: 12,
        cache_creation_input_tokens: 100,
        cache_read_input_tokens: 2_000,
        cache_creation: { ephemeral_5m_input_tokens: 100 },
        output_tokens: 7,
      },
    }),
    {
      model: "claude-sonnet-4-5",
      usage: { inputTokens: 2_112, cacheReadTokens: 2_000, cacheWriteTokens: 100, outputTokens: 7 },
    },
  ],
  [
    "a gateway that puts it first",
    JSON_TYPE,
    JSON.stringify({
      usage: { input_tokens: 12, output_tokens: 7 },
      model: "claude-sonnet-4-5",
      content: [{ type: "tool_use", input: tool }, tool],
      message: { content: [tool], more: tool },
      meta: tool,
    }),
    {
      model: "claude-sonnet-4-5",
      usage: { inputTokens: 12, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 7 },
    },
  ],
  [
    "Anthropic, streamed",
    EVENTS,
    events(
      {
        type: "message_start",
        message: {
          model: "claude-sonnet-4-5",
          usage: { input_tokens: 12, cache_read_input_tokens: 2_000, output_tokens: 1 },
        },
      },
      { type: "content_block_delta", delta: { type: "text_delta", text: TALK } },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 70 } },
      { type: "message_stop" },
    ),
    {
      model: "claude-sonnet-4-5",
      usage: { inputTokens: 2_012, cacheReadTokens: 2_000, cacheWriteTokens: 0, outputTokens: 70 },
    },
  ],
  [
    "Chat Completions, whole",
    JSON_TYPE,
    JSON.stringify(
      {
        model: "gpt-5.5",
        choices: [{ message: { content: TALK, tool_calls: [tool] } }],
        usage: {
          prompt_tokens: 1_000,
          completion_tokens: 20,
          prompt_tokens_details: { cached_tokens: 900 },
        },
      },
      undefined,
      2,
    ),
    {
      model: "gpt-5.5",
      usage: { inputTokens: 1_000, cacheReadTokens: 900, cacheWriteTokens: 0, outputTokens: 20 },
    },
  ],
  [
    "Chat Completions, streamed",
    EVENTS,
    `: ping\n\n${events(
      { model: "gpt-5.5", choices: [{ delta: { content: TALK } }], usage: null },
      {
        model: "gpt-5.5",
        choices: [],
        usage: {
          prompt_tokens: 1_000,
          completion_tokens: 20,
          prompt_tokens_details: { cached_tokens: 900 },
        },
      },
    )}data: [DONE]\n\n`,
    {
      model: "gpt-5.5",
      usage: { inputTokens: 1_000, cacheReadTokens: 900, cacheWriteTokens: 0, outputTokens: 20 },
    },
  ],
  [
    "Responses, whole",
    JSON_TYPE,
    JSON.stringify({
      output: [{ content: [{ text: TALK }] }],
      model: "gpt-5.5",
      usage: {
        input_tokens: 1_000,
        input_tokens_details: { cached_tokens: 900 },
        output_tokens: 20,
      },
    }),
    {
      model: "gpt-5.5",
      usage: { inputTokens: 1_000, cacheReadTokens: 900, cacheWriteTokens: 0, outputTokens: 20 },
    },
  ],
  [
    "Responses, streamed",
    EVENTS,
    events(
      { type: "response.created", response: { model: "gpt-5.5", usage: null } },
      { type: "response.output_text.delta", delta: TALK },
      {
        type: "response.completed",
        response: {
          output: [{ content: [{ text: TALK.repeat(50) }] }, tool],
          usage: {
            input_tokens: 1_000,
            input_tokens_details: { cached_tokens: 900 },
            output_tokens: 20,
          },
        },
      },
    ),
    {
      model: "gpt-5.5",
      usage: { inputTokens: 1_000, cacheReadTokens: 900, cacheWriteTokens: 0, outputTokens: 20 },
    },
  ],
  [
    "Gemini, whole",
    JSON_TYPE,
    JSON.stringify({
      candidates: [{ content: { parts: [{ text: TALK }, { functionCall: { args: tool } }] } }],
      usageMetadata: {
        promptTokenCount: 1_000,
        cachedContentTokenCount: 900,
        candidatesTokenCount: 15,
        thoughtsTokenCount: 5,
      },
      modelVersion: "gemini-3-pro",
    }),
    {
      model: "gemini-3-pro",
      usage: { inputTokens: 1_000, cacheReadTokens: 900, cacheWriteTokens: 0, outputTokens: 20 },
    },
  ],
  [
    "Gemini, streamed as a list",
    JSON_TYPE,
    JSON.stringify([
      {
        candidates: [{ content: { parts: [{ text: TALK }] } }],
        usageMetadata: { promptTokenCount: 9 },
      },
      {
        usageMetadata: { promptTokenCount: 1_000, candidatesTokenCount: 20 },
        modelVersion: "gemini-3-pro",
      },
    ]),
    {
      model: "gemini-3-pro",
      usage: { inputTokens: 1_000, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 20 },
    },
  ],
];

describe.each(ANSWERS)("the usage of %s", (_, type, text, expected) => {
  const bytes = Buffer.from(text);

  it("is read, wherever the answer is cut on the way", async () => {
    expect(await read([bytes], type)).toEqual(expected);
    for (let at = 0; at <= bytes.length; at += bytes.length > 2_000 ? 7 : 1)
      expect([at, await read([bytes.subarray(0, at), bytes.subarray(at)], type)]).toEqual([
        at,
        expected,
      ]);
    const single = Array.from(bytes, (byte) => Buffer.from([byte]));
    expect(await read(single, type)).toEqual(expected);
  });

  it("is read from any coding", async () => {
    for (const [coding, packed] of [
      ["gzip", gzipSync(bytes)],
      ["br", brotliCompressSync(bytes)],
    ] as const) {
      const half = packed.length >> 1;
      expect(await read([packed.subarray(0, half), packed.subarray(half)], type, coding)).toEqual(
        expected,
      );
    }
  });
});

describe("an answer that reports nothing", () => {
  it.each([
    ["no JSON", "{{{]]]\"'\\"],
    ["cut off", '{"usage":{"input_tok'],
    [
      "with numbers that are none",
      '{"usage":{"input_tokens":-5,"output_tokens":1e99,"prompt_tokens":"7"}}',
    ],
    ["with a usage of another type", '{"usage":[1],"model":7}'],
    ["with a usage that is too long", `{"usage":{"input_tokens":5,"x":"${"y".repeat(10_000)}"}}`],
    ["deep", `${'{"usage":['.repeat(100_000)}`],
    ["empty", ""],
  ])("is passed over: %s", async (_, text) => {
    expect(await read([Buffer.from(text)], JSON_TYPE)).toEqual({});
    expect(await read([Buffer.from(`data: ${text}\n\n`)], EVENTS)).toEqual({});
  });

  it("is given up where its coding is broken", async () => {
    expect(await read([Buffer.from("no gzip")], JSON_TYPE, "gzip")).toBeUndefined();
    expect(await read([gzipSync("{}").subarray(0, 12)], JSON_TYPE, "gzip")).toBeUndefined();
  });

  it("has no tap where it is of another type, or in a coding that is not known", () => {
    const later = lagging();
    const none = { contentType: undefined, contentEncoding: undefined, later };
    expect(usageTap(none)).toBeUndefined();
    expect(usageTap({ ...none, contentType: "text/html" })).toBeUndefined();
    expect(
      usageTap({ ...none, contentType: JSON_TYPE, contentEncoding: "secret" }),
    ).toBeUndefined();
  });
});

describe("the work on copies", () => {
  it("is given up where more than 8 MiB wait, and holds no more than those", async () => {
    const later = lagging();
    const tap = usageTap({ later, contentType: JSON_TYPE, contentEncoding: undefined });
    for (let at = 0; at < 12; at++) tap?.push(Buffer.alloc(1_048_576, 32));
    expect(later.waiting).toBe(8 * 1_048_576);
    expect(await new Promise((resolve) => tap?.end(resolve))).toBeUndefined();
    expect(later.waiting).toBe(0);
    // The next one is read again.
    const next = usageTap({ later, contentType: JSON_TYPE, contentEncoding: undefined });
    next?.push(Buffer.from('{"usage":{"output_tokens":3}}'));
    expect(await new Promise((resolve) => next?.end(resolve))).toMatchObject({
      usage: { outputTokens: 3 },
    });
  });

  it("is given up where a small answer decodes to far more", async () => {
    const bomb = gzipSync(Buffer.alloc(96 * 1_048_576, 32));
    expect(await read([bomb], JSON_TYPE, "gzip")).toBeUndefined();
  });

  it("leaves others their turns: what it does at a time ends after a few milliseconds", async () => {
    const later = lagging();
    const tap = usageTap({ later, contentType: JSON_TYPE, contentEncoding: undefined });
    // No string to skip: every byte is looked at.
    tap?.push(Buffer.from(`[${"1,".repeat(3_000_000)}`));
    let turns = 0;
    const done = new Promise((resolve) => tap?.end(resolve));
    const count = (): void => {
      turns++;
      if (later.waiting > 0) setImmediate(count);
    };
    setImmediate(count);
    await done;
    expect(turns).toBeGreaterThan(5);
  });
});
