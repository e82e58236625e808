/**
 * One OpenTelemetry span for each request to a model, when a tracer was given.
 *
 * Names are those of the semantic conventions for generative AI, without content. A tracer that throws changes nothing.
 */
import type { Answerer, RequestRecord, Route } from "../stats/types.ts";
import type { Provider } from "../upstreams.ts";

/** What is used of a span of `@opentelemetry/api`. */
export interface SpanLike {
  setAttribute(name: string, value: string | number | boolean): unknown;
  setStatus(status: { code: number }): unknown;
  updateName(name: string): unknown;
  end(): void;
}

/** What is used of a tracer of `@opentelemetry/api`. */
export interface TracerLike {
  startSpan(
    name: string,
    options?: { kind?: number; attributes?: Record<string, string | number | boolean> },
  ): SpanLike;
}

export interface Tracing {
  /** @param server host and port of the provider */
  begin(provider: Answerer, route: Route, origin: string): (record: RequestRecord) => void;
}

/** `SpanKind.CLIENT` and `SpanStatusCode.ERROR` of `@opentelemetry/api`. */
const CLIENT = 2;
const ERROR = 2;

const OPERATIONS: Readonly<Partial<Record<Route, string>>> = {
  messages: "chat",
  "chat/completions": "chat",
  responses: "chat",
  generateContent: "generate_content",
  streamGenerateContent: "generate_content",
};

const PROVIDERS: Readonly<Record<Provider, string>> = {
  anthropic: "anthropic",
  openai: "openai",
  google: "gcp.gemini",
};

/** @param failed gets what the tracer throws */
export function tracing(
  tracer: TracerLike | undefined,
  failed: (error: unknown) => void,
): Tracing | undefined {
  if (tracer === undefined) return undefined;
  const safely = <Result>(run: () => Result): Result | undefined => {
    try {
      return run();
    } catch (error) {
      failed(error);
      return undefined;
    }
  };
  return {
    begin(provider, route, origin) {
      const operation = OPERATIONS[route];
      if (operation === undefined || provider === "headroom") return () => {};
      const { hostname, port, protocol } = new URL(origin);
      const span = safely(() =>
        tracer.startSpan(operation, {
          kind: CLIENT,
          attributes: {
            "gen_ai.operation.name": operation,
            "gen_ai.provider.name": PROVIDERS[provider],
            "server.address": hostname,
            "server.port": Number(port || (protocol === "https:" ? 443 : 80)),
          },
        }),
      );
      return (record) => span && safely(() => end(span, operation, record));
    },
  };
}

function end(span: SpanLike, operation: string, record: RequestRecord): void {
  const { usage, model, status } = record;
  const isError = record.ending !== "complete" || status >= 400;
  const attributes: Readonly<Record<string, string | number | undefined>> = {
    "http.response.status_code": status || undefined,
    "error.type": isError ? (status >= 400 ? String(status) : record.ending) : undefined,
    "gen_ai.response.model": model,
    "gen_ai.usage.input_tokens": usage?.inputTokens,
    "gen_ai.usage.output_tokens": usage?.outputTokens,
    "gen_ai.usage.cache_read.input_tokens": usage?.cacheReadTokens,
    "gen_ai.usage.cache_creation.input_tokens": usage?.cacheWriteTokens,
    "headroom.tokens.before": record.tokensBefore,
    "headroom.tokens.after": record.tokensAfter,
    "headroom.added_ms": record.addedMs,
    "headroom.retrievals": record.retrievals,
    "headroom.hidden_rounds": record.hiddenRounds,
    "headroom.failed_open": record.failedOpen.join(",") || undefined,
  };
  if (model !== undefined) span.updateName(`${operation} ${model}`);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined) span.setAttribute(name, value);
  if (isError) span.setStatus({ code: ERROR });
  span.end();
}
