/** Content codings of HTTP: bodies of requests in one piece, bodies of responses as a stream. */
import { promisify } from "node:util";
import * as zlib from "node:zlib";

interface Coding {
  decode(bytes: Buffer, options: { maxOutputLength: number }): Promise<Buffer>;
  stream(): zlib.BrotliDecompress | zlib.Gunzip | zlib.Inflate;
}

/** Of Node.js 22.15 and later. */
interface Zstd {
  readonly zstdDecompress?: typeof zlib.brotliDecompress;
  readonly createZstdDecompress?: () => zlib.BrotliDecompress;
}

const { zstdDecompress, createZstdDecompress } = zlib as unknown as Zstd;

const gzip: Coding = { decode: promisify(zlib.gunzip), stream: () => zlib.createGunzip() };
const CODINGS: ReadonlyMap<string, Coding> = new Map(
  Object.entries<Coding>({
    gzip,
    "x-gzip": gzip,
    br: { decode: promisify(zlib.brotliDecompress), stream: () => zlib.createBrotliDecompress() },
    deflate: { decode: promisify(zlib.inflate), stream: () => zlib.createInflate() },
    ...(zstdDecompress && createZstdDecompress
      ? { zstd: { decode: promisify(zstdDecompress), stream: () => createZstdDecompress() } }
      : {}),
  }),
);

function codingOf(name: string | undefined): Coding | "identity" | undefined {
  const coding = name?.trim().toLowerCase() ?? "identity";
  return coding === "identity" || coding === "" ? "identity" : CODINGS.get(coding);
}

/** Decoded bytes; `undefined` for a coding that is not known, bytes that do not decode, or more of them than `maxBytes`. */
export async function decoded(
  bytes: Buffer,
  coding: string | undefined,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const known = codingOf(coding);
  if (known === "identity") return bytes;
  try {
    return await known?.decode(bytes, { maxOutputLength: maxBytes });
  } catch {
    return undefined;
  }
}

/** An `accept-encoding` without the codings that cannot be looked into here; the same text where all can. */
export function decodable(accepted: string): string {
  const all = accepted.split(",");
  const known = all.filter((one) => codingOf(one.split(";")[0]) !== undefined);
  if (known.length === all.length) return accepted;
  return known.length === 0 ? "identity" : known.join(",").trim();
}

/** What decodes a response as it arrives; `undefined` where nothing has to be decoded or nobody can. */
export function decoderFor(
  coding: string | undefined,
): { readonly stream: ReturnType<Coding["stream"]> | undefined } | undefined {
  const known = codingOf(coding);
  if (known === undefined) return undefined;
  return { stream: known === "identity" ? undefined : known.stream() };
}
