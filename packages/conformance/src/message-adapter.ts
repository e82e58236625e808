import type { MessageAdapter, TextBlock } from "@headroom/core";
import { check, equal, firstDifference, isObject, same } from "./assert.ts";
import { type ConformanceCase, type Skips, withoutSkipped } from "./case.ts";
import { deepFreeze, leaves, replaceAt, snapshot } from "./object.ts";
import { hostileSnippets } from "./text.ts";

export interface MessageAdapterSubject<Message> {
  create(): MessageAdapter<Message>;
  /** Messages of every shape the provider documents: lists of parts, tool calls, results, errors, images, `cache_control`. */
  samples: readonly Message[];
  /** Whole conversations in which each tool result answers an earlier call. */
  conversations?: readonly (readonly Message[])[];
  /**
   * Places that are replaced as a whole because the provider keeps no text there, as dot-separated paths
   * (`content.0.output`), for adapters that turn a value into text.
   */
  replacesWhole?(path: string): boolean;
  skips?: Skips;
}

const ROLES: readonly string[] = ["assistant", "document", "system", "tool", "unknown", "user"];
const ODD_VALUES: readonly unknown[] = [
  null,
  undefined,
  true,
  7,
  "",
  "text",
  [],
  {},
  [null],
  [[]],
  { type: 7 },
  { type: "text" },
];

/** The lens laws: what is read is there, what is written is read back, and nothing else changes. */
export function messageAdapterCases<Message>(
  subject: MessageAdapterSubject<Message>,
): readonly ConformanceCase[] {
  const { samples, conversations, replacesWhole } = subject;
  const blocksOf = (adapter: MessageAdapter<Message>, message: Message) => adapter.read(message);

  const cases: ConformanceCase[] = [
    {
      name: "every sample is recognised, and anything at all gets an answer from 0 to 1",
      async run() {
        const adapter = subject.create();
        for (const message of samples) {
          const score = adapter.detect(message);
          check(score > 0, `detect of ${JSON.stringify(message)}`, "more than 0", score);
        }
        for (const value of [
          ...samples.flatMap(odd),
          ...ODD_VALUES,
          Symbol("x"),
          () => undefined,
        ]) {
          const score = adapter.detect(value);
          check(score >= 0 && score <= 1, "detect", "a number from 0 to 1", score);
        }
      },
    },
    {
      name: "samples have text to read",
      async run() {
        const adapter = subject.create();
        const blocks = samples.flatMap((message) => blocksOf(adapter, message));
        check(blocks.length > 0, "blocks of all samples", "at least one", blocks.length);
        const lengths = blocks.map(({ text }) => text.length);
        check(Math.max(...lengths) > 0, "longest text of all samples", "some", "");
      },
    },
    {
      name: "blocks are well-formed and their ids unique within a message",
      async run() {
        const adapter = subject.create();
        for (const message of samples) {
          const blocks = blocksOf(adapter, message);
          for (const block of blocks) {
            check(ROLES.includes(block.role), "role of a block", ROLES, block.role);
            same(typeof block.text, "string", "type of a block's text");
            for (const name of ["toolCallId", "toolName"] as const) {
              check(isText(block[name]), `${name} of a block`, "a string or nothing", block[name]);
            }
          }
          const ids = blocks.map(({ id }) => id);
          equal(ids, [...new Set(ids)], `block ids of ${JSON.stringify(message)}`);
        }
      },
    },
    {
      name: "the same message reads the same, again and in another instance",
      async run() {
        const [one, other] = [subject.create(), subject.create()];
        for (const message of samples) {
          const blocks = snapshot(blocksOf(one, message));
          equal(blocksOf(one, message), blocks, "blocks read again");
          equal(blocksOf(other, message), blocks, "blocks read by another instance");
        }
      },
    },
    {
      name: "writing nothing returns the same object",
      async run() {
        const adapter = subject.create();
        for (const message of samples) {
          same(adapter.write(message, new Map()), message, "write without replacements");
        }
      },
    },
    {
      name: "writing to blocks a message does not have returns the same object",
      async run() {
        const adapter = subject.create();
        const strangers = [
          "no such block",
          "__proto__",
          "constructor",
          "content.99.text",
          "length",
          "",
        ];
        for (const message of samples) {
          const known = new Set(blocksOf(adapter, message).map(({ id }) => id));
          for (const id of strangers.filter((stranger) => !known.has(stranger))) {
            same(
              adapter.write(message, new Map([[id, "x"]])),
              message,
              `write to block ${JSON.stringify(id)}`,
            );
          }
        }
      },
    },
    {
      name: "writing back what was read returns the same object",
      async run() {
        const adapter = subject.create();
        for (const message of samples) {
          const edits = new Map(blocksOf(adapter, message).map(({ id, text }) => [id, text]));
          same(adapter.write(message, edits), message, "write of the texts that were read");
        }
      },
    },
    {
      name: "what is written is what is read back",
      async run() {
        const adapter = subject.create();
        for (const message of samples) {
          const blocks = blocksOf(adapter, message);
          for (const edits of editsOf(blocks)) {
            const read = blocksOf(adapter, adapter.write(message, edits));
            const expected = blocks.map((block) => ({
              id: block.id,
              text: edits.get(block.id) ?? block.text,
            }));
            equal(
              read.map(({ id, text }) => ({ id, text })),
              expected,
              "texts read back after a write",
            );
          }
        }
      },
    },
    {
      name: "only the replaced texts differ: fields, order, ids and unknown parts are kept",
      async run() {
        const adapter = subject.create();
        for (const message of [...samples, ...samples.map(withUnknownFields)]) {
          for (const edits of editsOf(blocksOf(adapter, message))) {
            const written = adapter.write(message, edits);
            const allowed = new Set(edits.values());
            equal(
              restored(written, message, allowed, replacesWhole),
              message,
              "message with the old texts put back",
            );
          }
        }
      },
    },
    {
      name: "a deep-frozen message is read and written, and never mutated",
      async run() {
        const adapter = subject.create();
        for (const sample of samples) {
          const message = deepFreeze(snapshot(sample));
          adapter.calls(message);
          for (const edits of editsOf(adapter.read(message))) adapter.write(message, edits);
          // A frozen object throws where strict code writes; this catches what writes without a throw.
          const loose = snapshot(sample);
          for (const edits of editsOf(adapter.read(loose))) adapter.write(loose, edits);
          equal(loose, sample, "message after it was written");
        }
      },
    },
    {
      name: "odd values anywhere in a message never throw",
      async run() {
        const adapter = subject.create();
        for (const message of samples.flatMap(odd) as Message[]) {
          adapter.calls(message);
          for (const { id, text } of adapter.read(message)) {
            same(typeof id, "string", "type of a block's id");
            same(typeof text, "string", "type of a block's text");
          }
        }
      },
    },
    {
      name: "odd values anywhere in a message are kept",
      async run() {
        const adapter = subject.create();
        for (const message of samples.flatMap(odd) as Message[]) {
          const blocks = attempt(() => adapter.read(message)) ?? [];
          const edits = new Map(blocks.map(({ id }) => [id, `new ${id}`]));
          const written = attempt(() => adapter.write(message, edits));
          if (written === undefined) continue;
          const allowed = new Set(edits.values());
          equal(
            restored(written, message, allowed, replacesWhole),
            message,
            "message with the old texts put back",
          );
        }
      },
    },
    {
      name: "calls have an id and a name",
      async run() {
        const adapter = subject.create();
        for (const message of [...samples, ...(samples.flatMap(odd) as Message[])]) {
          for (const call of attempt(() => adapter.calls(message)) ?? []) {
            same(typeof call.id, "string", "type of a call's id");
            same(typeof call.name, "string", "type of a call's name");
            check(isText(call.args), "args of a call", "a string or nothing", call.args);
          }
        }
      },
    },
  ];
  if (conversations !== undefined) {
    cases.push({
      name: "every tool result names the call it answers",
      async run() {
        const adapter = subject.create();
        for (const conversation of conversations) {
          const known = new Set<string>();
          let results = 0;
          for (const message of conversation) {
            for (const { role, toolCallId } of blocksOf(adapter, message)) {
              if (role !== "tool") continue;
              results++;
              check(
                known.has(String(toolCallId)),
                "toolCallId of a result",
                [...known],
                toolCallId,
              );
            }
            for (const { id } of adapter.calls(message)) known.add(id);
          }
          check(known.size > 0, "calls found in a conversation", "at least one", known.size);
          check(results > 0, "results found in a conversation", "at least one", results);
        }
      },
    });
  }
  return withoutSkipped(cases, subject.skips);
}

function isText(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

/** Every block alone, then all at once; among the texts are empty and odd ones. */
function editsOf(blocks: readonly TextBlock[]): ReadonlyMap<string, string>[] {
  const odd = hostileSnippets.filter((text) => text.length > 1);
  const one = blocks.map(
    ({ id }, index) => new Map([[id, `new ${index} ${odd[index % odd.length]}`]]),
  );
  return [...one, new Map(blocks.map(({ id }, index) => [id, `all ${index} ${id}`]))];
}

/** The written message with the original's value wherever one of the new texts stands. */
function restored<Value>(
  written: unknown,
  original: Value,
  texts: ReadonlySet<string>,
  replacesWhole?: (path: string) => boolean,
): unknown {
  let result = written;
  for (const { path, value } of leaves(written)) {
    if (typeof value !== "string" || !texts.has(value)) continue;
    const whole = path.findIndex((_, index) => replacesWhole?.(path.slice(0, index + 1).join(".")));
    const place = whole === -1 ? path : path.slice(0, whole + 1);
    const before = place.reduce<unknown>(
      (node, key) => (isObject(node) ? Reflect.get(node, key) : undefined),
      original,
    );
    if (whole === -1 && typeof before !== "string") continue;
    if (firstDifference(before, value) !== undefined)
      result = replaceAt(result, place, () => before);
  }
  return result;
}

/** The message with an unknown field in every plain object, first and last. */
function withUnknownFields<Value>(message: Value): Value {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isObject(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
    const fields = Object.entries(value).map(([key, field]) => [key, walk(field)]);
    return Object.fromEntries([["x_first", { kept: [1, null] }], ...fields, ["x_last", "kept"]]);
  };
  return walk(message) as Value;
}

/** The message with each of its values in turn replaced by values no type allows. */
function odd<Value>(message: Value): unknown[] {
  const plain = isObject(message) && Object.getPrototypeOf(message) === Object.prototype;
  if (!plain) return [];
  return leaves(message, true)
    .filter(({ path }) => path.length > 0)
    .flatMap(({ path }) => ODD_VALUES.map((value) => replaceAt(message, path, () => value)));
}

/** Of odd messages a throw is the business of one case only. */
function attempt<Value>(run: () => Value): Value | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
