/**
 * Laws 1 and 4 for references where calls differ: a deadline cuts some short, some models cannot retrieve, the store fails for some
 * originals, the first messages are frozen, old turns shrink. Whatever comes together, a reference names what the model can see.
 */
import {
  type CallOptions,
  type CcrStore,
  createHeadroom,
  type HeadroomOptions,
  type Hooks,
  memoryStore,
} from "@headroom/core";
import { defaultCompressors } from "@headroom/core/compressors";
import fc from "fast-check";
import { expect } from "vitest";
import { adapterFor, defaultAdapters } from "../../packages/core/src/messages/index.ts";
import { decoded } from "./decode.ts";
import { type Given, watched } from "./forms.ts";
import { describeLaw, estimate, type Make, rewriting } from "./law.ts";
import { messagesOfSession, type Session, sessions } from "./sessions.ts";

/** Those whose forms are whole: a mixed text has no decoder of its own. */
const kinds = () => defaultCompressors().filter(({ kind }) => kind === "read" || kind === "log");

/** What one call of a session is like. */
interface Turn {
  readonly lossless: boolean | "new";
  /** The clock stops the call when its runner is asked for so many things. */
  readonly lateAfter: number | undefined;
}

interface Day {
  readonly session: Session;
  readonly mode: "balanced" | "lossless";
  readonly frozenMessages: number;
  readonly turns: readonly Turn[];
}

const sometimes = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

function days(): fc.Arbitrary<Day> {
  const turn = fc.record({
    lossless: fc.constantFrom(false, false, "new" as const),
    lateAfter: sometimes(fc.nat({ max: 12 })),
  });
  return fc.record({
    session: sessions(),
    mode: fc.constantFrom("balanced", "balanced", "lossless"),
    frozenMessages: fc.constantFrom(0, 0, 3, 7),
    turns: fc.array(turn, { minLength: 3, maxLength: 5 }),
  });
}

/** A clock that stops calls: a hook says that time is over from the `after`th block on. */
function stopwatch(): {
  readonly hooks: Hooks;
  start(after: number | undefined): void;
} {
  let left = Number.POSITIVE_INFINITY;
  return {
    hooks: {
      beforeCompress() {
        if (left-- <= 0) throw Object.assign(new Error("late"), { "~headroom.interruption": true });
        return true;
      },
    },
    start(after) {
      left = after ?? Number.POSITIVE_INFINITY;
    },
  };
}

/** What is sent for each message of each call. */
async function sentIn(
  { session, mode, frozenMessages, turns }: Day,
  make: Make,
  more: HeadroomOptions,
  look: (
    sent: readonly unknown[],
    input: readonly unknown[],
    given: readonly Given[],
    epochs: number,
  ) => void,
): Promise<void> {
  const given: Given[] = [];
  const clock = stopwatch();
  const options: HeadroomOptions = {
    tokenCounter: estimate,
    minTokens: 40,
    compressors: watched(given, kinds()),
    mode,
    frozenMessages,
    hooks: clock.hooks,
    store: memoryStore(),
    storeTimeoutMs: 5_000,
    ...more,
  };
  const headroom = make(options);
  for (const [index, { lossless, lateAfter }] of turns.entries()) {
    const upTo = Math.ceil(((index + 1) * session.actions.length) / turns.length);
    const input = messagesOfSession(session, upTo);
    clock.start(lateAfter);
    const call: CallOptions = { lossless };
    const { messages, epochs = [] } = await headroom.compress(input, call);
    look(messages, input, given, epochs.length);
  }
}

function tellsReferences(
  sent: readonly unknown[],
  input: readonly unknown[],
  given: readonly Given[],
): void {
  const texts = decoded(sent, given);
  for (const { message, block, text } of texts) {
    const read = (list: readonly unknown[]): string =>
      adapterFor(list[message], defaultAdapters)
        ?.read(list[message])
        .find(({ id }) => id === block)?.text ?? "";
    if (/^\[\[hr(?::[a-z]+)? repeat/.test(read(sent))) expect(text).toBe(read(input));
  }
}

/** Takes every call for the first. */
const oblivious: Make = (options) => ({
  ...createHeadroom(options),
  compress: (messages, call) => createHeadroom(options).compress(messages, call),
});

/** Shortens old turns for a model that cannot retrieve, and says nothing of it. */
const sly: Make = (options) => {
  const headroom = createHeadroom(options);
  return {
    ...headroom,
    compress: async (messages, call) => ({
      ...(await headroom.compress(messages, { ...call, lossless: false })),
      epochs: [],
    }),
  };
};

describeLaw(
  "late calls and calls whose model cannot retrieve change no byte that left in an earlier call",
  days(),
  async (day, make) => {
    let before: readonly string[] = [];
    await sentIn(day, make, {}, (sent, input, given) => {
      tellsReferences(sent, input, given);
      const now = sent.map((message) => JSON.stringify(message));
      expect(now.slice(0, before.length)).toEqual(before);
      before = now;
    });
  },
  { "takes every call for the first": oblivious },
  0.4,
);

/** A store that keeps some originals only. */
function forgetful(salt: number): CcrStore {
  const { putMany: _, ...honest } = memoryStore();
  return {
    ...honest,
    async put(entry) {
      if ((entry.ref.charCodeAt(3) + salt) % 3 === 0) throw new Error("disk full");
      await honest.put(entry);
    },
  };
}

describeLaw(
  "whatever comes together, a reader can tell every reference from what is sent with it",
  fc.record({
    day: days(),
    salt: sometimes(fc.nat({ max: 20 })),
    triggerTokens: fc.constantFrom(200, 600, 1_500),
    keepRecentTurns: fc.constantFrom(1, 2),
  }),
  async ({ day, salt, triggerTokens, keepRecentTurns }, make) => {
    const more = {
      history: { triggerTokens, keepRecentTurns },
      store: salt === undefined ? memoryStore() : forgetful(salt),
    };
    await sentIn(day, make, more, tellsReferences);
  },
  {
    "names lines that are one off": rewriting((text) =>
      text.replace(
        /, lines (\d+)–(\d+)/,
        (_, from: string, to: string) => `, lines ${+from + 1}–${+to + 1}`,
      ),
    ),
  },
  0.4,
);

describeLaw(
  "with history, calls whose model cannot retrieve change no byte between epochs",
  fc.record({
    day: days(),
    triggerTokens: fc.constantFrom(200, 600, 1_500),
    keepRecentTurns: fc.constantFrom(1, 2),
  }),
  async ({ day, triggerTokens, keepRecentTurns }, make) => {
    let before: readonly string[] = [];
    let known = 0;
    const inTime = {
      ...day,
      turns: day.turns.map((turn) => ({ ...turn, lateAfter: undefined, lossless: "new" as const })),
    };
    await sentIn(
      inTime,
      make,
      { history: { triggerTokens, keepRecentTurns } },
      (sent, _, __, epochs) => {
        const now = sent.map((message) => JSON.stringify(message));
        if (epochs === known) expect(now.slice(0, before.length)).toEqual(before);
        [before, known] = [now, epochs];
      },
    );
  },
  { "shortens old turns all the same": sly },
  0.2,
);
