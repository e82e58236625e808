import { resolve } from "node:path";
import { InvalidOptionError } from "@headroom/core";

export interface SqliteStoreOptions {
  /** The database file. The file and a folder made for it are for their owner only (0600, 0700). `:memory:` keeps nothing. */
  readonly path: string;
  /**
   * Bytes of originals that are kept. Beyond them the least recently used are dropped. A longer original is not read either.
   * @default 1_073_741_824 (1 GiB)
   */
  readonly maxBytes?: number;
  /**
   * Seconds that an entry without a deadline of its own is kept. A `get` or another `put` starts them anew.
   * @default 2_592_000 (30 days)
   */
  readonly ttlSeconds?: number;
  /**
   * Seconds. An original that was used this recently is never dropped to make room; a `put` that finds no room is refused.
   * @default 3_600 (an hour)
   */
  readonly protectSeconds?: number;
  /**
   * Milliseconds that a call tries again, without blocking, while another process holds the file. Keep it below core's
   * `storeTimeoutMs` (1,000), so that the report says what the store waited for.
   * @default 800
   */
  readonly busyTimeoutMs?: number;
  /** Current time in milliseconds; tests pass their own. @default Date.now */
  readonly now?: () => number;
}

/** The options with their defaults. @throws InvalidOptionError */
export function withDefaults(options: SqliteStoreOptions): Required<SqliteStoreOptions> & {
  readonly file: string;
} {
  const {
    path,
    maxBytes = 1_073_741_824,
    ttlSeconds = 2_592_000,
    protectSeconds = 3_600,
    busyTimeoutMs = 800,
    now = Date.now,
  } = options;
  if (typeof path !== "string" || path === "" || path.includes("\0"))
    throw new InvalidOptionError("path", path, "the path of a file");
  for (const [name, value] of Object.entries({ maxBytes, ttlSeconds, busyTimeoutMs }))
    if (!(value > 0)) throw new InvalidOptionError(name, value, "a positive number");
  if (!(protectSeconds >= 0))
    throw new InvalidOptionError(
      "protectSeconds",
      protectSeconds,
      "a number of seconds, 0 or more",
    );
  const file = path === ":memory:" ? path : resolve(path);
  return { path, file, maxBytes, ttlSeconds, protectSeconds, busyTimeoutMs, now };
}
