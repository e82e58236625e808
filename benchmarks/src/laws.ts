/**
 * The laws on real requests; the property tests hold them on generated ones.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createHeadroom, findMarkers, memoryStore } from "@headroom/core";
import { progress, type Report, report } from "./report.ts";
import { type AnyMessage, allRequests, digest } from "./requests.ts";

const MAX_LENGTH = 400_000;

/** Broken how often, of how many. */
interface Count {
  of: number;
  broken: number;
  first?: string;
}

const LAWS = [
  "same bytes in another process",
  "earlier messages keep their bytes when the request grows",
  "compressing the result changes nothing",
  "no block and no request larger",
  "messages that did not change are the same objects",
  "all but the text of tool results kept: ids, names, order, unknown fields",
  "every lossy block declares what is gone, under a marker whose original is stored",
] as const;

export async function laws(): Promise<Report> {
  const out = report("laws", "The laws on real requests");
  const requests = allRequests(MAX_LENGTH);
  if (requests.length === 0) out.text("The shared corpora are not there; see the property tests.");
  const counts = new Map<(typeof LAWS)[number], Count>(
    LAWS.map((law) => [law, { of: 0, broken: 0 }]),
  );
  const check = (law: (typeof LAWS)[number], holds: boolean, where: string): void => {
    const count = counts.get(law);
    if (count === undefined) return;
    count.of++;
    if (!holds) {
      count.broken++;
      count.first ??= where;
    }
  };
  const elsewhere = requests.length === 0 ? [] : digestsElsewhere();
  for (const [index, { name, messages }] of requests.entries()) {
    progress(`laws: ${name}`);
    const frozen = deepFreeze(structuredClone(messages)) as readonly AnyMessage[];
    const store = memoryStore({ maxBytes: 1024 ** 3 });
    const instance = createHeadroom({ store });
    // Turn by turn first, so that the last call meets a warm instance and must still agree with a cold one.
    const half = await instance.compress(frozen.slice(0, Math.ceil(frozen.length / 2)));
    const result = await instance.compress(frozen);
    check(
      "same bytes in another process",
      (await digest(result.messages)) === elsewhere[index],
      name,
    );
    for (const [at, message] of half.messages.entries()) {
      check(
        "earlier messages keep their bytes when the request grows",
        same(message, result.messages[at]),
        `${name} message ${at}`,
      );
    }
    const again = await createHeadroom({ store }).compress(result.messages);
    check("compressing the result changes nothing", same(again.messages, result.messages), name);
    check(
      "no block and no request larger",
      result.tokensAfter <= result.tokensBefore &&
        result.blocks.every(({ tokensBefore, tokensAfter }) => tokensAfter <= tokensBefore),
      name,
    );
    for (const [at, message] of result.messages.entries()) {
      const before = frozen[at];
      if (same(message, before))
        check(
          "messages that did not change are the same objects",
          message === before,
          `${name} message ${at}`,
        );
      check(
        "all but the text of tool results kept: ids, names, order, unknown fields",
        same(withoutResults(message), withoutResults(before)),
        `${name} message ${at}`,
      );
    }
    for (const block of result.blocks) {
      if (block.outcome !== "compressed" || block.lossless !== false) continue;
      const held = block.ref === undefined ? undefined : await store.get(block.ref);
      const named = findMarkers(JSON.stringify(result.messages[block.message])).some(
        ({ ref }) => ref === block.ref,
      );
      check(
        "every lossy block declares what is gone, under a marker whose original is stored",
        (block.omitted?.length ?? 0) > 0 && held !== undefined && named,
        `${name} message ${block.message}`,
      );
    }
  }
  progress("");
  out.text(`${requests.length} requests; the input is frozen deeply, so that a mutation throws.`);
  for (const [law, { of, broken, first }] of counts) {
    out.target({
      figure: law,
      target: "always",
      value: `${of - broken} of ${of}${first === undefined ? "" : `, not ${first}`}`,
      reached: of === 0 ? undefined : broken === 0,
    });
  }
  out.save();
  return out;
}

function digestsElsewhere(): readonly string[] {
  const file = fileURLToPath(new URL("laws-child.ts", import.meta.url));
  const args = ["--conditions=@headroom/source", file, String(MAX_LENGTH)];
  return JSON.parse(
    execFileSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1e8 }),
  ) as string[];
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
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
