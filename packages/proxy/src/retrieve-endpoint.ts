/**
 * `GET /v1/retrieve/HASH?query=…` and `POST /v1/retrieve`: originals for callers who run their own loop.
 *
 * Without a selection the whole original comes, byte for byte, as `original_content`; with `query`, `lines`, `rows` or `path` what the
 * tool `headroom_retrieve` would say.
 */
import { type Headroom, parseRef, readRetrieveRequest, refToHex } from "@headroom/core";
import { parseJson } from "@headroom/core/wire";
import { failure, type OwnAnswer } from "./own-answer.ts";

export interface RetrieveCall {
  /** Of a request by GET: its path and query. Absent where the body says what is asked. */
  readonly path?: string;
  readonly text: string;
  readonly signal: AbortSignal;
  readonly headroom: Headroom | undefined;
}

/** No page is that long. */
const ALL = Number.MAX_SAFE_INTEGER;
const SELECTORS = ["query", "lines", "rows", "path", "offset", "limit"] as const;

/** Never rejects, except for a caller who left. */
export async function answerRetrieve(call: RetrieveCall): Promise<OwnAnswer> {
  const { path, text, signal, headroom } = call;
  const given = path === undefined ? parseJson(text) : fromPath(path);
  if (given === undefined || typeof given.hash !== "string" || given.hash === "")
    return failure(400, "invalid_request", "A hash is needed.");
  const request = readRetrieveRequest(given);
  const missing = failure(404, "not_found", "There is no such original, or it has expired.");
  if (headroom === undefined) return missing;
  const isWhole = SELECTORS.every((name) => request[name] === undefined);
  try {
    const result = await headroom.retrieve(request, {
      signal,
      ...(isWhole ? { maxTokens: ALL } : {}),
    });
    if (!result.found) return missing;
    const ref = result.ref ?? parseRef(request.hash);
    const hash = ref ? refToHex(ref) : request.hash;
    const whole = isWhole ? result.slices.map((slice) => slice.text).join("") : undefined;
    const content = whole ?? result.text;
    const found = {
      hash,
      original_content: content,
      ...(request.query === undefined
        ? {}
        : {
            query: request.query,
            results: result.slices.map(({ label, text: part }) => ({ label, content: part })),
            count: result.slices.length,
          }),
      ...(result.nextOffset === undefined ? {} : { next_offset: result.nextOffset }),
    };
    return { status: 200, body: JSON.stringify(found) };
  } catch (error) {
    signal.throwIfAborted();
    return failure(503, "storage_error", "The original could not be read.", error);
  }
}

function fromPath(path: string): Readonly<Record<string, unknown>> | undefined {
  const [place = "", query = ""] = path.split("?", 2);
  const asked = Object.fromEntries(new URLSearchParams(query));
  const hash = place.slice("/v1/retrieve".length).replace(/^\//, "");
  // Refs have no character that is ever written in another way.
  return hash === "" ? asked : { ...asked, hash };
}
