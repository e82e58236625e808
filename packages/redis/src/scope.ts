/**
 * Everything that keeps one namespace's originals apart from another's in the same Redis.
 *
 * A generation is one set of keys: without encryption it comes from namespace and secret; with it, from the encryption key
 * as well. The names of records are keyed too, so a dump of an encrypted store tells neither what a text is nor lets a guess
 * be checked, and a record found under today's name is a record of today's key.
 */
import { createHmac, createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import { type CcrRef, InvalidOptionError } from "@headroom/core";

/** Longest namespace; a longer one is a mistake or an attack. */
const MAX_NAMESPACE = 256;

export interface Generation {
  /** Key of an original's record in Redis. What follows the last colon is its hash tag: a record and its chunks share a slot. */
  nameOf(ref: CcrRef): string;
  /** Authenticates records that are not encrypted. */
  readonly macKey: KeyObject;
  readonly sealKey?: Buffer;
}

export interface Scope {
  /** Under which originals are written. */
  readonly current: Generation;
  /** Under which they are read as well. */
  readonly older: readonly Generation[];
  /** Whose records make room for one of the current generation: the older ones, and plain text once there is encryption. */
  readonly outdated: readonly Generation[];
}

export interface ScopeOptions {
  readonly namespace?: unknown;
  readonly secret?: unknown;
  readonly encryptionKey?: unknown;
  readonly encryptionKeys?: unknown;
  readonly keyPrefix?: unknown;
}

/** @throws InvalidOptionError on anything but well-formed strings, and on weak encryption keys */
export function scopeOf(options: ScopeOptions): Scope {
  const { keyPrefix } = checked(options);
  const of = (encryptionKey?: string | Uint8Array): Generation => {
    const root = rootOf(options, encryptionKey);
    const tag = keyed(root, "tag").toString("hex").slice(0, 16);
    // Made once: a key given as bytes is made into one for every digest.
    const nameKey = createSecretKey(keyed(root, "name"));
    return {
      nameOf(ref) {
        const name = createHmac("sha256", nameKey).update(Buffer.from(ref, "utf16le"));
        return `${keyPrefix}hr1:${tag}:{${name.digest("hex").slice(0, 32)}}`;
      },
      macKey: createSecretKey(keyed(root, "mac")),
      ...(encryptionKey === undefined ? {} : { sealKey: keyed(root, "seal") }),
    };
  };
  const [newest, ...olderKeys] = keysOf(options);
  if (newest === undefined) return { current: of(), older: [], outdated: [] };
  const older = olderKeys.map((key) => of(key));
  return { current: of(newest), older, outdated: [...older, of()] };
}

/** A key of the namespace and secret alone, for what is not encrypted. @throws InvalidOptionError */
export function scopeKey(options: ScopeOptions): Buffer {
  checked(options);
  return rootOf(options);
}

export function keyed(key: Buffer, ...parts: readonly string[]): Buffer {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(`${part.length}:`).update(Buffer.from(part, "utf16le"));
  return hmac.digest();
}

function rootOf(
  { namespace = "default", secret = "" }: ScopeOptions,
  encryptionKey?: string | Uint8Array,
): Buffer {
  const secretBytes = Buffer.from(String(secret));
  const material =
    encryptionKey === undefined
      ? secretBytes
      : Buffer.concat([
          Buffer.from(`${secretBytes.byteLength}:`),
          secretBytes,
          Buffer.from(encryptionKey as Uint8Array),
        ]);
  const kind = encryptionKey === undefined ? "plain" : "sealed";
  const info = `${kind}\0${String(namespace).length}\0${String(namespace)}`;
  return Buffer.from(hkdfSync("sha256", material, "headroom-redis", info, 32));
}

function checked({ namespace = "default", secret = "", keyPrefix = "" }: ScopeOptions): {
  readonly keyPrefix: string;
} {
  // A lone surrogate becomes U+FFFD in UTF-8, so two names that differ in one would be the same name.
  if (
    typeof namespace !== "string" ||
    namespace.length > MAX_NAMESPACE ||
    !namespace.isWellFormed()
  )
    throw new InvalidOptionError(
      "namespace",
      namespace,
      `a string of at most ${MAX_NAMESPACE} characters, without lone surrogates`,
    );
  if (typeof secret !== "string" || !secret.isWellFormed())
    throw new InvalidOptionError("secret", "a secret", "a string without lone surrogates");
  if (typeof keyPrefix !== "string" || /[{}]/.test(keyPrefix) || !keyPrefix.isWellFormed())
    throw new InvalidOptionError(
      "keyPrefix",
      keyPrefix,
      "a string without braces and without lone surrogates",
    );
  return { keyPrefix };
}

function keysOf({ encryptionKey, encryptionKeys }: ScopeOptions): (string | Uint8Array)[] {
  if (encryptionKeys === undefined)
    return encryptionKey === undefined ? [] : [strong("encryptionKey", encryptionKey)];
  if (encryptionKey !== undefined)
    throw new InvalidOptionError(
      "encryptionKeys",
      "both options",
      "either encryptionKey or encryptionKeys",
    );
  if (!Array.isArray(encryptionKeys) || encryptionKeys.length === 0)
    throw new InvalidOptionError("encryptionKeys", "no keys", "an array, the newest key first");
  return encryptionKeys.map((key) => strong("encryptionKeys", key));
}

function strong(option: string, key: unknown): string | Uint8Array {
  const fits = (typeof key === "string" && key.isWellFormed()) || key instanceof Uint8Array;
  if (fits && key.length >= 32) return key;
  throw new InvalidOptionError(
    option,
    "a key",
    "at least 32 bytes, or characters of a well-formed string",
  );
}
