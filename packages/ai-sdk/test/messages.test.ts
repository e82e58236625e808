/** The message lens: the laws of every lens, and what is special here. */
import { messageAdapterCases } from "@headroom/conformance";
import { memoryStore } from "@headroom/core";
import { describe, expect, it } from "vitest";
import { aiSdkMessages, compressModelMessages } from "../src/index.ts";
import { aiSdkMessagesWith } from "../src/messages.ts";
import { history, lines, orders } from "./support/script.ts";

const cache = { anthropic: { cacheControl: { type: "ephemeral" } } };
const result = (output: object, more: object = {}): object => ({
  type: "tool-result",
  toolCallId: "c1",
  toolName: "list_orders",
  output,
  ...more,
});
const tool = (...content: object[]): object => ({ role: "tool", content });

const samples: object[] = [
  { role: "system", content: "Be brief.", providerOptions: cache },
  { role: "user", content: "hello" },
  {
    role: "user",
    content: [
      { type: "text", text: "look", providerOptions: cache },
      { type: "file", mediaType: "image/png", data: "aGVsbG8=" },
      { type: "file", mediaType: "text/plain", data: { type: "text", text: "a document" } },
    ],
  },
  {
    role: "assistant",
    content: [
      { type: "reasoning", text: "hm", providerOptions: { anthropic: { signature: "S" } } },
      { type: "text", text: "Let me see." },
      { type: "tool-call", toolCallId: "c1", toolName: "list_orders", input: { page: 1 } },
      {
        type: "tool-call",
        toolCallId: "w1",
        toolName: "search",
        input: {},
        providerExecuted: true,
      },
      result({ type: "json", value: { encrypted: "x" } }, { toolCallId: "w1", toolName: "search" }),
    ],
  },
  tool(
    result({ type: "text", value: "plain", providerOptions: cache }, { providerOptions: cache }),
  ),
  tool(result({ type: "json", value: { a: [1, 2], b: null } })),
  tool(result({ type: "json", value: "a log" })),
  tool(
    result({ type: "error-text", value: "failed" }),
    result({ type: "error-json", value: { code: 1 } }),
  ),
  tool(result({ type: "execution-denied", reason: "no" })),
  tool(
    result({
      type: "content",
      value: [
        { type: "text", text: "first", providerOptions: cache },
        { type: "file", mediaType: "image/png", data: { type: "data", data: "BBBB" } },
        { type: "text", text: "second" },
      ],
    }),
  ),
  tool({ type: "tool-approval-response", approvalId: "a", approved: true }),
];

describe("aiSdkMessages", () => {
  for (const law of messageAdapterCases({
    create: () => aiSdkMessages,
    samples,
    conversations: [history() as object[]],
    replacesWhole: (path) => path.endsWith(".output"),
  }))
    it(law.name, law.run);

  const reads = (message: object) =>
    aiSdkMessages.read(message).map(({ id, text, isError }) => [id, text, isError ?? false]);

  it("reads each variant of an output, and says which are errors", () => {
    expect(samples.slice(4, 10).flatMap(reads)).toEqual([
      ["content.0.output", "plain", false],
      ["content.0.output", '{"a":[1,2],"b":null}', false],
      ["content.0.output", "a log", false],
      ["content.0.output", "failed", true],
      ["content.1.output", '{"code":1}', true],
      ["content.0.output.0", "first", false],
      ["content.0.output.2", "second", false],
    ]);
  });

  it("leaves alone what the provider's own tools returned, and what has no JSON", () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(reads(samples[3] as object)).toEqual([["content.1.text", "Let me see.", false]]);
    expect(reads(tool(result({ type: "json", value: cycle })))).toEqual([]);
    expect(reads(tool(result({ type: "json", value: 10n })))).toEqual([]);
  });

  it("writes a json output as text, errors as error texts, and keeps the rest of the output", () => {
    const write = (output: object, text: string) =>
      aiSdkMessages.write(
        tool(result(output, { providerOptions: cache })),
        new Map([["content.0.output", text]]),
      );
    expect(write({ type: "json", value: [1], providerOptions: cache }, "short")).toEqual(
      tool(
        result(
          { type: "text", value: "short", providerOptions: cache },
          { providerOptions: cache },
        ),
      ),
    );
    expect(write({ type: "error-json", value: [1] }, "short")).toEqual(
      tool(result({ type: "error-text", value: "short" }, { providerOptions: cache })),
    );
  });

  it("shortens strings inside MCP results and provider-defined tools, so that the shape stays", () => {
    const mcp = {
      content: [
        { type: "text", text: "a long text" },
        { type: "image", data: "aGVsbG8=", mimeType: "image/png" },
      ],
      isError: true,
    };
    const message = tool(result({ type: "json", value: mcp }));
    expect(reads(message)[0]).toEqual(["content.0.output.0", "a long text", true]);
    const written = aiSdkMessages.write(message, new Map([["content.0.output.0", "short"]]));
    expect(written).toEqual(
      tool(
        result({
          type: "json",
          value: { ...mcp, content: [{ type: "text", text: "short" }, mcp.content[1]] },
        }),
      ),
    );
    const shell = {
      output: [{ stdout: "out", stderr: "err", outcome: { type: "exit", exitCode: 0 } }],
    };
    const fixed = aiSdkMessagesWith(new Set(["list_orders"]));
    const native = tool(result({ type: "json", value: shell }));
    expect(fixed.read(native).map(({ text }) => text)).toEqual(["out", "err"]);
    expect(fixed.write(native, new Map([["content.0.output.1", "short"]]))).toEqual(
      tool(
        result({
          type: "json",
          value: { output: [{ ...shell.output[0], stderr: "short" }] },
        }),
      ),
    );
  });

  const fixedShape = aiSdkMessagesWith(new Set(["list_orders"]));
  const textsIn = (value: unknown) =>
    fixedShape.read(tool(result({ type: "json", value }))).map(({ id, text }) => [id, text]);

  it("reaches strings 32 levels deep in an output of a fixed shape, and no deeper", () => {
    const nested = (depth: number, wrap: (inner: unknown) => unknown): unknown =>
      depth === 0 ? "deep" : wrap(nested(depth - 1, wrap));
    for (const wrap of [(inner: unknown) => [inner], (inner: unknown) => ({ a: inner })]) {
      expect(textsIn(nested(32, wrap))).toEqual([["content.0.output.0", "deep"]]);
      expect(textsIn(nested(33, wrap))).toEqual([]);
    }
  });

  it("counts strings in the order they stand, and leaves types, binary data and keys alone", () => {
    const value = JSON.parse(
      '{"type":"t","a":["x",1,{"data":"d","blob":"b","b":"y"}],"__proto__":"z","c":null}',
    ) as object;
    expect(textsIn(value)).toEqual([
      ["content.0.output.0", "x"],
      ["content.0.output.1", "y"],
      ["content.0.output.2", "z"],
    ]);
    const message = tool(result({ type: "json", value }));
    const written = fixedShape.write(
      message,
      new Map([
        ["content.0.output.1", "Y"],
        ["content.0.output.2", "Z"],
      ]),
    );
    expect(JSON.stringify(written)).toBe(
      JSON.stringify(message).replace('"y"', '"Y"').replace('"z"', '"Z"'),
    );
    expect(fixedShape.write(message, new Map([["content.0.output.1", "y"]]))).toBe(message);
  });
});

describe("compressModelMessages", () => {
  it("compresses tool results, keeps every other message the same object, and changes nothing twice", async () => {
    const store = memoryStore();
    const messages = [...samples, ...history(), ...history({ type: "text", value: lines })];
    const frozen = JSON.stringify(messages);
    const once = await compressModelMessages(messages, { store });
    const changed = once.flatMap((message, index) => (message === messages[index] ? [] : [index]));
    expect(changed).toEqual([samples.length + 2, samples.length + 5]);
    expect(JSON.stringify(messages)).toBe(frozen);
    const twice = await compressModelMessages(once, { store });
    expect(twice.every((message, index) => message === once[index])).toBe(true);
  });

  it("uses lossless forms without a store", async () => {
    const [, , short] = await compressModelMessages(history());
    const text = JSON.stringify(short);
    expect(text.length).toBeLessThan(JSON.stringify(orders).length * 0.8);
    expect(text).not.toContain("omitted:");
  });
});
