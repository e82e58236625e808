import type { MessageAdapter, TextBlock } from "@headroom/core";
import { expect, it } from "vitest";
import { type MessageAdapterSubject, messageAdapterCases } from "../src/index.ts";
import { honestAdapter, honestSamples, type Message } from "./honest-adapter.ts";
import { describeLiars, failures } from "./liars.ts";

type Subject = MessageAdapterSubject<Message>;

const conversations = [
  [
    { role: "assistant", calls: [{ id: "c1", name: "read" }] },
    { role: "tool", answers: "c1", content: "x" },
  ],
];

function liar(change: (honest: MessageAdapter<Message>) => Partial<MessageAdapter<Message>>): {
  subject: Subject;
} {
  const create = () => ({ ...honestAdapter, ...change(honestAdapter) });
  return { subject: { create, samples: honestSamples, conversations } };
}

const isKnown = (message: Message): boolean =>
  honestSamples.some((sample) => same(sample, message));
const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

describeLiars<Subject>(
  messageAdapterCases,
  { create: () => honestAdapter, samples: honestSamples, conversations },
  {
    "every sample is recognised, and anything at all gets an answer from 0 to 1": liar(() => ({
      detect: (message) => (message as Message).role.length / 10,
    })),
    "samples have text to read": {
      // Reads results only, and these samples have none.
      subject: {
        ...liar((honest) => ({
          read: (message) => honest.read(message).filter(({ role }) => role === "tool"),
        })).subject,
        samples: honestSamples.filter(({ role }) => role !== "tool"),
      },
    },
    "blocks are well-formed and their ids unique within a message": liar((honest) => ({
      // A role nobody else knows. Ids stay unique, so that nothing else breaks; they have their own test below.
      read: (message) =>
        honest
          .read(message)
          .map((block) =>
            block.role === "user" ? ({ ...block, role: "human" } as unknown as TextBlock) : block,
          ),
    })),
    "the same message reads the same, again and in another instance": liar((honest) => {
      let reads = 0;
      return {
        read: (message) =>
          honest.read(message).map((block) => ({ ...block, toolName: `tool ${reads++}` })),
      };
    }),
    "writing nothing returns the same object": liar((honest) => ({
      write: (message, edits) =>
        edits.size === 0 && honest.read(message).length > 0
          ? { ...message }
          : honest.write(message, edits),
    })),
    "writing to blocks a message does not have returns the same object": liar((honest) => ({
      write(message, edits) {
        const written = honest.write(message, edits);
        return edits.has("no such block") ? { ...written } : written;
      },
    })),
    "writing back what was read returns the same object": liar((honest) => ({
      write: (message, edits) => {
        const texts = honest.read(message).map(({ id, text }) => [id, text]);
        return texts.length > 0 && same([...edits], texts)
          ? { ...message }
          : honest.write(message, edits);
      },
    })),
    "what is written is what is read back": liar((honest) => ({
      write: (message, edits) => {
        // Writes the last of several only; every text it writes is right.
        const last = [...edits].slice(-1);
        return honest.write(message, new Map(last));
      },
    })),
    "only the replaced texts differ: fields, order, ids and unknown parts are kept": liar(
      (honest) => ({
        write(message, edits) {
          const written = honest.write(message, edits);
          if (written === message || !("x_first" in written)) return written;
          // Builds the message anew from the fields it knows.
          const { x_last: _, ...known } = written;
          return known;
        },
      }),
    ),
    "a deep-frozen message is read and written, and never mutated": liar((honest) => ({
      write(message, edits) {
        const written = honest.write(message, edits);
        if (written !== message && typeof message.content === "string") {
          // Hides the trace unless the message is frozen.
          const { role } = message;
          Object.assign(message, { role: "seen" });
          Object.assign(message, { role });
        }
        return written;
      },
    })),
    "odd values anywhere in a message never throw": liar((honest) => ({
      calls(message) {
        if (message.content === 7) throw new TypeError("content is not iterable");
        return honest.calls(message);
      },
    })),
    "odd values anywhere in a message are kept": liar((honest) => ({
      write(message, edits) {
        const written = honest.write(message, edits);
        const tidied = written !== message && !isKnown(message) && message.name === null;
        return tidied ? { ...written, name: "" } : written;
      },
    })),
    "calls have an id and a name": liar((honest) => ({
      calls: (message) =>
        Array.isArray(message.calls) && message.calls[0]?.id === undefined
          ? message.calls.map((call) => ({ id: call?.id, name: "read" }))
          : honest.calls(message),
    })),
    "every tool result names the call it answers": liar((honest) => ({
      read: (message) =>
        honest.read(message).map(({ toolCallId, ...block }) => ({
          ...block,
          ...(toolCallId === undefined ? {} : { toolCallId: `${toolCallId}!` }),
        })),
    })),
  },
);

it("an adapter that reads nothing fails, and so does one that reads empty texts", async () => {
  const laws = ["samples have text to read", "every tool result names the call it answers"];
  const silent = liar(() => ({ read: () => [] }));
  expect(await failures(messageAdapterCases(silent.subject))).toEqual(expect.arrayContaining(laws));
  const empty = liar((honest) => ({
    read: (message) => honest.read(message).map((block) => ({ ...block, text: "" })),
  }));
  expect(await failures(messageAdapterCases(empty.subject))).toContain(laws[0]);
});

it("an adapter that throws on a sample fails every law that reads it", async () => {
  const { subject } = liar(() => ({
    read() {
      throw new TypeError("content is not iterable");
    },
  }));
  expect((await failures(messageAdapterCases(subject))).length).toBeGreaterThan(6);
});

it("duplicate block ids are caught", async () => {
  const { subject } = liar((honest) => ({
    read: (message) => honest.read(message).map((block) => ({ ...block, id: "block" })),
  }));
  expect(await failures(messageAdapterCases(subject))).toContain(
    "blocks are well-formed and their ids unique within a message",
  );
});

it("a value replaced as a whole is allowed where the subject says so", async () => {
  const adapter: MessageAdapter<Message> = {
    ...honestAdapter,
    read: ({ output }) =>
      output === undefined
        ? []
        : [
            {
              id: "output",
              role: "tool",
              text: typeof output === "string" ? output : JSON.stringify(output),
            },
          ],
    write(message, edits) {
      const text = edits.get("output");
      const [block] = adapter.read(message);
      return text === undefined || text === block?.text ? message : { ...message, output: text };
    },
  };
  const subject: Subject = {
    create: () => adapter,
    samples: [{ role: "tool", output: { rows: [1, 2] }, id: "x" }],
  };
  const law = "only the replaced texts differ: fields, order, ids and unknown parts are kept";
  expect(await failures(messageAdapterCases(subject))).toContain(law);
  const replacesWhole = (path: string) => path === "output";
  expect(await failures(messageAdapterCases({ ...subject, replacesWhole }))).toEqual([]);
});
