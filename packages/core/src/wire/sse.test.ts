import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SseEvent, sseBytes, sseEvents } from "./sse.ts";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

async function read(bytes: Uint8Array, cuts: readonly number[]): Promise<SseEvent[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let at = 0;
      for (const cut of [...cuts, bytes.length]) {
        controller.enqueue(bytes.slice(at, at + cut));
        at += cut;
      }
      controller.close();
    },
  });
  const events: SseEvent[] = [];
  for await (const event of sseEvents(body.getReader())) events.push(event);
  return events;
}

const pieces = fc.constantFrom(
  "event: message\n",
  "data: {}\n",
  "data: ü🎉\r\n",
  "data:x\r",
  ": ping\n",
  "id: 7\n",
  "\n",
  "\r\n",
  "\r",
  "data",
);

describe("sseEvents", () => {
  it("loses and changes no byte, wherever the stream is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(pieces, { maxLength: 30 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 }),
        async (parts, cuts) => {
          const bytes = new TextEncoder().encode(parts.join(""));
          const events = await read(bytes, cuts);
          expect(events.map(({ bytes: own }) => text(own)).join("")).toBe(parts.join(""));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("reads the same data, wherever the stream is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(pieces, { maxLength: 30 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 }),
        async (parts, cuts) => {
          const bytes = new TextEncoder().encode(parts.join(""));
          const dataOf = (events: readonly SseEvent[]) =>
            events.flatMap(({ event, data }) => (data === undefined ? [] : [[event, data]]));
          expect(dataOf(await read(bytes, cuts))).toEqual(dataOf(await read(bytes, [])));
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(["\n", "\r\n", "\r"])("ends lines and events at %j, each by itself", async (end) => {
    const lines = [
      "event: a",
      "data: 1",
      "",
      "data: 2",
      "data: 3",
      "",
      ": note",
      "",
      "data: 4",
      "",
    ];
    const bytes = new TextEncoder().encode(lines.map((line) => line + end).join(""));
    for (let cut = 1; cut < bytes.length; cut++) {
      const events = await read(bytes, [cut]);
      const known = events.filter(({ data }) => data !== undefined);
      expect(known.map(({ event, data }) => [event, data])).toEqual([
        ["a", "1"],
        [undefined, "2\n3"],
        [undefined, "4"],
      ]);
    }
  });

  it("joins the lines of an event and reads its name", async () => {
    const events = await read(new TextEncoder().encode("event: a\ndata: 1\ndata:2\n\n: x\n\n"), []);
    expect(events.map(({ event, data }) => ({ event, data }))).toEqual([
      { event: "a", data: "1\n2" },
      { event: undefined, data: undefined },
    ]);
  });

  it("reads back what is printed, and not what was cut off", async () => {
    const value = { text: "a\n\nb\r" };
    const bytes = sseBytes(value, "delta");
    const [event] = await read(bytes, [3]);
    expect([event?.event, JSON.parse(event?.data ?? "")]).toEqual(["delta", value]);
    const [cut] = await read(bytes.slice(0, -1), []);
    expect(cut?.data).toBeUndefined();
  });
});
