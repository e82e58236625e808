/** A proxy that does wrong, for `--sabotage`: each row has one that turns it red. */
import { type Relay, startRelay } from "./relay.ts";

/** Runs of an agent: a task that nothing disturbs, or a provider that fails. */
export type Part = "task" | "overloaded" | "error-event" | "dies";

interface Saboteurs {
  /** The runs that have to turn red: the others are not made. */
  readonly part: Part;
  /** Stands between the program and the proxy. */
  before?(to: string): Promise<Relay>;
  /** Stands between the proxy and the model. */
  behind?(to: string): Promise<Relay>;
}

const SABOTAGES = {
  /** Nothing is compressed. */
  nothing: {
    part: "task",
    before: (to) => startRelay(to, { headers: { "x-headroom-bypass": "true" } }),
  },
  /** A reply is held back until it is whole. */
  buffers: { part: "task", before: (to) => startRelay(to, { buffers: true }) },
  /** What was said before is said in other words each time. */
  prefix: {
    part: "task",
    behind: (to) => {
      let count = 0;
      return startRelay(to, {
        body: (text) => text.replace(/"(?:text|content)":"/, (start) => `${start}${count++} `),
      });
    },
  },
  /** A header is written in another way. */
  respaces: {
    part: "task",
    behind: (to) =>
      startRelay(to, {
        header: (name, value) => (name === "anthropic-beta" ? value.replaceAll(",", ", ") : value),
      }),
  },
  /** An overloaded provider is asked again. */
  retries: { part: "overloaded", behind: (to) => startRelay(to, { retries: 3 }) },
  /** A reply that broke off ends as if it were whole. */
  "hides-death": { part: "dies", behind: (to) => startRelay(to, { hidesDeath: true }) },
  /** An error in a stream is kept from the client. */
  swallows: {
    part: "error-event",
    behind: (to) =>
      startRelay(to, {
        reply: (text) =>
          text.replace(
            /(?:event: (?:error|response\.failed)\n)?data: [^\n]*overloaded[^\n]*\n\n/,
            "",
          ),
      }),
  },
  /** The client is told of what is none of its business. */
  leaks: {
    part: "task",
    before: (to) =>
      startRelay(to, {
        reply: (text) =>
          text.replace(/"((?:text|delta|content)":")(?=[A-Z])/, '"$1(by headroom_retrieve) '),
      }),
  },
  /** What is looked up does not arrive as it was. */
  forgets: {
    part: "task",
    behind: (to) =>
      startRelay(to, { body: (text) => text.replace(/\b(TR|SK)[KU]-(?=\w)/g, "$1X-") }),
  },
  /** A reply is given twice: what it asks for is done twice. */
  repeats: { part: "task", before: (to) => startRelay(to, { repeats: 2 }) },
} as const satisfies Readonly<Record<string, Saboteurs>>;

export type Sabotage = keyof typeof SABOTAGES;

export const sabotages = Object.keys(SABOTAGES) as readonly Sabotage[];

export function sabotaged(name: Sabotage): Saboteurs {
  return SABOTAGES[name];
}
