import { createHash } from "node:crypto";

/** How an original's characters became bytes. UTF-8 cannot hold lone surrogates, so such texts keep their code units. */
const UTF8 = 0;
const UTF16LE = 1;

/** An original as bytes, with the digest that proves them. */
export interface Encoded {
  readonly encoding: number;
  readonly bytes: Uint8Array;
  readonly digest: Uint8Array;
}

export function encode(text: string): Encoded {
  const encoding = text.isWellFormed() ? UTF8 : UTF16LE;
  const bytes = Buffer.from(text, encoding === UTF8 ? "utf8" : "utf16le");
  return { encoding, bytes, digest: digestOf(encoding, bytes) };
}

/** The text of a record; `undefined` when the bytes are not the ones that were stored. */
export function decode({ encoding, bytes, digest }: Encoded): string | undefined {
  if (encoding !== UTF8 && encoding !== UTF16LE) return undefined;
  if (Buffer.compare(digestOf(encoding, bytes), digest) !== 0) return undefined;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
    encoding === UTF8 ? "utf8" : "utf16le",
  );
}

function digestOf(encoding: number, bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(Uint8Array.of(encoding)).update(bytes).digest();
}
