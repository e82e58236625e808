/** Callbacks and hooks that fail: reported, and nothing else. */
import { memoryStore } from "@headroom/core";
import { describe, expect, it } from "vitest";
import { type HeadroomMiddlewareOptions, headroomTools, withHeadroom } from "../src/index.ts";
import { HOWS, hasWanted, run, toolsOf } from "./support/agents.ts";
import {
  generated,
  history,
  refIn,
  response,
  retrieveCall,
  streamedText,
} from "./support/script.ts";
import { versions } from "./support/versions.ts";

const broken = (): never => {
  throw new Error("broken at once");
};
const rejecting = async (): Promise<void> => {
  throw new Error("broken later");
};

const cases = versions.flatMap((version) => HOWS.map((how) => [version.name, how] as const));
describe.each(cases)("%s, %s", (name, how) => {
  const version = versions.find((other) => other.name === name) as (typeof versions)[number];
  const retrieving = () =>
    version.model({
      generate: (call, round) =>
        round === 1
          ? generated(version, [retrieveCall(call)], "tool-calls")
          : generated(version, [{ type: "text", text: "Done." }]),
      stream: (call, round) =>
        round === 1
          ? response(version, [retrieveCall(call)], "tool-calls")
          : response(version, streamedText("Done.")),
    });
  const fails: [string, HeadroomMiddlewareOptions, string][] = [
    ["onRetrieval", { onRetrieval: broken }, "broken at once"],
    ["onRetrieval, later", { onRetrieval: rejecting }, "broken later"],
    ["onCompression", { onCompression: broken }, "broken at once"],
    ["onCompression, later", { onCompression: rejecting }, "broken later"],
    ["a hook before", { hooks: { onBlock: broken } }, "broken at once"],
    ["a hook after", { hooks: { afterCompress: broken } }, "broken at once"],
  ];
  it.each(fails)("goes on where %s fails, and says so", async (_, options, message) => {
    const errors: unknown[] = [];
    const model = retrieving();
    const { text } = await run(version, how, {
      model: withHeadroom(model, {
        store: memoryStore(),
        ...options,
        onError: (error, phase) => errors.push([(error as Error).message, phase]),
      }),
      messages: history(),
      tools: toolsOf(version),
    });
    expect(text).toBe("Done.");
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) expect(error).toEqual([message, "callback"]);
    const calls = how === "generate" ? model.doGenerateCalls : model.doStreamCalls;
    expect(calls).toHaveLength(2);
    expect(refIn(calls[0]?.prompt)).not.toBe("no marker");
    expect(hasWanted(JSON.stringify(calls[1]?.prompt))).toBe(true);
  });

  it("goes on where onError fails itself", async () => {
    for (const onError of [broken, rejecting]) {
      const { text } = await run(version, how, {
        model: withHeadroom(retrieving(), {
          store: memoryStore(),
          onRetrieval: broken,
          onError,
        }),
        messages: history(),
        tools: toolsOf(version),
      });
      expect(text).toBe("Done.");
    }
  });
});

describe("headroomTools", () => {
  it("answers where its callbacks fail", async () => {
    for (const callback of [broken, rejecting]) {
      const errors: unknown[] = [];
      const { headroom_retrieve } = headroomTools({
        store: memoryStore(),
        onRetrieval: callback,
        onError: (error) => {
          errors.push((error as Error).message);
          return callback();
        },
      });
      const text = await headroom_retrieve.execute({ hash: "x" }, { toolCallId: "1" });
      expect(text).toContain("is not a hash");
      await Promise.resolve();
      expect(errors).toHaveLength(1);
    }
  });
});
