/** Histories that the provider holds: threads, responses continued by id, conversations. Retrievals leave nothing unanswered there. */
import { type CcrStore, memoryStore } from "@headroom/core";
import { afterEach, describe, expect, it } from "vitest";
import {
  HOWS,
  hasWanted,
  isShortened,
  modelOf,
  type Provider,
  type Ran,
  retrieve,
  run,
} from "./support/agents.ts";
import type { Said } from "./support/rule.ts";
import { type Asked, type RuleServer, ruleServer } from "./support/rules.ts";
import { orders } from "./support/script.ts";
import { type Version, versions } from "./support/versions.ts";

const servers: RuleServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
async function serve(answer: (asked: Asked) => Said): Promise<RuleServer> {
  const server = await ruleServer(answer);
  servers.push(server);
  return server;
}

const user = (content: string): object => ({ role: "user", content });
/** The caller's answers to the calls of a turn. */
const answersTo = ({ toolCalls }: Pick<Ran, "toolCalls">): object => ({
  role: "tool",
  content: toolCalls.map(({ toolCallId, toolName }) => ({
    type: "tool-result",
    toolCallId,
    toolName,
    output: { type: "json", value: toolName === "list_orders" ? orders : "ok" },
  })),
});
/** A store that other processes read, too. */
const sharedStore = (): CcrStore => ({ ...memoryStore(), survives: "restart" });
const continued = (previousMessageId: unknown): object => ({
  anthropic: { thread: { type: "continue", previousMessageId } },
});
const created = { anthropic: { thread: { type: "create" } } };

const cases = versions.flatMap((version) => HOWS.map((how) => [version.name, how] as const));
describe.each(cases)("%s, %s", (name, how) => {
  const version = versions.find((other) => other.name === name) as Version;
  const { ai } = version;
  /** Tools without an `execute`: every turn comes back to the caller. */
  const tools = Object.fromEntries(
    ["list_orders", "note"].map((toolName) => [
      toolName,
      ai.tool({ inputSchema: ai.jsonSchema({ type: "object" }) }),
    ]),
  );
  /** Calls as from a process of its own. */
  const turn = (
    server: RuleServer,
    provider: Provider,
    store: CcrStore,
    options: object,
  ): Promise<Ran> =>
    run(version, how, { model: modelOf(version, provider, server, { store }), tools, ...options });
  /** A model that lists, looks a row up, and says so; `before` is what it does instead of looking up. */
  const lister =
    (before: (asked: Asked) => Said | undefined = () => undefined) =>
    (asked: Asked): Said => {
      if (hasWanted(asked.text)) return { reasoning: "found", text: "Done." };
      if (!isShortened(asked.text)) return { calls: [{ name: "list_orders" }] };
      return before(asked) ?? { reasoning: "a row", calls: [retrieve(asked.text)] };
    };
  const mixed = ({ text }: Asked): Said => ({ calls: [retrieve(text), { name: "note" }] });

  describe.runIf(name === "ai 7")("message threads", () => {
    it("go on from the hidden reply, and the caller goes on from the last", async () => {
      const server = await serve(lister());
      const store = memoryStore();
      const providerOptions = created;
      const first = await turn(server, "anthropic", store, {
        messages: [user("x")],
        providerOptions,
      });
      const second = await turn(server, "anthropic", store, {
        messages: [answersTo(first)],
        providerOptions: continued(first.response.id),
      });
      expect(second.text).toBe("Done.");
      await turn(server, "anthropic", store, {
        messages: [user("And?")],
        providerOptions: continued(second.response.id),
      });
      expect(server.refused).toEqual([]);
      expect(server.bodies.map(({ messages }) => (messages as unknown[]).length)).toEqual([
        1, 1, 1, 1,
      ]);
    });

    it("get the answer to our call with the caller's, in another process", async () => {
      const server = await serve(lister(mixed));
      const store = sharedStore();
      const first = await turn(server, "anthropic", store, {
        messages: [user("x")],
        providerOptions: created,
      });
      const second = await turn(server, "anthropic", store, {
        messages: [answersTo(first)],
        providerOptions: continued(first.response.id),
      });
      expect(second.toolCalls.map(({ toolName }) => toolName)).toEqual(["note"]);
      const third = await turn(server, "anthropic", store, {
        messages: [answersTo(second)],
        providerOptions: continued(second.response.id),
      });
      expect(third.text).toBe("Done.");
      expect(server.refused).toEqual([]);
    });

    it("are not lost when hidden rounds fail: the same request again goes on from there", async () => {
      let failures = 2;
      const server = await serve((asked) =>
        hasWanted(asked.text) && failures-- > 0 ? { status: 400 } : lister()(asked),
      );
      const store = sharedStore();
      const first = await turn(server, "anthropic", store, {
        messages: [user("x")],
        providerOptions: created,
      });
      const again = {
        messages: [answersTo(first)],
        providerOptions: continued(first.response.id),
      };
      await expect(turn(server, "anthropic", store, again)).rejects.toThrow("status 400");
      await expect(turn(server, "anthropic", store, again)).rejects.toThrow("status 400");
      expect((await turn(server, "anthropic", store, again)).text).toBe("Done.");
      expect(server.refused).toEqual([]);
    });
  });

  describe("responses by id", () => {
    const previous = (ran: Ran): object => ({
      openai: {
        previousResponseId: (ran.providerMetadata as { openai: { responseId: string } }).openai
          .responseId,
      },
    });

    it("get the answer to our call with the caller's, in another process", async () => {
      const server = await serve(lister(mixed));
      const store = sharedStore();
      const first = await turn(server, "openai responses", store, { messages: [user("x")] });
      const second = await turn(server, "openai responses", store, {
        messages: [answersTo(first)],
        providerOptions: previous(first),
      });
      const third = await turn(server, "openai responses", store, {
        messages: [answersTo(second)],
        providerOptions: previous(second),
      });
      expect(third.text).toBe("Done.");
      expect(server.refused).toEqual([]);
    });

    it("may be continued after a hidden round", async () => {
      const server = await serve(lister());
      const store = memoryStore();
      const first = await turn(server, "openai responses", store, { messages: [user("x")] });
      const second = await turn(server, "openai responses", store, {
        messages: [answersTo(first)],
        providerOptions: previous(first),
      });
      expect(second.text).toBe("Done.");
      await turn(server, "openai responses", store, {
        messages: [user("And?")],
        providerOptions: previous(second),
      });
      expect(server.refused).toEqual([]);
    });
  });

  describe("conversations", () => {
    const providerOptions = { openai: { conversation: "conv_1" } };
    const usersIn = (server: RuleServer): number =>
      server.conversation("conv_1").filter(({ role }) => role === "user").length;

    it("hold what the user said once, and our call with its answer", async () => {
      const server = await serve(lister());
      const store = memoryStore();
      const options = { providerOptions };
      const first = await turn(server, "openai responses", store, {
        ...options,
        messages: [user("x")],
      });
      const second = await turn(server, "openai responses", store, {
        ...options,
        messages: [answersTo(first)],
      });
      expect(second.text).toBe("Done.");
      await turn(server, "openai responses", store, { ...options, messages: [user("And?")] });
      expect(server.refused).toEqual([]);
      expect(usersIn(server)).toBe(2);
    });

    it.each(["the same request", "another"])(
      "are not lost when a hidden round fails, %s coming next",
      async (which) => {
        let failures = 1;
        const server = await serve((asked) =>
          hasWanted(asked.text) && failures-- > 0 ? { status: 400 } : lister()(asked),
        );
        const model = modelOf(version, "openai responses", server);
        const ask = (messages: readonly object[]): Promise<Ran> =>
          run(version, how, { model, tools, providerOptions, messages });
        const first = await ask([user("x")]);
        const messages = [answersTo(first)];
        await expect(ask(messages)).rejects.toThrow("status 400");
        const next = await ask(which === "another" ? [user("Never mind.")] : messages);
        expect(next.text).toBe("Done.");
        await ask([user("And?")]);
        expect(server.refused).toEqual([]);
        expect(usersIn(server)).toBe(which === "another" ? 3 : 2);
      },
    );

    it("get the answer to our call with the caller's, in another process", async () => {
      const server = await serve(lister(mixed));
      const store = sharedStore();
      const options = { providerOptions };
      const first = await turn(server, "openai responses", store, {
        ...options,
        messages: [user("x")],
      });
      const second = await turn(server, "openai responses", store, {
        ...options,
        messages: [answersTo(first)],
      });
      const third = await turn(server, "openai responses", store, {
        ...options,
        messages: [answersTo(second)],
      });
      expect(third.text).toBe("Done.");
      expect(server.refused).toEqual([]);
    });
  });
});
