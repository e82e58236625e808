/** Shrinks payloads before they travel. zstd where Node has it (22.15), else brotli at a speed setting. */
import {
  brotliCompressSync,
  brotliDecompressSync,
  constants,
  zstdCompressSync,
  zstdDecompressSync,
} from "node:zlib";

export const PLAIN = 0;
export const ZSTD = 1;
export const BROTLI = 2;

/** Smaller payloads rarely shrink enough to pay for the work. */
const MIN_BYTES = 256;

export interface Packed {
  readonly codec: number;
  readonly bytes: Buffer;
}

/** The shorter of the packed and the plain bytes. */
export function pack(bytes: Buffer): Packed {
  if (bytes.byteLength < MIN_BYTES) return { codec: PLAIN, bytes };
  const zstd = typeof zstdCompressSync === "function";
  const packed = zstd
    ? zstdCompressSync(bytes)
    : brotliCompressSync(bytes, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: 4,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
        },
      });
  return packed.byteLength < bytes.byteLength
    ? { codec: zstd ? ZSTD : BROTLI, bytes: packed }
    : { codec: PLAIN, bytes };
}

/** The plain bytes; never more than `size`, whatever a forged payload would expand to. Throws on damage. */
export function unpack({ codec, bytes }: Packed, size: number): Buffer {
  const limit = { maxOutputLength: Math.max(size, 1) };
  if (codec === PLAIN) return bytes;
  if (codec === BROTLI) return brotliDecompressSync(bytes, limit);
  if (codec === ZSTD && typeof zstdDecompressSync === "function")
    return zstdDecompressSync(bytes, limit);
  throw new Error(
    codec === ZSTD
      ? "the record is packed with zstd, which needs Node.js 22.15 or newer"
      : `unknown codec ${codec}`,
  );
}
