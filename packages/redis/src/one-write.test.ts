import { expect, it } from "vitest";
import type { RedisClient } from "./client.ts";
import { inOneWrite } from "./one-write.ts";

/** A connection that counts how often it was held back and let go. */
class Stream {
  writableCorked = 0;
  readonly calls: string[] = [];
  cork(): void {
    this.writableCorked++;
    this.calls.push("cork");
  }
  uncork(): void {
    this.writableCorked--;
    this.calls.push("uncork");
  }
}

const clientOf = (stream: unknown): RedisClient => ({ stream }) as unknown as RedisClient;

it("a connection is held back once in a tick and let go after it", async () => {
  const stream = new Stream();
  const client = clientOf(stream);
  inOneWrite(client);
  inOneWrite(client);
  expect(stream.calls).toEqual(["cork"]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(stream.calls).toEqual(["cork", "uncork"]);
  inOneWrite(client);
  expect(stream.calls).toEqual(["cork", "uncork", "cork"]);
});

it("so is every node of a cluster, also behind one that cannot be or is already", async () => {
  const held = new Stream();
  held.cork();
  const streams = [undefined, held, new Stream()];
  const nodes = streams.map(clientOf);
  inOneWrite({ nodes: () => nodes } as unknown as RedisClient);
  await new Promise((resolve) => setImmediate(resolve));
  expect(held.calls).toEqual(["cork"]);
  expect(streams[2]?.calls).toEqual(["cork", "uncork"]);
});

it.each([
  undefined,
  null,
  "text",
  {},
  { writableCorked: 0 },
  { writableCorked: 0, cork: () => expect.unreachable() },
  { writableCorked: 0, uncork: () => expect.unreachable() },
  { cork: () => expect.unreachable(), uncork: () => expect.unreachable() },
])("what cannot be held back is left alone: %o", async (stream) => {
  expect(() => inOneWrite(clientOf(stream))).not.toThrow();
  await new Promise((resolve) => setImmediate(resolve));
});
