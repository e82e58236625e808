const MARK = "~headroom.error";

/** Stable codes of `HeadroomError`. */
export type HeadroomErrorCode =
  /** An option has a value it cannot have: `InvalidOptionError`. */
  | "invalid-option"
  /** `compress` was given something else than an array, or `compressText` something else than a string. */
  | "invalid-messages"
  /** A store failed or is missing: `StoreError` where it failed. */
  | "store-failed"
  /** An original that has to be there is gone. */
  | "ref-not-found";

/** Every error this project throws on purpose. Content never causes one; wrong options and failing stores do. */
export class HeadroomError extends Error {
  readonly code: HeadroomErrorCode;
  readonly "~headroom.error" = true;

  constructor(code: HeadroomErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }

  /** Recognises errors of another copy of this package too, where `instanceof` would not. */
  static isInstance(error: unknown): error is HeadroomError {
    return typeof error === "object" && error !== null && MARK in error;
  }
}

/** An option has a value it cannot have. Options of an instance are checked when it is made, those of a call at its start. */
export class InvalidOptionError extends HeadroomError {
  /** Name of the option. */
  readonly option: string;
  /** The value that was passed. */
  readonly received: unknown;

  /** @param accepted what would have been right, e.g. `"audit", "lossless", "balanced" or "aggressive"` */
  constructor(option: string, received: unknown, accepted: string) {
    super(
      "invalid-option",
      `Invalid option "${option}": expected ${accepted}, received ${show(received)}.`,
    );
    this.option = option;
    this.received = received;
  }
}

/**
 * A store failed, or served bytes that are not the original.
 *
 * Neither `message` nor `cause` carries content: errors are logged. A store that wraps its driver's error passes on what is
 * needed to find the fault (a code, a name) and not the error itself where that has the command, its arguments or the record.
 */
export class StoreError extends HeadroomError {
  /** Name of the store. */
  readonly store: string;
  /** What it failed to do, for example `get`. */
  readonly operation: string;

  constructor(store: string, operation: string, message: string, options?: { cause?: unknown }) {
    super("store-failed", `Store "${store}" failed to ${operation}: ${message}`, options);
    this.store = store;
    this.operation = operation;
  }
}

function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 80));
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return String(value);
}
