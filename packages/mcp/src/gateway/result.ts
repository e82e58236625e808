/** The result of `tools/call`, its texts compressed one by one. Everything else in it stays as it is. */
import type { Headroom } from "@headroom/core";
import { isRecord, type UnknownRecord } from "@headroom/core/kit";
import { isCopy, isExact } from "./structured.ts";

export interface ResultSetup {
  readonly headroom: Pick<Headroom, "compressText">;
  readonly toolName: string;
  /** Nothing may be left out: the model has no way to ask for it. */
  readonly isLossless: boolean;
  /** For all texts of the result. */
  readonly deadlineMs: number;
  readonly dropsStructured: boolean;
}

/** The changed result; the same object where nothing changed. Rejects only where core does: for wrong options. */
export async function compressResult(
  result: UnknownRecord,
  setup: ResultSetup,
): Promise<UnknownRecord> {
  const { content, isError, resultType } = result;
  if (!Array.isArray(content)) return result;
  // Protocol versions from 2026 on: the server may ask for something instead of answering.
  if (resultType !== undefined && resultType !== "complete") return result;
  const until = performance.now() + setup.deadlineMs;
  const changed: unknown[] = [];
  let isChanged = false;
  for (const block of content) {
    const text = textFor(block);
    const deadlineMs = until - performance.now();
    if (text === undefined || deadlineMs <= 0) {
      changed.push(block);
      continue;
    }
    const made = await setup.headroom.compressText(text, {
      toolName: setup.toolName,
      isError: isError === true,
      deadlineMs,
      ...(setup.isLossless ? { lossless: true } : {}),
    });
    if (made.text === text) changed.push(block);
    else {
      isChanged = true;
      changed.push({ ...block, text: made.text });
    }
  }
  if (!isChanged) return result;
  const shortened = { ...result, content: changed };
  if (!setup.dropsStructured || !isCopy(result.structuredContent, textsOf(content)))
    return shortened;
  const { structuredContent: _, ...rest }: UnknownRecord = shortened;
  return isExact(rest) ? rest : shortened;
}

/** The text of a block that a model reads. What is for the user alone is not. */
function textFor(block: unknown): string | undefined {
  if (!isRecord(block) || block.type !== "text" || typeof block.text !== "string") return undefined;
  const { annotations } = block;
  const audience = isRecord(annotations) ? annotations.audience : undefined;
  if (Array.isArray(audience) && audience.length > 0 && !audience.includes("assistant"))
    return undefined;
  return block.text;
}

function textsOf(content: readonly unknown[]): readonly string[] {
  return content.flatMap((block) =>
    isRecord(block) && typeof block.text === "string" ? [block.text] : [],
  );
}
