/**
 * Laws 1, 3 and 6 where `history` shrinks older turns: between two epochs no byte of an earlier message changes, an epoch is found again by
 * every later request, everything that went is redeemable, and what has to stay whole does.
 */
import {
  createHeadroom,
  findMarkers,
  type HeadroomOptions,
  memoryStore,
  type TextBlock,
} from "@headroom/core";
import fc from "fast-check";
import { expect } from "vitest";
import { ADAPTERS, type Session, sessionMessages, sessions } from "./agent-session.ts";
import { describeLaw, estimate, lying, type Make } from "./law.ts";
import { changesBetween } from "./transcript.ts";

interface Long {
  readonly session: Session;
  readonly triggerTokens: number;
  readonly keepRecentTurns: number;
  readonly mode: "balanced" | "lossless";
}

function longSessions(): fc.Arbitrary<Long> {
  return fc.record({
    session: sessions(),
    triggerTokens: fc.constantFrom(300, 800, 2_000),
    keepRecentTurns: fc.constantFrom(1, 2, 4),
    mode: fc.constantFrom("balanced", "lossless"),
  });
}

function optionsOf({ triggerTokens, keepRecentTurns, mode }: Long): HeadroomOptions {
  const history = { triggerTokens, keepRecentTurns };
  return { tokenCounter: estimate, minTokens: 40, mode, history, store: memoryStore() };
}

async function appendsBetweenEpochs(
  messages: readonly unknown[],
  options: () => HeadroomOptions,
  make: Make,
): Promise<void> {
  const lasting = make(options());
  const whole = await make(options()).compress(messages);
  let before: readonly string[] = [];
  let known = 0;
  for (let length = 1; length <= messages.length; length++) {
    const given = messages.slice(0, length);
    const { epochs = [], ...result } = await lasting.compress(given);
    // What was decided is found again, and nothing else is.
    const inTime = (whole.epochs ?? []).filter(({ message }) => message < length);
    expect(epochs).toEqual(inTime);
    const now = result.messages.map((message) => JSON.stringify(message));
    if (epochs.length === known) expect(now.slice(0, length - 1)).toEqual(before);
    // A process that was started again sends the same.
    if (length === messages.length || epochs.length > known) {
      const restarted = await make(options()).compress(given);
      expect(restarted.messages.map((message) => JSON.stringify(message))).toEqual(now);
    }
    [before, known] = [now, epochs.length];
  }
}

/** Shrinks by the end of the transcript and not by its start. */
const hasty: Make = ({ history, ...options }) => {
  const honest = createHeadroom({ ...options, ...(history ? { history } : {}) });
  return {
    ...honest,
    async compress(messages, call) {
      const result = await honest.compress(messages, call);
      const [first, ...rest] = result.messages;
      return messages.length < 6 ? result : { ...result, messages: [rest[0] ?? first, ...rest] };
    },
  } as ReturnType<Make>;
};

/** Epochs whenever the transcript is over the trigger. */
const restless: Make = ({ history, ...options }) => {
  const honest = createHeadroom(options);
  return {
    ...honest,
    async compress(messages, call) {
      const { triggerTokens = 0 } = history ?? {};
      const result = await honest.compress(messages, call);
      if (result.tokensAfter <= triggerTokens) return { ...result, epochs: [] };
      const epoch = { message: messages.length - 1, tokensBefore: 0, tokensAfter: 0 };
      return { ...result, epochs: [epoch] };
    },
  };
};

describeLaw(
  "with history, bytes of earlier messages change at an epoch and at no other time",
  longSessions(),
  (long, make) => appendsBetweenEpochs(sessionMessages(long.session), () => optionsOf(long), make),
  { "shrinks what the end calls for": hasty, "has no memory of epochs": restless },
  0.25,
);

describeLaw(
  "so it is for transcripts that no agent would send",
  fc.record({
    long: longSessions(),
    drop: fc.array(fc.nat({ max: 30 }), { maxLength: 4 }),
    odd: fc.constantFrom(null, 7, {}, { role: "assistant" }, { role: "user", content: "" }),
    sameIds: fc.boolean(),
    huge: fc.boolean(),
  }),
  async ({ long, drop, odd, sameIds, huge }, make) => {
    const text = JSON.stringify(sessionMessages(long.session));
    const all = JSON.parse(sameIds ? text.replaceAll(/call_\d+_\d+/g, "call") : text) as unknown[];
    const messages = all.flatMap((message, index) => (drop.includes(index) ? [odd] : [message]));
    if (huge) messages.splice(2, 0, { role: "user", content: "word ".repeat(4_000) });
    await appendsBetweenEpochs(messages, () => optionsOf(long), make);
  },
  { "has no memory of epochs": restless },
  0.2,
);

function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  for (const inner of Object.values(Object.freeze(value))) deepFreeze(inner);
  return value;
}

/** Where the last `count` turns begin. */
function recentFrom(messages: readonly Row[], count: number): number {
  const isModels = ({ role, type }: Row): boolean =>
    role === "assistant" || role === "model" || type === "reasoning" || type === "function_call";
  const starts = messages.flatMap((message, index) => {
    const previous = messages[index - 1];
    return isModels(message) && !(previous && isModels(previous)) ? [index] : [];
  });
  return starts.at(-count) ?? 0;
}

type Row = Readonly<Record<string, unknown>>;

describeLaw(
  "what history takes out is redeemable; people, recent turns, errors, instructions and what is signed stay whole",
  longSessions(),
  async (long, make) => {
    const messages = deepFreeze(sessionMessages(long.session));
    const pinned = 3;
    const options = optionsOf(long);
    const base = optionsOf({ ...long, triggerTokens: Number.MAX_SAFE_INTEGER });
    const plain = await make(base).compress(messages);
    const headroom = make({
      ...options,
      history: {
        triggerTokens: long.triggerTokens,
        keepRecentTurns: long.keepRecentTurns,
        isPinned: (_, index) => index === pinned,
      },
    });
    const result = await headroom.compress(messages);
    const rows = new Map(result.blocks.map((row) => [`${row.message} ${row.block}`, row]));
    const adapter = ADAPTERS[long.session.shape];
    const recent = recentFrom(messages, long.keepRecentTurns);
    // Throws where anything but a text differs.
    for (const { message, before, after } of changesBetween(messages, result.messages)) {
      const [marker] = findMarkers(after);
      expect(marker?.start).toBe(0);
      const back = await headroom.retrieve({ hash: marker?.ref ?? "" }, { maxTokens: 1_000_000 });
      expect(back.slices.map(({ text }) => text).join("")).toBe(before);
      const [block] = textsOf(adapter, messages[message], before);
      expect(block?.role).toMatch(/^(?:tool|assistant)$/);
      expect(before.startsWith("Signed. ")).toBe(false);
    }
    for (const [index, message] of result.messages.entries())
      if (index >= recent || index === pinned) expect(message).toEqual(plain.messages[index]);
    for (const row of rows.values())
      if (row.reason.startsWith("history")) {
        expect(row.tokensAfter).toBeLessThan(row.tokensBefore);
        expect(row.toolName).not.toBe("Skill");
        const block = adapter.read(messages[row.message]).find(({ id }) => id === row.block);
        expect(block?.isError ?? false).toBe(false);
      }
    expect(result.tokensAfter).toBeLessThanOrEqual(plain.tokensAfter);
  },
  {
    "loses a ref": lying((result) => ({
      ...result,
      messages: JSON.parse(
        JSON.stringify(result.messages).replaceAll(/\[\[hr:\w+ /g, "[[hr "),
      ) as unknown[],
    })),
    "shrinks the newest turn": lying((result) => ({
      ...result,
      messages: [...result.messages.slice(0, -1), JSON.parse(JSON.stringify(result.messages[0]))],
    })),
  },
);

function textsOf(
  adapter: (typeof ADAPTERS)["openai"],
  message: unknown,
  text: string,
): TextBlock[] {
  return adapter.read(message).filter((block) => block.text === text);
}
