/** One thing that `headroom doctor` looked at. */
export interface Check {
  readonly name: string;
  /** `warn`: it works, and something could be better. */
  readonly state: "ok" | "warn" | "fail";
  /** What was found, in a sentence. */
  readonly says: string;
  /** What to do about it. */
  readonly todo?: string;
}

/** A check that an error ended. */
export function failed(name: string, error: unknown, todo: string): Check {
  const message = error instanceof Error ? error.message : String(error);
  return { name, state: "fail", says: message.split("\n", 1)[0] ?? "", todo };
}
