/**
 * `/metrics`, as Prometheus reads it. Counting is done elsewhere: what has been counted is written down when somebody asks, and only
 * then is `prom-client` loaded. Every label has a fixed set of values, or at most 100.
 */
import type { Metric, Registry } from "prom-client";
import type { ProxyStats, TokenRow } from "./stats/types.ts";

export interface Metrics {
  readonly contentType: string;
  readonly text: string;
}

interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
  readonly metricName?: string;
}

interface Family {
  /** Without `headroom_proxy_`. */
  readonly name: string;
  readonly help: string;
  readonly type?: "counter" | "gauge" | "histogram";
  values(stats: ProxyStats): readonly Sample[];
}

const FAMILIES: readonly Family[] = [
  {
    name: "requests_total",
    help: "Requests that have ended, by provider, endpoint and class of status.",
    values: ({ requests }) =>
      requests.map(({ provider, route, status, count }) => ({
        labels: { provider, route, status },
        value: count,
      })),
  },
  {
    name: "handled_total",
    help: "Requests by what the proxy did with them.",
    values: ({ compressed, passed, failed, refused }) =>
      labelled("how", { compressed, passed, failed, refused }),
  },
  {
    name: "fail_open_total",
    help: "Failures that left a request as it came, or a part of the work undone, by stage.",
    values: ({ failedOpen }) => labelled("stage", failedOpen),
  },
  {
    name: "tokens_before_total",
    help: "Tokens of requests before compression.",
    values: ({ tokensBefore }) => [{ value: tokensBefore }],
  },
  {
    name: "tokens_after_total",
    help: "Tokens of requests after compression.",
    values: ({ tokensAfter }) => [{ value: tokensAfter }],
  },
  ...(["tool", "kind"] as const).flatMap((label): Family[] => [
    {
      name: `${label}_tokens_before_total`,
      help: `Tokens of texts before compression, by ${label}.`,
      values: (stats) => rowsOf(stats, label, "tokensBefore"),
    },
    {
      name: `${label}_tokens_after_total`,
      help: `Tokens of texts after compression, by ${label}.`,
      values: (stats) => rowsOf(stats, label, "tokensAfter"),
    },
  ]),
  {
    name: "blocks_total",
    help: "Texts by what became of them.",
    values: ({ outcomes }) => labelled("outcome", outcomes),
  },
  {
    name: "added_seconds",
    help: "How long compression held requests up.",
    type: "histogram",
    values: addedSeconds,
  },
  {
    name: "provider_tokens_total",
    help: "Tokens as providers report them. Input includes what was read from and written to the cache.",
    values: ({ usage }) =>
      usage.models.flatMap(({ provider, model, ...row }) =>
        Object.entries({
          input: row.inputTokens,
          cache_read: row.cacheReadTokens,
          cache_write: row.cacheWriteTokens,
          output: row.outputTokens,
        }).map(([type, value]) => ({ labels: { provider, model, type }, value })),
      ),
  },
  {
    name: "usage_answers_total",
    help: "Answers by whether the usage they report was read.",
    values: ({ usage: { answers, dropped } }) => labelled("read", { yes: answers, dropped }),
  },
  {
    name: "retrievals_total",
    help: "Originals that were asked for and found.",
    values: ({ retrievals }) => [{ value: retrievals }],
  },
  {
    name: "hidden_rounds_total",
    help: "Replies of providers that no client saw, because the proxy answered them.",
    values: ({ hiddenRounds }) => [{ value: hiddenRounds }],
  },
];

/** Of the process, under the names that every dashboard knows. */
const PROCESS: readonly Family[] = [
  {
    name: "process_resident_memory_bytes",
    help: "Resident memory in bytes.",
    type: "gauge",
    values: () => [{ value: process.memoryUsage.rss() }],
  },
  {
    name: "process_cpu_seconds_total",
    help: "Processor time in seconds.",
    values: () => {
      const { user, system } = process.cpuUsage();
      return [{ value: (user + system) / 1e6 }];
    },
  },
  {
    name: "process_start_time_seconds",
    help: "When the process began, in seconds since 1970.",
    type: "gauge",
    values: () => [{ value: Math.round(performance.timeOrigin / 1_000) }],
  },
];

/** @returns what gives the metrics of one proxy. They are in no registry but their own */
export function metrics(stats: () => ProxyStats): () => Promise<Metrics> {
  let registry: Promise<Registry> | undefined;
  /** One reading for all families of an answer. */
  let reading: ProxyStats | undefined;
  const make = async (): Promise<Registry> => {
    const prometheus = await import("prom-client");
    const made = new prometheus.Registry();
    const all = FAMILIES.map((family) => ({ ...family, name: `headroom_proxy_${family.name}` }));
    for (const { name, help, type = "counter", values } of [...all, ...PROCESS])
      made.registerMetric({
        name,
        help,
        type,
        aggregator: "sum",
        get: async () => ({ name, help, type, values: values(reading ?? stats()) }),
      } as unknown as Metric);
    return made;
  };
  return async () => {
    registry ??= make();
    const made = await registry;
    reading = stats();
    return { contentType: made.contentType, text: await made.metrics() };
  };
}

function labelled(label: string, counts: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(counts).map(([name, value]) => ({ labels: { [label]: name }, value }));
}

function rowsOf(
  { tools, kinds }: ProxyStats,
  label: "tool" | "kind",
  member: "tokensBefore" | "tokensAfter",
): Sample[] {
  const rows: readonly TokenRow[] = label === "tool" ? tools : kinds;
  return rows.map((row) => ({ labels: { [label]: row.name }, value: row[member] }));
}

function addedSeconds({ added }: ProxyStats): Sample[] {
  const name = "headroom_proxy_added_seconds";
  let sum = 0;
  const buckets = added.counts.map((count, at) => {
    sum += count;
    const bound = added.boundsMs[at];
    const le = bound === undefined ? "+Inf" : String(bound / 1_000);
    return { metricName: `${name}_bucket`, labels: { le }, value: sum };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, value: added.sumMs / 1_000 },
    { metricName: `${name}_count`, value: added.count },
  ];
}
