/** A gateway that stands behind the proxy: the proxy compresses and retrieves, and the gateway asks the models. */
import type { LlmReply } from "../../../../test/support/llm-server.ts";
import type { Conversation } from "../conversation.ts";
import { PAUSE_MS } from "../model-server.ts";
import { holds, type Row } from "../peer.ts";
import type { Line, Wire } from "../wire.ts";
import { ask, type Sample, tells } from "./gateway-requests.ts";
import { FACT } from "./script.ts";
import { tokensSent } from "./sent.ts";

/** A stream that was held back takes no time from its first text to its end. */
const LIVE_MS = PAUSE_MS * 0.3;

export interface Gateway {
  readonly url: string;
  stop(): Promise<void>;
}

export interface GatewayOptions {
  readonly wire: Wire;
  readonly samples: readonly Sample[];
  /** The key that the gateway takes. */
  readonly key: string;
  /** @param line to the model's server */
  start(line: Line): Promise<Gateway>;
  /** Further headers that clients send. */
  headers?(sample: Sample, line: Line): Readonly<Record<string, string>>;
}

/** Retrieves what it is not shown. */
export function retrieving({ body, calls, tools }: Conversation): LlmReply {
  if (body.includes(FACT)) return { text: `Order 500 is ${FACT}.` };
  const hash = hashIn(calls);
  const asked = calls.some(({ name }) => name === "headroom_retrieve");
  if (hash === undefined || asked || !tools.includes("headroom_retrieve"))
    return { text: "I cannot tell." };
  return { calls: [{ name: "headroom_retrieve", args: { hash, query: '"id":500' } }] };
}

export function hashIn(calls: Conversation["calls"]): string | undefined {
  const orders = calls.find(({ name }) => name === "list_orders");
  return /\[\[hr:([a-z0-9]+) /.exec(orders?.result ?? "")?.[1];
}

/** Asks the gateway with and without the proxy before it. */
export async function behindTheProxy(options: GatewayOptions): Promise<readonly Row[]> {
  const { wire, samples, key, start, headers } = options;
  const line = await wire.open({ through: false, model: retrieving });
  const gateway = await start(line).catch(async (error: unknown) => {
    await line.close();
    throw error;
  });
  const proxied = await wire.open({ through: true, model: retrieving, upstream: gateway.url });
  try {
    const wrong: string[] = [];
    const leaks: string[] = [];
    const held: string[] = [];
    let live = 0;
    const counts = { before: 0, after: 0 };
    for (const sample of samples) {
      const more = { headers: headers?.(sample, line) ?? {} };
      const from = line.server.seen.length;
      const direct = await ask(gateway.url, sample, key, more);
      const between = line.server.seen.length;
      const through = await ask(proxied.url, sample, key, more);
      counts.before += tokensSent(line.server.seen.slice(from, between));
      counts.after += tokensSent(line.server.seen.slice(between));
      if (!tells(through) || through.text !== direct.text)
        wrong.push(
          `${nameOf(sample)}: ${through.status} ${through.text || through.body.slice(0, 300)} | ${direct.text}`,
        );
      if (/headroom|\[\[hr/.test(through.body)) leaks.push(nameOf(sample));
      // A gateway may itself hold some streams back.
      if (!sample.stream || direct.gapMs < LIVE_MS) continue;
      live++;
      if (through.gapMs < LIVE_MS) held.push(nameOf(sample));
    }
    const { retrievals } = proxied.proxy?.stats() ?? { retrievals: 0 };
    const saved = 1 - counts.after / counts.before;
    return [
      holds(
        `behind the proxy: ${samples.length} answers as without it, with the fact`,
        wrong.length === 0,
        wrong.join("; "),
      ),
      {
        what: "behind the proxy: retrievals answered inside it",
        value: String(retrievals),
        reach: String(samples.length),
        isMet: retrievals === samples.length,
      },
      holds(
        "behind the proxy: nothing of ours seen by the client",
        leaks.length === 0,
        leaks.join(", "),
      ),
      ...(samples.some(({ stream }) => stream)
        ? [
            {
              what: "behind the proxy: streams live, of those that are live without it",
              value: `${live - held.length} of ${live}${held.length > 0 ? `: not ${held.join(", ")}` : ""}`,
              reach: "all",
              isMet: held.length === 0 && live > 0,
            },
          ]
        : []),
      {
        what: "behind the proxy: tokens sent, hidden requests included",
        value: `${counts.before} → ${counts.after} (−${(saved * 100).toFixed(0)} %)`,
        reach: "−50 %",
        isMet: saved >= 0.5,
      },
      holds(
        "behind the proxy: nothing refused by the provider's rules",
        line.server.refused.length === 0,
        line.server.refused[0],
      ),
    ];
  } finally {
    await proxied.close();
    await gateway.stop();
    await line.close();
  }
}

export function nameOf({ format, model, stream }: Sample): string {
  return `${format} of ${model}${stream ? ", streamed" : ""}`;
}
