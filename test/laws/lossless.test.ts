/** Law 4, lossless first and proven: without a store a changed text is the original with proven forms in place of parts. */
import {
  type Answer,
  type Compressor,
  createHeadroom,
  defaultCompressors,
  findMarkers,
  memoryStore,
  stripMarker,
} from "@headroom/core";
import { expect } from "vitest";
import { jsonTokens } from "./json-tokens.ts";
import { describeLaw, estimate, type Make, rewriting } from "./law.ts";
import { changesBetween, messagesOf, transcripts } from "./transcript.ts";

/** A form a compressor gave for a part of some block. */
interface Given {
  readonly part: string;
  readonly form: string;
  readonly decodes: boolean;
}

/** An answer, that of work in steps too. */
async function settled<Value>(answer: Answer<Value>): Promise<Value> {
  if (typeof answer !== "object" || answer === null || !("next" in answer)) return answer;
  for (;;) {
    const step = answer.next();
    if (step.done) return step.value;
  }
}

/** The built-ins, with a note taken of every lossless form they offer. */
function watched(given: Given[]): readonly Compressor[] {
  return defaultCompressors().map((compressor) => ({
    ...compressor,
    async encode(part, context) {
      const offered = await settled(compressor.encode(part, context));
      const forms = typeof offered === "string" ? [offered] : (offered ?? []);
      for (const form of forms) {
        const decoded = compressor.decode(form);
        const same =
          decoded !== undefined && (compressor.same?.(part, decoded) ?? decoded === part);
        const exact =
          compressor.kind !== "json" ||
          String(jsonTokens(decoded ?? "")) === String(jsonTokens(part));
        given.push({ part, form, decodes: same && exact });
      }
      return forms;
    },
  }));
}

/** Whether `body` is `original` with some of the given forms, each of which decodes, in place of their parts. */
function isSpliced(original: string, body: string, given: readonly Given[]): boolean {
  let [at, to] = [0, 0];
  for (const { part, form, decodes } of given) {
    const found = original.indexOf(part, at);
    if (found === -1 || !decodes) continue;
    const replaced = original.slice(at, found) + form;
    if (!body.startsWith(replaced, to)) continue;
    at = found + part.length;
    to += replaced.length;
    // A part that ended its line still does.
    if (part.endsWith("\n") && !form.endsWith("\n") && body[to] === "\n") to++;
  }
  return original.slice(at) === body.slice(to);
}

const cutting: Make = (options) =>
  createHeadroom({ ...options, store: memoryStore(), mode: "aggressive" });

describeLaw(
  "without a store only forms that decode are used",
  transcripts(),
  async (transcript, make) => {
    const input = messagesOf(transcript);
    const given: Given[] = [];
    const headroom = make({ tokenCounter: estimate, minTokens: 40, compressors: watched(given) });
    const { messages, blocks, refs } = await headroom.compress(input);
    expect(refs).toEqual([]);
    for (const { message, path, before, after } of changesBetween(input, messages)) {
      const row = blocks.find(
        (candidate) => candidate.message === message && candidate.block === path,
      );
      expect(row).toMatchObject({ outcome: "compressed", lossless: true });
      expect(row?.omitted).toBeUndefined();
      const [marker] = findMarkers(after);
      expect([marker?.start, marker?.ref]).toEqual([0, undefined]);
      const [whole] = given.filter(
        ({ part, form, decodes }) => decodes && part === before && form === stripMarker(after),
      );
      expect(whole !== undefined || isSpliced(before, stripMarker(after), given)).toBe(true);
    }
  },
  {
    "shortens all the same": cutting,
    "drops the last line": rewriting((text) => text.slice(0, text.lastIndexOf("\n"))),
    "changes a letter": rewriting((text) => text.replace(/[a-z](?=[^a-z]*$)/, "#")),
  },
);
