/** One change to one source file, and how a test process gets to see it. Nothing on disk changes. */

/** Text of a file that stands from `start` to `end`, and what takes its place. */
export interface Change {
  /** From the root of the repository, with `/`. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Test files that run together, in a worker of their own each where they are isolated. */
export interface Stage {
  readonly files: readonly string[];
  readonly isolate: boolean;
}

/** What a test process is told. A run without a change shows that the tests pass as they are. */
export interface Order {
  readonly root: string;
  readonly change?: Change;
  readonly stages: readonly Stage[];
}

const VARIABLE = "HEADROOM_MUTATION";

export function changed(source: string, { start, end, text }: Omit<Change, "file">): string {
  return source.slice(0, start) + text + source.slice(end);
}

export function orderToEnvironment(order: Order): Readonly<Record<string, string>> {
  return { [VARIABLE]: JSON.stringify(order) };
}

export function orderFromEnvironment(): Order {
  const order = process.env[VARIABLE];
  if (order === undefined) throw new Error(`${VARIABLE} is not set: run npm run mutation.`);
  return JSON.parse(order) as Order;
}
