/** Every tool and resource, with the real clients of both generations over stdio and over HTTP. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryStore } from "@headroom/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHeadroomMcp, type HttpServer } from "../src/index.ts";
import { clientV1, clientV2, said, type TestClient } from "./clients.ts";

const rows = JSON.stringify(
  Array.from({ length: 1_000 }, (_, id) => ({
    id,
    user: `user ${id}`,
    total: (id * 7919) % 9973,
    status: id === 613 ? "failed" : "ok",
  })),
);
const lines = Array.from(
  { length: 300 },
  (_, at) => `${at} ${Math.sqrt(at)} ${"x".repeat(at % 9)}`,
);

let folder: string;
let http: HttpServer;
let mcp: ReturnType<typeof createHeadroomMcp>;
const token = "t".repeat(32);
const clients: TestClient[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), "mcp-"));
  mcp = createHeadroomMcp({ store: memoryStore(), roots: [folder] });
  http = await mcp.listen({ port: 0, token });
});
afterAll(async () => {
  for (const client of clients) await client.close();
  await http.close();
  await mcp.close();
  rmSync(folder, { recursive: true, force: true });
});

const ways: Record<string, () => Promise<TestClient>> = {
  "v1 over stdio": () => clientV1({ args: [folder, ""], roots: [folder] }),
  "v2 over stdio": () => clientV2({ args: [folder, ""], roots: [folder] }),
  "v1 over HTTP": () => clientV1({ url: http.url, token }),
  "v2 over HTTP": () => clientV2({ url: http.url, token }),
};

describe.each(Object.keys(ways))("%s", (way) => {
  let client: TestClient;
  let name: string;
  beforeAll(async () => {
    client = await (ways[way] as () => Promise<TestClient>)();
    clients.push(client);
    name = `${way.replaceAll(" ", "-")}.txt`;
    writeFileSync(join(folder, name), lines.join("\n"));
  });

  it("lists tools with schemas, annotations and words", async () => {
    const tools = await client.tools();
    expect(tools.map((tool) => tool.name).sort()).toEqual([
      "headroom_compress",
      "headroom_read",
      "headroom_retrieve",
      "headroom_share",
      "headroom_shared",
      "headroom_stats",
    ]);
    for (const tool of tools)
      expect(tool).toMatchObject({
        title: expect.any(String),
        description: expect.stringMatching(/.{30}/),
        inputSchema: { type: "object" },
        outputSchema: { type: "object" },
        annotations: { destructiveHint: false, openWorldHint: false },
      });
    expect(client.instructions()).toContain("headroom_retrieve");
  });

  it("shortens a text, gives back any part, and the whole as a resource", async () => {
    const short = await client.call("headroom_compress", { content: rows, query: "failed" });
    const { hash, tokensBefore, tokensAfter, lossless } = short.structuredContent ?? {};
    expect(Number(tokensAfter)).toBeLessThan(0.15 * Number(tokensBefore));
    expect(lossless).toBe(false);
    expect(said(short)).toContain("613");
    for (const [args, part] of [
      [{ rows: "500" }, "user 500"],
      [{ path: "[id=501].user" }, "user 501"],
      [{ query: "user 77", limit: "1" }, "user 77"],
      [{ count: true }, "1000"],
    ] as const)
      expect(said(await client.call("headroom_retrieve", { hash, ...args }))).toContain(part);
    expect(await client.read(`headroom://original/${hash}`)).toBe(rows);
    expect(await client.templates()).toEqual(["headroom://original/{hash}"]);
    await expect(client.read("headroom://original/nothing")).rejects.toThrow(/no such original/);
  });

  it("reads a file, then only what changed in it", async () => {
    const first = await client.call("headroom_read", { path: name });
    expect(first.content.at(-1)?.text).toContain("299 17.29");
    const since = way.includes("HTTP") ? { since: first.structuredContent?.hash } : {};
    const same = await client.call("headroom_read", { path: name, ...since });
    expect(same.structuredContent).toMatchObject({ form: "unchanged", text: "" });
    expect(said(same)).toContain("unchanged since you read it");
    const changed = lines.with(150, "another line");
    writeFileSync(join(folder, name), changed.join("\n"));
    const diff = await client.call("headroom_read", { path: name, ...since });
    expect(diff.structuredContent).toMatchObject({ form: "difference" });
    expect(diff.content.at(-1)?.text).toContain(`-${lines[150]}\n+another line\n`);
    const fresh = await client.call("headroom_read", { path: name, fresh: true });
    expect(fresh.structuredContent?.form).not.toBe("difference");
    expect(said(fresh)).toContain("another line");
  });

  it("shares a content: shortened for another agent, then only what changed", async () => {
    const shared = await client.call("headroom_share", { name, content: rows, agent: "one" });
    expect(shared.structuredContent).toMatchObject({ name, version: 1, agent: "one" });
    const listed = await client.call("headroom_shared");
    expect(said(listed)).toContain(`${name}: version 1 by one`);
    const other = await client.call("headroom_shared", { name, agent: `two ${way}` });
    expect(other.structuredContent).toMatchObject({ form: "compressed" });
    const full = await client.call("headroom_shared", { name, agent: `two ${way}`, full: true });
    expect(full.structuredContent?.text).toBe(rows);
    const next = rows.replace("user 3", "user three");
    await client.call("headroom_share", { name, content: next, agent: "one" });
    const newest = await client.call("headroom_shared", {
      name,
      agent: `two ${way}`,
      ifChangedSince: 1,
    });
    expect(newest.structuredContent).toMatchObject({ version: 2 });
    const none = await client.call("headroom_shared", {
      name,
      agent: `two ${way}`,
      ifChangedSince: "2",
    });
    expect(none.structuredContent).toMatchObject({ form: "unchanged", text: "" });
  });

  it("tells what was saved", async () => {
    const stats = await client.call("headroom_stats");
    expect(Number(stats.structuredContent?.calls)).toBeGreaterThan(0);
    expect(Number(stats.structuredContent?.savings)).toBeGreaterThan(0.3);
  });

  it.each([
    ["headroom_compress", {}, /needs content/],
    ["headroom_retrieve", { hash: "a".repeat(22) }, /is not a hash|No original/],
    ["headroom_retrieve", {}, /is not a hash/],
    ["headroom_read", {}, /needs path/],
    ["headroom_read", { path: "not-there.txt" }, /is not there/],
    ["headroom_share", { name: "a\nb", content: "x" }, /no line breaks/],
    ["headroom_shared", { name: "never shared" }, /Nothing is shared as/],
  ])("%s with %j says what to do", async (tool, args, words) => {
    const wrong = await client.call(tool, args);
    expect(wrong.isError).toBe(true);
    expect(said(wrong)).toMatch(words);
  });
});
