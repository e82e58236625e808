/**
 * Reads from a copy of an answer what the provider says it cost, while the answer is passed on.
 *
 * It keeps nothing of the answer but a few numbers and the name of the model, and never makes the answer wait: it comes later, and
 * gives up where it would come too late.
 */
import { decoderFor } from "../coding.ts";
import type { UsageTotals } from "../stats/types.ts";
import { type JsonMembers, jsonMembers } from "./json-members.ts";
import type { Lagging } from "./lagging.ts";
import { MODEL_PATHS, USAGE_PATHS, type UsageParts, usageParts, usageTotals } from "./usage.ts";

export interface Reported {
  readonly usage?: UsageTotals;
  readonly model?: string;
}

export interface UsageTap {
  /** A piece of the answer, as it came. Costs nothing but a place in a queue. */
  push(bytes: Buffer): void;
  /** The answer is over. @param done called once, soon after; with `undefined` where the tap gave up */
  end(done: (reported: Reported | undefined) => void): void;
}

export interface UsageTapOptions {
  /** Shared by all taps of a proxy. */
  readonly later: Lagging;
  /** Of the answer. */
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
}

/** Bytes that may wait, of all answers together, and of one that has to be decoded. */
const MAX_WAITING_BYTES = 8_388_608;
const MAX_DECODING_BYTES = 1_048_576;
/** Bytes that an answer may decode to. */
const MAX_DECODED_BYTES = 67_108_864;

const PATHS: ReadonlySet<string> = new Set([...USAGE_PATHS, ...MODEL_PATHS]);

/** `undefined` for an answer that is neither JSON nor events, or in a coding that is not known. */
export function usageTap(options: UsageTapOptions): UsageTap | undefined {
  const { later, contentType = "", contentEncoding } = options;
  const isEvents = contentType.includes("text/event-stream");
  if (!isEvents && !contentType.includes("json")) return undefined;
  const decoder = decoderFor(contentEncoding);
  if (decoder === undefined) return undefined;

  let parts: UsageParts = {};
  let model: string | undefined;
  const members = jsonMembers(PATHS, (path, json) => {
    const value = parsed(json);
    if (USAGE_PATHS.has(path)) parts = { ...parts, ...usageParts(value) };
    else if (typeof value === "string") model = value;
  });
  const read = isEvents ? dataLines(members) : (bytes: Buffer) => members.push(bytes);
  let hasGivenUp = false;
  const reported = (): Reported | undefined => {
    if (hasGivenUp) return undefined;
    const usage = usageTotals(parts);
    return { ...(usage ? { usage } : {}), ...(model === undefined ? {} : { model }) };
  };

  const { stream } = decoder;
  if (stream === undefined) {
    return {
      push(bytes) {
        if (hasGivenUp) return;
        if (later.waiting + bytes.length > MAX_WAITING_BYTES) hasGivenUp = true;
        else later.add(bytes, read);
      },
      end: (done) => later.after(() => done(reported())),
    };
  }

  let decoded = 0;
  const giveUp = (): void => {
    hasGivenUp = true;
    stream.destroy();
  };
  stream.on("data", (bytes: Buffer) => {
    decoded += bytes.length;
    if (decoded > MAX_DECODED_BYTES || later.waiting > MAX_WAITING_BYTES) giveUp();
    else later.add(bytes, read);
  });
  stream.on("error", giveUp);
  return {
    push(bytes) {
      if (hasGivenUp) return;
      if (stream.writableLength + bytes.length > MAX_DECODING_BYTES) giveUp();
      else stream.write(bytes);
    },
    end(done) {
      if (hasGivenUp) return void later.after(() => done(undefined));
      stream.once("close", () => later.after(() => done(reported())));
      stream.end();
    },
  };
}

const LINE_FEED = 10;
const DATA = Buffer.from("data:");

/** The JSON of `data` lines, one after another. */
function dataLines(members: JsonMembers): (bytes: Buffer) => void {
  /** Bytes of the line so far that are those of `DATA`; `undefined` in a line of another field. */
  let matched: number | undefined = 0;
  return (bytes) => {
    let at = 0;
    while (at < bytes.length) {
      const feed = bytes.indexOf(LINE_FEED, at);
      const end = feed === -1 ? bytes.length : feed;
      while (matched !== undefined && matched < DATA.length && at < end)
        matched = bytes[at++] === DATA[matched] ? matched + 1 : undefined;
      if (matched === DATA.length && at < end) members.push(bytes.subarray(at, end));
      if (feed === -1) return;
      at = feed + 1;
      matched = 0;
      members.reset();
    }
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
