import { describe, expect, it } from "vitest";
import { createHeadroom } from "../create.ts";
import { memoryStore } from "../index.ts";
import { answerCalls, guarded, guardedHooks, reporter } from "./answer.ts";

const log = Array.from({ length: 400 }, (_, line) => `INFO request ${line} took ${line % 7} ms`);
async function kept() {
  const headroom = createHeadroom({ store: memoryStore(), mode: "aggressive" });
  const { ref = "" } = await headroom.compressText(log.join("\n"));
  return { headroom, ref };
}

describe("answers", () => {
  it("are given in order, to arguments as JSON text and as values", async () => {
    const { headroom, ref } = await kept();
    const args = [{ hash: ref, lines: "7" }, JSON.stringify({ hash: ref, lines: 9 }), ref];
    const calls = args.map((one, index) => ({ id: `${index}`, args: one }));
    const [seventh, ninth, all] = await answerCalls(calls, { headroom });
    expect(seventh).toContain("request 6 took");
    expect(ninth).toContain("request 8 took");
    expect(all).toContain("request 0 took");
  });

  it.each([null, undefined, 7, "", "{", "[]", "null", { hash: null }, { hash: "  " }, []])(
    "are words where the arguments are %j",
    async (args) => {
      const { headroom } = await kept();
      const [text] = await answerCalls([{ id: "a", args }], { headroom });
      expect(text).toMatch(/hash/);
    },
  );

  it("are words where the store fails, which is told", async () => {
    const errors: unknown[] = [];
    const headroom = { retrieve: () => Promise.reject(new Error("no route to host 10.0.0.7")) };
    const [text] = await answerCalls([{ id: "a", args: { hash: "x" } }], {
      headroom,
      onError: (error, phase) => errors.push([String(error), phase]),
    });
    expect(text).toContain("could not be read");
    expect(text).not.toContain("10.0.0.7");
    expect(errors).toEqual([["Error: no route to host 10.0.0.7", "retrieval"]]);
  });

  it("do not depend on what a callback throws, at once or later", async () => {
    const { headroom, ref } = await kept();
    const errors: unknown[] = [];
    for (const onRetrieval of [
      () => {
        throw new Error("at once");
      },
      () => Promise.reject(new Error("later")),
    ]) {
      const [text] = await answerCalls([{ id: "a", args: { hash: ref, lines: "7" } }], {
        headroom,
        onRetrieval,
        onError: (error, phase) => errors.push([String(error), phase]),
      });
      expect(text).toContain("request 6 took");
    }
    expect(errors).toEqual([
      ["Error: at once", "callback"],
      ["Error: later", "callback"],
    ]);
  });

  it("end with the signal's reason", async () => {
    const { headroom, ref } = await kept();
    const signal = AbortSignal.abort(new Error("left"));
    const answering = { headroom, call: { signal } };
    await expect(answerCalls([{ id: "a", args: { hash: ref } }], answering)).rejects.toThrow(
      "left",
    );
  });
});

describe("guarded functions", () => {
  const report = reporter(() => {
    throw new Error("the reporter fails too");
  });

  it("throw nothing, even where the reporter does", async () => {
    const fail = () => {
      throw new Error("mine");
    };
    expect(() => guarded(fail, report)()).not.toThrow();
    const later = reporter(() => Promise.reject(new Error("later")));
    expect(() => guarded(fail, later)()).not.toThrow();
    await new Promise((resolve) => setImmediate(resolve));
  });

  it("leave a block alone whose hook fails, and keep what works", async () => {
    const rows: string[] = [];
    const errors: unknown[] = [];
    class Mine {
      readonly prefix = "row: ";
      beforeCompress(): boolean {
        throw new Error("before");
      }
      onBlock({ outcome }: { readonly outcome: string }): void {
        rows.push(this.prefix + outcome);
      }
      afterCompress(): void {
        throw new Error("after");
      }
    }
    const hooks = guardedHooks(new Mine(), (error) => errors.push(String(error)));
    const headroom = createHeadroom({ store: memoryStore(), hooks });
    const text = log.join("\n");
    const messages = [{ role: "tool", tool_call_id: "a", content: text }];
    const result = await headroom.compress(messages);
    expect(result.messages).toEqual(messages);
    expect(rows).toEqual(["row: protected"]);
    expect(errors).toEqual(["Error: before", "Error: after"]);
  });
});
