/** Whatever is no result of a tool and no list of tools passes as the same bytes. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { between, frame, ROWS } from "./testing.ts";

const id = fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.double({ noNaN: true }));
const method = fc.oneof(
  fc.constantFrom(
    "ping",
    "initialize",
    "server/discover",
    "tools/list",
    "tools/call",
    "resources/read",
    "prompts/get",
    "completion/complete",
    "sampling/createMessage",
    "elicitation/create",
    "roots/list",
    "tasks/result",
    "logging/setLevel",
    "notifications/cancelled",
    "notifications/progress",
    "notifications/tools/list_changed",
    "x/unknown",
  ),
  fc.string(),
);
const params = fc.oneof(
  fc.constant(undefined),
  fc.jsonValue({ maxDepth: 2 }),
  fc.record({ name: fc.string(), arguments: fc.jsonValue({ maxDepth: 2 }), requestId: id }),
);
const toolResult = fc.constant({ content: [{ type: "text", text: ROWS }] });
const message = fc.oneof(
  fc.record({ jsonrpc: fc.constant("2.0"), id, method, params }),
  fc.record({ jsonrpc: fc.constant("2.0"), method, params }),
  // Answers to nobody: no request has asked for them.
  fc.record({
    jsonrpc: fc.constant("2.0"),
    id,
    result: fc.oneof(fc.jsonValue({ maxDepth: 2 }), toolResult),
  }),
  fc.record({ id, error: fc.record({ code: fc.integer(), message: fc.string() }) }),
);
const terminator = fc.constantFrom("\n", "\r\n");
const line = fc.oneof(
  fc
    .tuple(fc.oneof(message, fc.array(message, { maxLength: 3 })), terminator, fc.boolean())
    .map(([value, end, isWide]) =>
      Buffer.from(
        `${isWide ? JSON.stringify(value, null, 1).replaceAll("\n", " ") : JSON.stringify(value)}${end}`,
      ),
    ),
  // What is no JSON, no UTF-8, no message, or has no end of line.
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom(
      "\n",
      "{}\n",
      "[]\n",
      "null\n",
      '{"id":1,"id":2,"method":"ping"}\n',
      "\u{feff}{}\n",
    )
    .map((text) => Buffer.from(text)),
);
const stream = fc.record({
  lines: fc.array(line, { maxLength: 8 }),
  cuts: fc.array(fc.nat(), { maxLength: 12 }),
});

function chunks({ lines, cuts }: { lines: readonly Buffer[]; cuts: readonly number[] }): Buffer[] {
  const bytes = Buffer.concat(lines);
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  );
  return places.map((place, at) => bytes.subarray(places[at - 1] ?? 0, place));
}

const runs = Number(process.env.HEADROOM_LAW_RUNS ?? 150);

describe("frames that are no tool results", () => {
  it("pass byte for byte from the client, cut anywhere", { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(stream, fc.constantFrom(1_000_000, 64), async (given, maxFrameBytes) => {
        const both = between({ maxFrameBytes });
        for (const chunk of chunks(given)) both.client(chunk);
        const { atServer, atClient } = await both.end();
        expect(atServer.equals(Buffer.concat(given.lines))).toBe(true);
        expect(atClient).toHaveLength(0);
      }),
      { numRuns: runs },
    );
  });

  it("pass byte for byte from the server, cut anywhere", { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(stream, fc.constantFrom(1_000_000, 64), async (given, maxFrameBytes) => {
        const both = between({ maxFrameBytes });
        // Something is asked, so that frames are read.
        both.client(
          frame({
            jsonrpc: "2.0",
            id: "never answered",
            method: "tools/call",
            params: { name: "t" },
          }),
        );
        await new Promise(setImmediate);
        for (const chunk of chunks(given)) both.server(chunk);
        const { atClient } = await both.end();
        expect(atClient.equals(Buffer.concat(given.lines))).toBe(true);
      }),
      { numRuns: runs },
    );
  });

  it("are answers with errors, and results of other methods, to ids that tools were called with", async () => {
    const both = between();
    const request = (id: unknown, name: string) =>
      frame({ jsonrpc: "2.0", id, method: name, params: { name: "t", uri: "a:b" } });
    both.client(request(1, "tools/call") + request("1", "resources/read") + request(2, "ping"));
    await new Promise(setImmediate);
    const result = { content: [{ type: "text", text: ROWS }], contents: [], tools: [] };
    const said = [
      frame({ jsonrpc: "2.0", id: 1, error: { code: -1, message: ROWS } }),
      frame({ jsonrpc: "2.0", id: "1", result }),
      frame({ jsonrpc: "2.0", id: 2, result }),
      // Answered before, and a request of the server with an id that the client used.
      frame({ jsonrpc: "2.0", id: 1, result }),
      frame({ jsonrpc: "2.0", id: 1, method: "sampling/createMessage", params: result }),
    ].join("");
    both.server(said);
    expect((await both.end()).atClient.toString()).toBe(said);
  });
});

describe("a frame over the limit", () => {
  it("passes in pieces, and the frames around it are read", async () => {
    const both = between({ maxFrameBytes: 50_000 });
    both.client(frame({ jsonrpc: "2.0", id: 1, method: "tools/list" }));
    both.client(frame({ jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "t" } }));
    await new Promise(setImmediate);
    const long = frame({
      jsonrpc: "2.0",
      id: 2,
      result: { content: [{ type: "text", text: ROWS }] },
    });
    both.server(long + frame({ jsonrpc: "2.0", id: 1, result: { tools: [] } }));
    const { atClient } = await both.end();
    expect(atClient.subarray(0, long.length).toString()).toBe(long);
    expect(atClient.subarray(long.length).toString()).toContain("headroom_retrieve");
  });
});
