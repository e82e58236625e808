/** In which form a file is sent: whole, losslessly shortened, as what changed since this client saw it, or a page of it. */
import { type BlockReport, type CcrRef, refOf } from "@headroom/core";
import { ToolError } from "../answer.ts";
import type { Service } from "../context.ts";
import { unifiedDiff } from "./unified-diff.ts";

export interface FileView {
  readonly form: "whole" | "compressed" | "difference" | "unchanged" | "part";
  /** What a reader has to know, in words. Absent where the text is the file. */
  readonly head?: string;
  /** The file, or what is sent instead. Empty where it is unchanged. */
  readonly text: string;
  /** Names this version of the file. */
  readonly hash: CcrRef;
  /** Everything of this version is known to a reader of this answer. */
  readonly complete: boolean;
  /** Of `text`. */
  readonly tokens: number;
  /** Of what the answer stands for: the file, or the part that was asked for. */
  readonly tokensBefore: number;
}

export interface FileRequest {
  readonly text: string;
  /** As the reader calls the file. */
  readonly shown: string;
  /** Only these, counted from 1. */
  readonly lines?: string | undefined;
  /** The version that the reader has. */
  readonly since?: CcrRef | undefined;
  /** Readers that are asked for the version they have need its name. */
  readonly namesVersion: boolean;
  readonly signal: AbortSignal;
}

/** A difference is sent where it has at most this share of the tokens of the file. */
const CLEARLY_SMALLER = 0.7;

export async function viewOf(request: FileRequest, service: Service): Promise<FileView> {
  const { text, shown, lines, since, namesVersion, signal } = request;
  const { headroom, store, scope, maxReadTokens } = service;
  const hash = refOf(text, scope);
  // What was sent is what the next answer may be compared with, also after a restart. Without it the next one is whole.
  const isKept = await store.put({ ref: hash, text }).then(
    () => true,
    () => false,
  );
  const counter = await service.counter();
  if (lines !== undefined) return part(lines);
  if (since === hash)
    return {
      form: "unchanged",
      head: `[${shown}: unchanged since you read it${version()}. Call with fresh: true if you no longer see it.]`,
      text: "",
      hash,
      complete: true,
      tokens: 0,
      tokensBefore: counter.count(text),
    };
  const short = await headroom.compressText(text, { lossless: true, signal });
  const changed = since === undefined ? undefined : await differenceSince(since, short.tokensAfter);
  if (changed) return changed;
  if (short.tokensAfter > maxReadTokens) return part("1-");
  const isShorter = short.text !== text;
  const words = [
    ...(since === undefined ? [] : ["changed since you read it; this is all of it"]),
    ...(isShorter ? ["in a shorter form that leaves nothing out"] : []),
    ...(text === "" ? ["empty"] : []),
  ];
  const isTold = words.length > 0 || namesVersion;
  return {
    form: isShorter ? "compressed" : "whole",
    ...(isTold ? { head: `[${[shown, ...words].join(": ")}${version()}]` } : {}),
    text: short.text,
    hash,
    complete: true,
    tokens: short.tokensAfter,
    tokensBefore: short.tokensBefore,
  };

  function version(): string {
    return namesVersion ? ` (version ${hash})` : "";
  }

  async function differenceSince(ref: CcrRef, wholeTokens: number): Promise<FileView | undefined> {
    const before = await originalOf(ref);
    if (before === undefined) return undefined;
    const saw = await headroom.compressText(before, { lossless: true, signal });
    const isOfFile = ownsLines(saw.block) && ownsLines(short.block);
    const diff = isOfFile ? unifiedDiff(before, text) : unifiedDiff(saw.text, short.text);
    const tokens = counter.count(diff);
    if (tokens > wholeTokens * CLEARLY_SMALLER || tokens > maxReadTokens) return undefined;
    return {
      form: "difference",
      head: `[${shown}: changed since you read it${version()}. This unified diff leads from ${isOfFile ? "the file as it was then to the file" : "the form that you read to the form"} as it is now; fresh: true gives all of it.]`,
      text: diff,
      hash,
      complete: true,
      tokens,
      tokensBefore: short.tokensBefore,
    };
  }

  async function originalOf(ref: CcrRef): Promise<string | undefined> {
    const entry = await store.get(ref).catch(() => undefined);
    return entry && refOf(entry.text, scope) === ref ? entry.text : undefined;
  }

  async function part(wanted: string): Promise<FileView> {
    if (!isKept)
      throw new ToolError(
        `Parts of ${shown} are served from the store of originals, and that failed. Read the lines with a command (sed -n).`,
      );
    const page = await headroom.retrieve(
      { hash, lines: wanted },
      { maxTokens: maxReadTokens, signal },
    );
    const total = linesIn(text);
    const isAll = wanted === "1-";
    const rest = page.nextOffset === undefined ? "" : goOn(page.slices, isAll);
    const tokens = counter.count(page.text);
    return {
      form: "part",
      head: `[${shown} has ${total} lines${isAll ? `, too many for one answer; this is its beginning` : ""}.${rest} Search in it with headroom_retrieve, hash ${hash}.]`,
      text: page.text,
      hash,
      complete: false,
      tokens,
      tokensBefore: tokens,
    };
  }

  function goOn(slices: readonly { readonly text: string }[], isAll: boolean): string {
    if (!isAll) return "";
    const shownLines = slices.reduce((sum, slice) => sum + slice.text.split("\n").length - 1, 0);
    return ` Go on with lines "${shownLines + 1}-".`;
  }
}

/**
 * Whether a reader of a form knows the lines of the file. Forms of JSON keep its values and not its line breaks: there the reader is
 * told what changed in the form.
 */
function ownsLines({ kind = "" }: BlockReport): boolean {
  return !kind.split("+").some((part) => part === "json" || part === "structured");
}

function linesIn(text: string): number {
  if (text === "") return 0;
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}
