/** Agents over servers that enforce the providers' rules: what was retrieved stays, and every request is one a provider takes. */
import { memoryStore } from "@headroom/core";
import { afterEach, describe, expect, it } from "vitest";
import { HEADROOM_RETRIEVE } from "../src/index.ts";
import {
  HOWS,
  hasWanted,
  isShortened,
  listOf,
  modelOf,
  PROVIDERS,
  retrieve,
  run,
  toolsOf,
} from "./support/agents.ts";
import type { Body, Said } from "./support/rule.ts";
import { type Asked, type RuleServer, ruleServer } from "./support/rules.ts";
import { collect, versions } from "./support/versions.ts";

const servers: RuleServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
async function serve(answer: (asked: Asked) => Said): Promise<RuleServer> {
  const server = await ruleServer(answer);
  servers.push(server);
  return server;
}
const both = PROVIDERS.flatMap((provider) => HOWS.map((how) => [provider, how] as const));

describe.each(versions)("$name", (version) => {
  const { ai } = version;
  const tools = toolsOf(version);

  describe.each(both)("%s, %s", (provider, how) => {
    /** A model that thinks, talks, looks a row up and then takes notes until its sixth step. */
    const agent = ({ text, round }: Asked): Said => {
      if (!isShortened(text)) return { reasoning: "first", calls: [{ name: "list_orders" }] };
      if (!hasWanted(text))
        return { reasoning: "a row", text: "Let me look.", calls: [retrieve(text)] };
      return round < 7 ? { calls: [{ name: "note" }] } : { reasoning: "all", text: "Done." };
    };

    it("keeps what was retrieved through all steps of an agent, with a prefix that only grows", async () => {
      const server = await serve(agent);
      const { text, steps } = await run(version, how, {
        model: modelOf(version, provider, server),
        prompt: "Look at the orders.",
        tools,
      });
      expect(server.refused).toEqual([]);
      expect(text).toBe("Done.");
      expect(steps).toHaveLength(6);
      expect(server.bodies).toHaveLength(7);
      for (const sent of server.texts.slice(2)) expect(hasWanted(sent)).toBe(true);
      for (const [index, body] of server.bodies.slice(1).entries()) {
        const before = server.bodies[index] as Body;
        expect(listOf(body).slice(0, listOf(before).length)).toEqual(listOf(before));
        expect(body.tools).toEqual(before.tools);
      }
      const names = steps.flatMap(({ toolCalls }) => toolCalls.map(({ toolName }) => toolName));
      expect(names).toEqual(["list_orders", "note", "note", "note", "note"]);
    });

    it("keeps it in the next turn and in another process, in the same bytes", async () => {
      const server = await serve(agent);
      const store = memoryStore();
      const model = modelOf(version, provider, server, { store });
      const first = { role: "user", content: "Look at the orders." };
      const turn = await run(version, how, { model, messages: [first], tools });
      const messages = [first, ...turn.messages, { role: "user", content: "And?" }];
      const before = server.texts.at(-1) ?? "";
      await run(version, how, { model, messages, tools });
      await run(version, how, {
        model: modelOf(version, provider, server, { store }),
        messages,
        tools,
      });
      expect(server.refused).toEqual([]);
      const [same, other] = server.texts.slice(-2);
      expect(other).toBe(same);
      expect(hasWanted(other ?? "")).toBe(true);
      const known = listOf(JSON.parse(before) as Body);
      expect(listOf(JSON.parse(other ?? "{}") as Body).slice(0, known.length)).toEqual(known);
    });

    it("answers a mixed turn with the next request, ours before or behind the caller's call", async () => {
      for (const behind of [false, true]) {
        const server = await serve(({ text }) => {
          if (!isShortened(text)) return { calls: [{ name: "list_orders" }] };
          if (hasWanted(text)) return { text: "Done." };
          const calls = [{ name: "note" }, retrieve(text)];
          return { reasoning: "both", calls: behind ? calls : calls.toReversed() };
        });
        const store = memoryStore();
        const result = await run(version, how, {
          model: modelOf(version, provider, server, { store }),
          prompt: "x",
          tools,
          stopWhen: ai.stepCountIs(2),
        });
        const messages = [{ role: "user", content: "x" }, ...result.messages];
        const { text } = await run(version, how, {
          model: modelOf(version, provider, server, { store }),
          messages,
          tools,
        });
        expect(text).toBe("Done.");
        expect(server.refused).toEqual([]);
        // The Responses provider sends calls by reference.
        if (provider === "openai responses") continue;
        const last = JSON.stringify(listOf(server.bodies.at(-1) as Body));
        const at = (name: string): number => last.indexOf(`"name":"${name}"`);
        expect(at(HEADROOM_RETRIEVE) < at("note")).toBe(!behind);
      }
    });

    it("asks again as often as the SDK was told to where a hidden round fails with nothing shown", async () => {
      for (const maxRetries of [0, 1]) {
        let failures = 1;
        const server = await serve(({ text }) => {
          if (!isShortened(text)) return { calls: [{ name: "list_orders" }] };
          if (!hasWanted(text)) return { calls: [retrieve(text)] };
          return failures-- > 0 ? { status: 503 } : { text: "Done." };
        });
        const done = run(version, how, {
          model: modelOf(version, provider, server),
          prompt: "x",
          tools,
          maxRetries,
        });
        if (maxRetries === 0) await expect(done).rejects.toThrow("status 503");
        else {
          const { text, providerMetadata } = await done;
          expect(text).toBe("Done.");
          expect(providerMetadata?.headroom).toMatchObject({ retrievals: 1 });
          // A result is not paid for twice. A stream begins anew: the SDK asks for all of it.
          expect(server.bodies).toHaveLength(how === "generate" ? 4 : 5);
        }
        expect(server.refused).toEqual([]);
      }
    });
  });

  it.each(PROVIDERS)(
    "%s, stream: a hidden round is tried again after words were shown",
    async (provider) => {
      let failures = 1;
      const server = await serve(({ text }) => {
        if (!isShortened(text)) return { calls: [{ name: "list_orders" }] };
        if (!hasWanted(text)) return { text: "Let me look. ", calls: [retrieve(text)] };
        return failures-- > 0 ? { status: 503 } : { text: "Done." };
      });
      const { text } = await run(version, "stream", {
        model: modelOf(version, provider, server),
        prompt: "x",
        tools,
      });
      expect(text).toBe("Let me look. Done.");
      expect(server.bodies).toHaveLength(4);
    },
  );

  it.each(PROVIDERS)(
    "%s: hidden rounds come back through UI messages, with and without reasoning",
    async (provider) => {
      for (const sendReasoning of [true, false]) {
        // OpenAI refuses a stored message whose reasoning was left out, with and without us.
        if (!sendReasoning && provider === "openai responses") continue;
        const server = await serve(({ text }) => {
          if (!isShortened(text)) return { calls: [{ name: "list_orders" }] };
          if (!hasWanted(text))
            return { reasoning: "why", text: "Well. ", calls: [retrieve(text)] };
          return { reasoning: "so", text: "Done." };
        });
        const store = memoryStore();
        const asked = { id: "1", role: "user", parts: [{ type: "text", text: "x" }] };
        const result = ai.streamText({
          model: modelOf(version, provider, server, { store }),
          prompt: "x",
          tools,
          stopWhen: ai.stepCountIs(5),
        });
        const stream = result.toUIMessageStream({ sendReasoning });
        const [said] = (await collect(ai.readUIMessageStream({ stream }))).slice(-1);
        const answered = server.texts.at(-1) ?? "";
        const kept = JSON.parse(JSON.stringify([asked, said, { ...asked, id: "2" }])) as object[];
        await run(version, "stream", {
          model: modelOf(version, provider, server, { store }),
          messages: await ai.convertToModelMessages(kept),
          tools,
        });
        expect(server.refused).toEqual([]);
        expect(server.bodies).toHaveLength(4);
        const [before, after] = [answered, server.texts.at(-1) ?? ""].map((body) =>
          listOf(JSON.parse(body) as Body),
        );
        if (sendReasoning) expect(after?.slice(0, before?.length)).toEqual(before);
      }
    },
  );
});
