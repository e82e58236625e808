/**
 * The library broken on purpose, in one way each, and the targets that have to turn red over it. `npm run bench -- --sabotage`
 * runs them all; every target of `npm run bench` stands in at least one list.
 */
import {
  type CallOptions,
  type CcrStore,
  type Compressor,
  type CompressResult,
  type CompressTextResult,
  type Headroom,
  type HeadroomOptions,
  memoryStore,
} from "@headroom/core";
import { library, type Subject } from "../subject.ts";
import type { TargetName } from "../targets.ts";

export interface BenchSabotage {
  readonly name: string;
  /** One sentence; the library is its subject. */
  readonly does: string;
  readonly turns: readonly TargetName[];
  readonly subject: Partial<Subject>;
}

/** Instances whose texts and requests are changed on their way out. */
function rewriting(change: {
  text?(result: CompressTextResult, original: string): CompressTextResult;
  request?<Message>(
    result: CompressResult<Message>,
    original: readonly Message[],
    call: CallOptions | undefined,
  ): CompressResult<Message>;
}): Partial<Subject> {
  return {
    make(options) {
      const honest = library.make(options);
      const sabotaged: Headroom = {
        ...honest,
        async compressText(text, call) {
          const result = await honest.compressText(text, call);
          return change.text?.(result, text) ?? result;
        },
        async compress(messages, call) {
          const result = await honest.compress(messages, call);
          return change.request?.(result, messages, call) ?? result;
        },
      };
      return sabotaged;
    },
  };
}

/** The texts of tools changed that the library has changed, or all of them. */
function tellingTools(
  change: (text: string, original: string) => string,
  which: "changed" | "all" = "changed",
): Partial<Subject> {
  const tell = (text: string, original: string): string =>
    which === "all" || text !== original ? change(text, original) : text;
  return rewriting({
    text: (result, original) => ({ ...result, text: tell(result.text, original) }),
    request: (result, original) => ({
      ...result,
      messages: result.messages.map((message, at) => mapTools(message, original[at], tell)),
    }),
  });
}

type Loose = Record<string, unknown>;

function mapTools<Message>(
  message: Message,
  original: Message | undefined,
  tell: (text: string, original: string) => string,
): Message {
  const { role, content } = message as Loose;
  const before = (original as Loose | undefined)?.content;
  if (role === "tool" && typeof content === "string")
    return { ...message, content: tell(content, String(before)) };
  if (!Array.isArray(content)) return message;
  const parts = content.map((part: Loose, index) => {
    const partBefore = (before as readonly Loose[] | undefined)?.[index]?.content;
    return part.type === "tool_result" && typeof part.content === "string"
      ? { ...part, content: tell(part.content, String(partBefore)) }
      : part;
  });
  return { ...message, content: parts };
}

/** Compressors changed, and instances that use them. */
function compressing(change: (honest: Compressor) => Partial<Compressor>): Partial<Subject> {
  const changed = (all: readonly Compressor[]): readonly Compressor[] =>
    all.map((honest) => ({ ...honest, ...change(honest) }));
  return {
    compressors: () => changed(library.compressors()),
    make: (options = {}) =>
      library.make({
        ...options,
        compressors: options.compressors ?? changed(library.compressors()),
      }),
  };
}

/** Keeps the processor busy for about so many milliseconds, on a loaded machine too. */
function work(milliseconds: number): number {
  let sum = 1;
  for (let step = 0; step < milliseconds * 700_000; step++) sum = Math.imul(sum, 31) + step;
  return sum;
}

/** Instances that work longer for a request. @param milliseconds so much */
function dawdling(milliseconds: (messages: readonly unknown[]) => number): Partial<Subject> {
  return {
    make(options) {
      const honest = library.make(options);
      return {
        ...honest,
        compress(messages, call) {
          work(milliseconds(messages));
          return honest.compress(messages, call);
        },
      };
    },
  };
}

/** Instances that store in another way than they were told. */
function storing(change: (options: HeadroomOptions) => HeadroomOptions): Partial<Subject> {
  return { make: (options = {}) => library.make(change(options)) };
}

const emptyHanded = (store: CcrStore): CcrStore => ({ ...store, get: async () => undefined });
const savedRows = [
  "api-json lossless",
  "json-tools lossless",
  "logs lossless",
  "search lossless",
  "diffs lossless",
  "trees lossless",
  "tables lossless",
  "json-tools balanced",
  "logs balanced",
  "search balanced",
  "diffs balanced",
  "trees balanced",
  "tables balanced",
  "ci-logs lossless",
  "ci-logs balanced",
  "reference json",
  "reference cases",
  "reference saved",
  "sparse numbers",
  "sessions lossless",
  "sessions balanced",
] as const satisfies readonly TargetName[];
const roundTrips = [
  "round trip",
  "ci-logs round trip",
  "reference round trip",
  "sessions round trip",
  "history redeemable",
] as const satisfies readonly TargetName[];

export const SABOTAGES: readonly BenchSabotage[] = [
  {
    name: "declines",
    does: "compresses nothing",
    turns: [
      ...savedRows,
      ...roundTrips,
      "decoded",
      "ci-logs decoded",
      "invented",
      "ci-logs invented",
      "declared",
      "rate",
      "growth",
      "cold",
      "cold with encoder",
      "next turn",
      "unseen",
      "input cost",
      "input cost never above",
    ],
    subject: compressing(({ shorten }) => ({
      encode: () => undefined,
      ...(shorten ? { shorten: () => undefined } : {}),
    })),
  },
  {
    name: "altered-forms",
    does: "drops the last character of every changed text, and calls it what it was",
    turns: ["decoded", "ci-logs decoded", "sessions decoded", "declared"],
    subject: rewriting({
      text: (result, original) =>
        result.text === original ? result : { ...result, text: result.text.slice(0, -1) },
      request: (result, original) => ({
        ...result,
        messages: result.messages.map((message, at) =>
          mapTools(message, original[at], (text, before) =>
            text === before ? text : text.slice(text.indexOf("\n") + 1, -1),
          ),
        ),
      }),
    }),
  },
  {
    name: "undecodable",
    does: "proves forms that nothing decodes",
    turns: ["decoded", "ci-logs decoded"],
    subject: compressing(() => ({
      prove: () => true,
      same: () => true,
      decode: () => undefined,
    })),
  },
  {
    name: "beheads",
    does: "shows the first line of a changed text and nothing else",
    turns: [
      "must",
      "query",
      "error lines",
      "changed lines",
      "files named",
      "critical signals",
      "reference must",
      "reference query",
      "next actions",
      "trajectory actions",
    ],
    subject: tellingTools((text) => text.split("\n", 1)[0] ?? ""),
  },
  {
    name: "titles-only",
    does: "names the documents and shows nothing of them",
    turns: ["answers at 25 %", "answers at 50 %"],
    subject: {
      compressDocuments: async (documents, ...rest) => ({
        ...(await library.compressDocuments(documents, ...rest)),
        text: documents.map(({ id }) => `[document ${id}]`).join("\n"),
      }),
    },
  },
  {
    name: "serves-nothing",
    does: "finds nothing when it is asked for a part of an original, and shows nothing of it",
    turns: ["exact", "reference exact"],
    subject: {
      make(options) {
        const { make = library.make } = tellingTools((text) => text.split("\n", 1)[0] ?? "");
        const honest = make(options);
        return {
          ...honest,
          retrieve: async (request, call) => ({
            ...(await honest.retrieve(request, call)),
            slices: [],
          }),
        };
      },
    },
  },
  {
    name: "loses",
    does: "has a store that acknowledges and keeps nothing",
    turns: [...roundTrips, "declared"],
    subject: { store: () => emptyHanded(library.store()) },
  },
  {
    name: "damages",
    does: "has a store that serves a text with one more letter",
    turns: [...roundTrips, "declared"],
    subject: {
      store() {
        const store = library.store();
        return {
          ...store,
          async get(ref) {
            const entry = await store.get(ref);
            return entry && { ...entry, text: `${entry.text}x` };
          },
        };
      },
    },
  },
  {
    name: "forgets-refs",
    does: "reports no ref for what it has stored",
    turns: roundTrips,
    subject: rewriting({
      text: ({ ref: _, ...result }) => result,
      request: (result) => ({
        ...result,
        blocks: result.blocks.map(({ ref: _, ...block }) => block),
      }),
    }),
  },
  {
    name: "invents",
    does: "adds an address that nobody has written",
    turns: ["invented", "ci-logs invented"],
    subject: tellingTools((text) => `${text}\nhttps://example.com/invented/90210`),
  },
  {
    name: "grows",
    does: "makes every text longer, and reports what it would have been",
    turns: ["never larger", "reported tokens", "requests never larger", ...savedRows],
    subject: tellingTools((text, original) => `${text}\n${original}\n${original}`, "all"),
  },
  {
    name: "counts-half",
    does: "counts half of the tokens",
    turns: ["reported tokens", "exact counts"],
    subject: {
      make: (options = {}) =>
        library.make({
          ...options,
          tokenCounter: {
            name: "half",
            count: (text) => Math.ceil(library.counter.count(text) / 2),
          },
        }),
      counter: { name: "half", count: (text) => Math.ceil(library.counter.count(text) / 2) },
    },
  },
  {
    name: "estimates-low",
    does: "estimates a fifth too little",
    turns: ["estimator"],
    subject: { estimate: (text) => library.estimate(text) * 0.8 },
  },
  {
    name: "not-the-same-twice",
    does: "writes the number of its process into a text",
    turns: ["same bytes"],
    subject: tellingTools((text) => `${text} ${process.pid}`),
  },
  {
    name: "looks-ahead",
    does: "tells an earlier result how long the request has become",
    turns: ["append-only", "sessions append-only", "history breaks"],
    subject: rewriting({
      request: (result, original) => ({
        ...result,
        messages: result.messages.map((message, at) =>
          mapTools(message, original[at], (text) => `${text} ${original.length}`),
        ),
      }),
    }),
  },
  {
    name: "never-done",
    does: "changes what it has changed before",
    turns: ["idempotent"],
    subject: tellingTools((text) => `${text} `, "all"),
  },
  {
    name: "copies",
    does: "hands back copies of what did not change",
    turns: ["same objects"],
    subject: rewriting({
      request: (result) => ({ ...result, messages: structuredClone(result.messages) }),
    }),
  },
  {
    name: "tidies",
    does: "leaves out fields of a message it does not know, and renames calls",
    turns: ["hands off"],
    subject: rewriting({
      request: (result) => ({
        ...result,
        messages: result.messages.map(
          (message) =>
            JSON.parse(
              JSON.stringify(message)
                .replaceAll('"tool_use_id"', '"id"')
                .replaceAll('"tool_call_id"', '"id"'),
            ) as typeof message,
        ),
      }),
    }),
  },
  {
    name: "says-nothing",
    does: "does not say what a view left out",
    turns: ["declared"],
    subject: rewriting({
      request: (result) => ({
        ...result,
        blocks: result.blocks.map(({ omitted: _, ...block }) => block),
      }),
    }),
  },
  {
    name: "trusts-no-answer",
    does: "sends views whether the store has taken the original or not",
    turns: ["no lossy text", "store-down told"],
    subject: storing(({ store: _, ...options }) => ({ ...options, store: memoryStore() })),
  },
  {
    name: "waits-for-ever",
    does: "gives a store ten times the time it was told",
    turns: ["in time"],
    subject: storing(({ storeTimeoutMs = 1_000, ...options }) => ({
      ...options,
      storeTimeoutMs: 10 * storeTimeoutMs,
    })),
  },
  {
    name: "throws",
    does: "throws over a NUL",
    turns: ["hostile thrown"],
    subject: rewriting({
      text(result, original) {
        if (original.includes("\0")) throw new RangeError("invalid character");
        return result;
      },
    }),
  },
  {
    name: "trims",
    does: "trims texts it does not compress",
    turns: ["hostile exact"],
    subject: rewriting({
      text: (result, original) =>
        result.text === original ? { ...result, text: original.trim() } : result,
    }),
  },
  {
    name: "quadratic",
    does: "takes time that grows with the square of the text",
    turns: ["growth", "hostile growth"],
    subject: (() => {
      // Up to where small inputs end: what is longer is only looked at, not timed.
      const dawdle = (text: string): number => work(Math.min(200, (text.length / 8_000) ** 2));
      const slow = compressing((honest) => ({
        encode(text, context) {
          dawdle(text);
          return honest.encode(text, context);
        },
        ...(honest.shorten
          ? {
              shorten(text, context) {
                dawdle(text);
                return honest.shorten?.(text, context);
              },
            }
          : {}),
      }));
      return {
        ...slow,
        make(options) {
          const honest = library.make(options);
          return {
            ...honest,
            compressText(text, call) {
              dawdle(text);
              return honest.compressText(text, call);
            },
          };
        },
      };
    })(),
  },
  {
    name: "quadratic-in-messages",
    does: "takes time that grows with the square of the messages",
    turns: ["turn growth"],
    subject: dawdling((messages) => (messages.length / 25) ** 2),
  },
  {
    name: "slow-turns",
    does: "takes half a second longer for a request",
    turns: ["turn warm", "turn cold"],
    subject: dawdling(() => 500),
  },
  {
    name: "slow",
    does: "computes half a second longer",
    turns: [
      "cold",
      "cold with encoder",
      "next turn",
      "unseen",
      "rate",
      "history warm",
      "history cold",
    ],
    subject: {
      compressors: () =>
        library.compressors().map((honest) => ({
          ...honest,
          encode(text, context) {
            work(500);
            return honest.encode(text, context);
          },
        })),
      make(options) {
        const honest = library.make(options);
        return {
          ...honest,
          compress(messages, call) {
            work(500);
            return honest.compress(messages, call);
          },
        };
      },
    },
  },
];

/** The library with one thing broken. */
export function sabotaged(name: string): Subject {
  const found = SABOTAGES.find((sabotage) => sabotage.name === name);
  if (found === undefined) throw new Error(`There is no sabotage ${name}.`);
  return { ...library, ...found.subject, sabotage: name };
}
