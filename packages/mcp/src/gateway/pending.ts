/** What the client has asked the server for: an answer names only the id of its request. */

/** A request whose answer may change. */
export type Asked =
  | { readonly what: "initialize" }
  | { readonly what: "list" }
  | { readonly what: "call"; readonly tool: string };

/** JSON-RPC tells `1` from `"1"`. */
export type Id = string | number;

/** Requests that are never answered are forgotten in the end, and their answers pass as they are. */
const MAX_PENDING = 10_000;

export class PendingRequests {
  readonly #asked = new Map<Id, Asked>();

  get size(): number {
    return this.#asked.size;
  }

  /** @param asked absent for a request whose answer passes as it is */
  add(id: Id, asked: Asked | undefined): void {
    // Two requests with one id: nobody can tell whose answer it will be.
    if (this.#asked.delete(id) || asked === undefined) return;
    this.#asked.set(id, asked);
    if (this.#asked.size <= MAX_PENDING) return;
    const [oldest] = this.#asked.keys();
    if (oldest !== undefined) this.#asked.delete(oldest);
  }

  /** What was asked with this id, once. */
  take(id: Id): Asked | undefined {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    return asked;
  }
}

export function isId(value: unknown): value is Id {
  return typeof value === "string" || typeof value === "number";
}
