/**
 * The laws on real requests; the property tests hold them on generated ones.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { findMarkers, stripMarker } from "@headroom/core";
import { decoded } from "../../test/laws/decode.ts";
import { type Given, isMadeOf, watched } from "../../test/laws/forms.ts";
import { progress, type Report } from "./report.ts";
import { type AnyMessage, allRequests, digest } from "./requests.ts";
import type { Bench } from "./subject.ts";
import { type TargetName, targetsOf } from "./targets.ts";
import { tokensOf } from "./tokens.ts";

const MAX_LENGTH = 400_000;

/** Broken how often, of how many. */
interface Count {
  of: number;
  broken: number;
  first?: string;
}

const NONE: Count = { of: 0, broken: 0 };

export async function laws({ subject, data, report }: Bench): Promise<Report> {
  const out = report("laws", "The laws on real requests");
  const requests = allRequests(data, MAX_LENGTH);
  if (requests.length === 0) out.text("The shared corpora are not there; see the property tests.");
  const counts = new Map<TargetName, Count>(targetsOf("laws").map((law) => [law, { ...NONE }]));
  const check = (law: TargetName, holds: boolean, where: string): void => {
    const count = counts.get(law);
    if (count === undefined) return;
    count.of++;
    if (!holds) {
      count.broken++;
      count.first ??= where;
    }
  };
  const elsewhere = requests.length === 0 ? [] : digestsElsewhere(data.name, subject.sabotage);
  for (const [index, { name, messages }] of requests.entries()) {
    progress(`laws: ${name}`);
    const frozen = deepFreeze(structuredClone(messages)) as readonly AnyMessage[];
    const store = subject.store();
    const given: Given[] = [];
    const compressors = watched(given, subject.compressors());
    const instance = subject.make({ store, compressors });
    // Turn by turn first, so that the last call meets a warm instance and must still agree with a cold one.
    const half = await instance.compress(frozen.slice(0, Math.ceil(frozen.length / 2)));
    const result = await instance.compress(frozen);
    check("same bytes", (await digest(result.messages)) === elsewhere[index], name);
    for (const [at, message] of half.messages.entries())
      check("append-only", same(message, result.messages[at]), `${name} message ${at}`);
    const again = await subject.make({ store }).compress(result.messages);
    check("idempotent", same(again.messages, result.messages), name);
    const changes = frozen.flatMap((message, at) =>
      changedTexts(message, result.messages[at]).map((change) => ({ ...change, at })),
    );
    check(
      "requests never larger",
      changes.every(({ before, after }) => tokensOf(after) <= tokensOf(before)),
      name,
    );
    for (const [at, message] of result.messages.entries()) {
      const before = frozen[at];
      if (same(message, before)) check("same objects", message === before, `${name} message ${at}`);
      check(
        "hands off",
        same(withoutResults(message), withoutResults(before)),
        `${name} message ${at}`,
      );
    }
    const texts = new Set(
      decoded(result.messages, given).map(({ message, text }) => `${message} ${text}`),
    );
    for (const { at, before, after } of changes) {
      if (texts.has(`${at} ${before}`)) continue;
      if (isMadeOf(before, stripMarker(after), given)) continue;
      // What does not decode is a view: under a marker whose original is stored, in a block that says what is gone.
      const refs = findMarkers(after).flatMap(({ ref }) => ref ?? []);
      const originals = await Promise.all(refs.map((ref) => store.get(ref)));
      const row = result.blocks.find(
        ({ message, ref }) => message === at && ref !== undefined && refs.includes(ref),
      );
      const isDeclared = (row?.omitted?.length ?? 0) > 0;
      check(
        "declared",
        isDeclared && originals.some((entry) => entry?.text === before),
        `${name} message ${at}`,
      );
    }
  }
  progress("");
  out.text(`${requests.length} requests; the input is frozen deeply, so that a mutation throws.`);
  for (const [law, { of, broken, first }] of counts) {
    const note = first === undefined ? {} : { note: `not ${first}` };
    out.judge(law, { met: of - broken, of }, note);
  }
  out.save();
  return out;
}

function digestsElsewhere(data: string, sabotage = ""): readonly string[] {
  const file = fileURLToPath(new URL("laws-child.ts", import.meta.url));
  const args = ["--conditions=@headroom/source", file, String(MAX_LENGTH), data, sabotage];
  return JSON.parse(
    execFileSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1e8 }),
  ) as string[];
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** Texts of tool results that differ; a part that is gone is nobody's text and the business of another law. */
function changedTexts(before: unknown, after: unknown): { before: string; after: string }[] {
  const [one, other] = [resultTexts(before), resultTexts(after)];
  return one.flatMap((text, index) => {
    const sent = other[index];
    return sent === undefined || sent === text ? [] : [{ before: text, after: sent }];
  });
}

function resultTexts(message: unknown): readonly string[] {
  const { role, content } = (message ?? {}) as AnyMessage;
  if (role === "tool" && typeof content === "string") return [content];
  if (!Array.isArray(content)) return [];
  return content.flatMap((block: { type?: string; content?: unknown }): string[] => {
    if (block.type !== "tool_result") return [];
    if (typeof block.content === "string") return [block.content];
    return Array.isArray(block.content)
      ? block.content.flatMap(({ text }: { text?: unknown }) =>
          typeof text === "string" ? [text] : [],
        )
      : [];
  });
}

/** A message with the texts of its tool results blanked. */
function withoutResults(message: unknown): unknown {
  const { role, content } = (message ?? {}) as AnyMessage;
  if (role === "tool" && typeof content === "string")
    return { ...(message as AnyMessage), content: "" };
  if (!Array.isArray(content)) return message;
  const blank = content.map((block: { type?: string; content?: unknown }) => {
    if (block.type !== "tool_result") return block;
    if (typeof block.content === "string") return { ...block, content: "" };
    const parts = Array.isArray(block.content) ? block.content : [];
    return {
      ...block,
      content: parts.map((part: { type?: string }) =>
        part.type === "text" ? { ...part, text: "" } : part,
      ),
    };
  });
  return { ...(message as AnyMessage), content: blank };
}

function deepFreeze(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  for (const child of Object.values(value)) deepFreeze(child);
  return Object.freeze(value);
}
