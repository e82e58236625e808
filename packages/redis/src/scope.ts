/** Everything that keeps one namespace's originals apart from another's in the same Redis. */
import { createHmac, hkdfSync } from "node:crypto";
import { InvalidOptionError } from "@headroom/core";

/** Longest namespace; a longer one is a mistake or an attack. */
const MAX_NAMESPACE = 256;

export interface Scope {
  /** 64 bits that stand for the namespace in keys: names do not show in Redis and cannot inject glob or hash-tag characters. */
  readonly tag: string;
  /** Keys the digests in record headers, so that equal texts of two namespaces do not look equal. */
  readonly digestKey: Buffer;
  readonly encryptionKey?: Buffer;
}

/** @throws InvalidOptionError on anything but strings, and on a weak encryption key */
export function scopeOf(namespace: unknown, secret: unknown, encryptionKey: unknown): Scope {
  if (typeof namespace !== "string" || namespace.length > MAX_NAMESPACE)
    throw new InvalidOptionError(
      "namespace",
      namespace,
      `a string of at most ${MAX_NAMESPACE} characters`,
    );
  if (typeof secret !== "string") throw new InvalidOptionError("secret", secret, "a string");
  const key = derive(secret, `scope\0${namespace.length}\0${namespace}`);
  const tag = createHmac("sha256", key).update("tag").digest("hex").slice(0, 16);
  const digestKey = createHmac("sha256", key).update("digest").digest();
  if (encryptionKey === undefined) return { tag, digestKey };
  return {
    tag,
    digestKey,
    encryptionKey: derive(masterOf(encryptionKey), `seal\0${namespace.length}\0${namespace}`),
  };
}

function masterOf(encryptionKey: unknown): string | Uint8Array {
  const fits = typeof encryptionKey === "string" || encryptionKey instanceof Uint8Array;
  if (fits && encryptionKey.length >= 32) return encryptionKey;
  throw new InvalidOptionError("encryptionKey", "a key", "at least 32 bytes or characters");
}

function derive(master: string | Uint8Array, info: string): Buffer {
  return Buffer.from(hkdfSync("sha256", master, "headroom-redis", info.slice(0, 1_024), 32));
}
