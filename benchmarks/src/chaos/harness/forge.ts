/**
 * Takes a record of the Redis store apart without knowing its format, and builds one that claims and expands to more than
 * any original may have. The format is found by trying: a row must notice when it cannot be found any more.
 */
import * as zlib from "node:zlib";

interface Codec {
  readonly name: string;
  pack(bytes: Buffer): Buffer;
  unpack(bytes: Buffer): Buffer;
}

const MOST_BYTES = 1_073_741_824;
const limit = { maxOutputLength: MOST_BYTES };
const fastBrotli = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } };
const CODECS: readonly Codec[] = [
  {
    name: "zstd",
    pack: (bytes) => zlib.zstdCompressSync(bytes),
    unpack: (bytes) => zlib.zstdDecompressSync(bytes, limit),
  },
  {
    name: "gzip",
    pack: (bytes) => zlib.gzipSync(bytes, { level: 1 }),
    unpack: (bytes) => zlib.gunzipSync(bytes, limit),
  },
  {
    name: "zlib",
    pack: (bytes) => zlib.deflateSync(bytes, { level: 1 }),
    unpack: (bytes) => zlib.inflateSync(bytes, limit),
  },
  {
    name: "raw deflate",
    pack: (bytes) => zlib.deflateRawSync(bytes, { level: 1 }),
    unpack: (bytes) => zlib.inflateRawSync(bytes, limit),
  },
  {
    name: "brotli",
    pack: (bytes) => zlib.brotliCompressSync(bytes, fastBrotli),
    unpack: (bytes) => zlib.brotliDecompressSync(bytes, limit),
  },
];
const LONGEST_HEADER = 160;

interface Layout {
  readonly codec: Codec;
  readonly headerBytes: number;
}

function unpacked(codec: Codec, bytes: Buffer): Buffer | undefined {
  try {
    return codec.unpack(bytes);
  } catch {
    return undefined;
  }
}

/** Without the original, what gives the most bytes: other ways to read a record give a few by accident. */
function layoutOf(value: Buffer, original?: Buffer): Layout | undefined {
  let best: Layout | undefined;
  let most = 0;
  for (let headerBytes = 0; headerBytes <= LONGEST_HEADER; headerBytes++)
    for (const codec of CODECS) {
      const bytes = unpacked(codec, value.subarray(headerBytes));
      if (!bytes || bytes.byteLength <= most || (original && !bytes.equals(original))) continue;
      best = { codec, headerBytes };
      most = bytes.byteLength;
    }
  return best;
}

/** What a reader without any limit makes of a record. */
export function expandRecord(value: Buffer): Buffer {
  const layout = layoutOf(value);
  return layout ? layout.codec.unpack(value.subarray(layout.headerBytes)) : value;
}

/**
 * A record that expands to `bytes` zeros and says so in its header.
 *
 * @param value a sound record of `original`, not encrypted
 * @returns undefined when the layout of the record is not understood
 */
export function bombOf(value: Buffer, original: string, bytes: number): Buffer | undefined {
  const plain = Buffer.from(original);
  const layout = layoutOf(value, plain);
  if (!layout) return undefined;
  const head = Buffer.from(value.subarray(0, layout.headerBytes));
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(plain.byteLength));
  const claimed = Buffer.alloc(8);
  claimed.writeBigUInt64BE(BigInt(bytes));
  const at = head.indexOf(size);
  const at32 = head.indexOf(size.subarray(4));
  if (at >= 0) claimed.copy(head, at);
  else if (at32 >= 0) claimed.copy(head, at32, 4);
  else return undefined;
  return Buffer.concat([head, layout.codec.pack(Buffer.alloc(bytes))]);
}
