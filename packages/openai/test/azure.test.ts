/** Clients of other clouds, and keys that are asked for with every request: what the SDK's `withOptions` has to carry over. */
import { memoryStore } from "@headroom/core";
import OpenAI, { AzureOpenAI } from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWireServer, type WireServer } from "../../../test/support/wire-server.ts";
import { withHeadroom } from "../src/index.ts";
import { chat } from "./replies.ts";

let server: WireServer;
beforeAll(async () => {
  server = await startWireServer();
});
afterAll(() => server.stop());

const body = { model: "m", messages: [{ role: "user" as const, content: "Hi" }] };
const azure = (credential: object, more: object = {}): AzureOpenAI =>
  new AzureOpenAI({
    endpoint: server.url,
    apiVersion: "2026-01-01",
    deployment: "mine",
    maxRetries: 0,
    ...credential,
    ...more,
  });
const tokens = (): (() => Promise<string>) => {
  let count = 0;
  return async () => `token-${++count}`;
};

describe.each([
  ["wrapped", (client: AzureOpenAI) => withHeadroom(client, { store: memoryStore() })],
  [
    "wrapped twice",
    (client: AzureOpenAI) => withHeadroom(withHeadroom(client), { store: memoryStore() }),
  ],
])("an Azure client, %s", (_, wrap) => {
  it("with a key sends to its deployment, with its version", async () => {
    server.reply(chat({ text: "ok" }, false));
    const client = wrap(azure({ apiKey: "sk-azure" }, { defaultHeaders: { "x-own": "1" } }));
    expect(client).toBeInstanceOf(AzureOpenAI);
    await client.chat.completions.create(body);
    const [{ path, headers } = { path: "", headers: {} }] = server.requests;
    expect(path).toBe("/openai/deployments/mine/chat/completions?api-version=2026-01-01");
    expect(headers).toMatchObject({ "api-key": "sk-azure", "x-own": "1" });
  });

  it("with a token provider asks it for each request", async () => {
    server.reply(chat({ text: "ok" }, false));
    const client = wrap(azure({ azureADTokenProvider: tokens() }));
    await client.chat.completions.create(body);
    await client.chat.completions.create(body);
    const sent = server.requests.map(({ headers }) => headers.authorization);
    expect(sent).toEqual(["Bearer token-1", "Bearer token-2"]);
  });
});

it("(from 6) a key that is a function is asked for with each request, also after the first", async () => {
  server.reply(chat({ text: "ok" }, false));
  const client = new OpenAI({ apiKey: tokens(), baseURL: `${server.url}/v1`, maxRetries: 0 });
  await client.chat.completions.create(body);
  const wrapped = withHeadroom(client, { store: memoryStore() });
  await wrapped.chat.completions.create(body);
  await wrapped.chat.completions.create(body);
  const sent = server.requests.map(({ headers }) => headers.authorization);
  expect(sent).toEqual(["Bearer token-1", "Bearer token-2", "Bearer token-3"]);
});
