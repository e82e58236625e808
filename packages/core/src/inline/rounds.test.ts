import { describe, expect, it } from "vitest";
import type { Round, StreamFilter, Turn, WholeDialect } from "./dialect.ts";
import { answerStreamed, answerWhole, RETRIEVALS_SPENT, readableOf } from "./rounds.ts";

/** A reply of the toy provider: words, "look:x" for a call of ours, "call:x" for one of the caller's, "cut" for an early end. */
type Reply = readonly string[];
interface Request {
  readonly history: readonly string[];
  readonly isFinal: boolean;
}

const turnOf = (reply: Reply): Turn<string> => ({
  items: reply,
  ours: reply.filter((item) => item.startsWith("look:")).map((item) => ({ id: item, args: item })),
  others: reply.some((item) => item.startsWith("call:")),
  complete: !reply.includes("cut"),
});
const visible = (reply: Reply): Reply => reply.filter((item) => !item.startsWith("look:"));
const request: Request = { history: ["question"], isFinal: false };

function toy(remembers = true) {
  const kept: { hidden: readonly Round<string>[]; last: Round<string> }[] = [];
  const dialect: WholeDialect<Request, Reply, string> = {
    turnOf,
    follow: ({ history }, rounds, isFinal) => ({
      history: [...history, ...rounds.flatMap(({ turn, answers }) => [...turn.items, ...answers])],
      isFinal,
    }),
    merge: (hidden, last) => [...hidden, last].flatMap(visible),
    ...(remembers && {
      remember: (_: Request, hidden: readonly Round<string>[], last: Round<string>) =>
        void kept.push({ hidden, last }),
    }),
  };
  return { dialect, kept };
}

function filter(fail?: (error: unknown) => Reply): StreamFilter<string, string, string> {
  let items: string[] = [];
  return {
    push(event) {
      items.push(event);
      return visible([event]);
    },
    turn: () => turnOf(items),
    next() {
      items = [];
      return ["|"];
    },
    close: () => ["."],
    ...(fail && { fail }),
  };
}

/** Both ways of calling: a reply that comes whole, and one that streams. */
async function run(
  replies: readonly (Reply | Error)[],
  options: { max?: number; remembers?: boolean; stream: boolean },
) {
  const { max = 8, remembers = true, stream } = options;
  const { dialect, kept } = toy(remembers);
  const sent: Request[] = [];
  const asked: string[] = [];
  const next = (given: Request): Reply => {
    sent.push(given);
    const reply = replies[sent.length - 1] ?? [];
    if (reply instanceof Error) throw reply;
    return reply;
  };
  const answer = async (calls: readonly { readonly id: string }[]): Promise<string[]> => {
    asked.push(...calls.map(({ id }) => id));
    return calls.map(({ id }) => `answer to ${id}`);
  };
  const call = { dialect, request, maxRetrievals: max, answer };
  if (!stream) {
    const reply = await answerWhole({ ...call, send: async (given) => next(given) });
    return { sent, asked, kept, shown: reply.join(" ") };
  }
  const sourceOf = (reply: Reply) => ({
    events: (async function* () {
      yield* reply;
    })(),
    cancel: async () => {},
  });
  const { parts } = answerStreamed({
    ...call,
    filter: filter(),
    first: sourceOf(next(request)),
    open: async (given) => sourceOf(next(given)),
  });
  const shown: string[] = [];
  for await (const part of parts) if (part !== "|" && part !== ".") shown.push(part);
  return { sent, asked, kept, shown: shown.join(" ") };
}

describe.each([false, true])("rounds, stream: %s", (stream) => {
  it("pass a reply on in which nothing is ours", async () => {
    const { shown, sent, kept, asked } = await run([["Hello", "call:list"]], { stream });
    expect({ shown, requests: sent.length, asked }).toEqual({
      shown: "Hello call:list",
      requests: 1,
      asked: [],
    });
    expect(kept).toMatchObject([{ hidden: [], last: { answers: [] } }]);
  });

  it("go on until a reply asks for nothing more, and are kept", async () => {
    const { shown, sent, kept } = await run([["Hm.", "look:a", "look:b"], ["look:c"], ["Found."]], {
      stream,
    });
    expect(shown).toBe("Hm. Found.");
    expect(sent.map(({ history }) => history.length)).toEqual([1, 6, 8]);
    expect(sent[2]?.history.slice(1)).toEqual([
      "Hm.",
      "look:a",
      "look:b",
      "answer to look:a",
      "answer to look:b",
      "look:c",
      "answer to look:c",
    ]);
    expect(kept.map(({ hidden, last }) => [hidden.length, last.turn.items])).toEqual([
      [2, ["Found."]],
    ]);
  });

  it.each([0, 1, 2])(
    "answer %i times, refuse once, and then let nothing be called",
    async (max) => {
      const looks: Reply[] = [0, 1, 2, 3, 4].map((round) => [`look:${round}`]);
      looks[max + 1] = ["An answer."];
      const { sent, asked, shown } = await run(looks, { max, stream });
      expect(asked.length).toBe(max);
      expect(sent.map(({ isFinal }) => isFinal)).toEqual([
        ...Array<boolean>(max + 1).fill(false),
        true,
      ]);
      expect(sent.at(-1)?.history.at(-1)).toBe(RETRIEVALS_SPENT);
      expect(shown).toBe("An answer.");
    },
  );

  it("end even where the model calls what it may not call", async () => {
    const { sent, shown } = await run([["look:a"], ["look:b"], ["So:", "look:c"], ["never"]], {
      max: 1,
      stream,
    });
    expect(sent.length).toBe(3);
    expect(shown).toBe("So:");
  });

  it("leave a reply to the caller that calls his tools too, with our answers kept", async () => {
    const { shown, sent, kept } = await run([["look:a"], ["look:b", "call:list"]], { stream });
    expect(shown).toBe("call:list");
    expect(sent.length).toBe(2);
    expect(kept[0]?.last.answers).toEqual(["answer to look:b"]);
  });

  it("ask for no answer that nobody keeps", async () => {
    const { asked } = await run([["look:b", "call:list"]], { stream, remembers: false });
    expect(asked).toEqual([]);
  });

  it("do not answer a reply that was cut off", async () => {
    const { sent, shown, asked } = await run([["So", "look:a", "cut"]], { stream });
    expect({ requests: sent.length, shown, asked }).toEqual({
      requests: 1,
      shown: "So cut",
      asked: [],
    });
  });

  it("fail as the further request failed", async () => {
    await expect(run([["look:a"], new Error("overloaded")], { stream })).rejects.toThrow(
      "overloaded",
    );
  });
});

describe("a whole reply", () => {
  it("goes on from the rounds of an earlier attempt", async () => {
    const { dialect } = toy();
    const rounds: Round<string>[] = [];
    const replies: Reply[] = [];
    let down = true;
    const rounds_: number[] = [];
    const attempt = () =>
      answerWhole({
        dialect,
        request,
        maxRetrievals: 8,
        rounds,
        replies,
        answer: async () => ["answer"],
        async send(_, round) {
          rounds_.push(round);
          if (round === 0) return ["Hm.", "look:a"];
          if (down) throw new Error("down");
          return ["Found."];
        },
      });
    await expect(attempt()).rejects.toThrow("down");
    down = false;
    expect(await attempt()).toEqual(["Hm.", "Found."]);
    expect(rounds_).toEqual([0, 1, 1]);
  });
});

describe("a stream", () => {
  const streamOf = (
    options: {
      fail?: (error: unknown) => Reply;
      signal?: AbortSignal;
      open?: () => Promise<never>;
    } = {},
  ) => {
    const cancelled: unknown[] = [];
    let stop = (): void => {};
    const first = {
      events: (async function* () {
        yield "Hm.";
        if (options.open) {
          yield "look:a";
          return;
        }
        await new Promise<void>((resolve) => {
          stop = resolve;
        });
      })(),
      async cancel(reason: unknown) {
        cancelled.push(reason);
        stop();
      },
    };
    const stream = readableOf(
      answerStreamed({
        dialect: toy().dialect,
        filter: filter(options.fail),
        signal: options.signal,
        request,
        maxRetrievals: 8,
        answer: async () => ["answer"],
        first,
        open: options.open ?? (() => Promise.reject(new Error("unused"))),
      }),
    );
    return { stream, cancelled };
  };
  const failing = (): Promise<never> => Promise.reject(new Error("down"));

  it("shows a failed round where it can", async () => {
    const { stream } = streamOf({ open: failing, fail: (error) => [`failed: ${error}`] });
    const shown: string[] = [];
    for await (const part of stream) shown.push(part);
    expect(shown).toEqual(["Hm.", "failed: Error: down"]);
  });

  it("shows no failure that is the caller's own doing", async () => {
    const signal = AbortSignal.abort();
    const { stream } = streamOf({ open: failing, signal, fail: () => ["failed"] });
    const reader = stream.getReader();
    expect((await reader.read()).value).toBe("Hm.");
    await expect(reader.read()).rejects.toThrow("down");
  });

  it.each([0, 1])("ends what it reads when it is cancelled after %i parts", async (parts) => {
    const { stream, cancelled } = streamOf();
    const reader = stream.getReader();
    for (let i = 0; i < parts; i++) await reader.read();
    const waiting = parts > 0 ? reader.read() : undefined;
    await reader.cancel("enough");
    expect(await waiting).toEqual(waiting && { done: true, value: undefined });
    expect(cancelled).toEqual(["enough"]);
  });
});
