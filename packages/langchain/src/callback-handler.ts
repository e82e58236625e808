/**
 * Adds up what compression saved and what the provider charged, for each run and in total.
 *
 * Metrics only: a callback cannot change what a model is sent. LangChain ignores what a handler returns, and one that assigns to
 * the messages it is shown corrupts the caller's history; compress with `HeadroomCompressor` or `headroomMiddleware`.
 * Trap: LangChain calls `handleChainStart` with the parent's run id as the fourth argument; its types say the run type.
 */

import { InvalidOptionError } from "@headroom/core";
import { type Lru, lru } from "@headroom/core/kit";
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { UsageMetadata } from "@langchain/core/messages";
import type { LLMResult } from "@langchain/core/outputs";
import { COMPRESSION_EVENT, type CompressionEvent } from "./events.ts";
import { RETRIEVAL_EVENT, type RetrievalEvent } from "./retrieve-tool.ts";

/** Sums of one run, or of all. */
export interface HeadroomMetrics {
  /** Requests that went through compression. */
  readonly compressions: number;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  readonly tokensSaved: number;
  readonly retrievals: number;
  /** Retrieve calls whose original was not there. */
  readonly misses: number;
  readonly modelCalls: number;
  readonly errors: number;
  /** As the provider reports it. */
  readonly usage: {
    readonly input: number;
    readonly output: number;
    /** Part of `input` that came from the provider's prompt cache. */
    readonly cacheRead: number;
    /** Part of `input` that was written to it. */
    readonly cacheWrite: number;
  };
}

export interface HeadroomCallbackHandlerFields {
  /** How many runs `runs` remembers. The oldest are dropped first; `total` still counts them. @default 100 */
  readonly maxRuns?: number;
  /** Called when a run that no other run started has ended. */
  readonly onRunEnd?: (runId: string, metrics: HeadroomMetrics) => void;
  /** Figures of one run that somebody wants to be told of. @default none */
  readonly alerts?: HeadroomAlerts;
  /** Called once for each run and figure, as soon as it is past its threshold. */
  readonly onAlert?: (alert: HeadroomAlert) => void;
}

/** Thresholds for the figures of one run, the runs it starts included. */
export interface HeadroomAlerts {
  /** More input tokens than this, as the provider counts them. */
  readonly inputTokens?: number;
  /** More retrieve calls than this. */
  readonly retrievals?: number;
  /** More retrieve calls than this whose original was not there. */
  readonly misses?: number;
  /** At its end the run has saved less than this share of its tokens, 0 to 1. Runs without compression do not count. */
  readonly savingsBelow?: number;
}

/** One figure past its threshold. */
export interface HeadroomAlert {
  readonly runId: string;
  readonly figure: keyof HeadroomAlerts;
  readonly value: number;
  readonly threshold: number;
  readonly metrics: HeadroomMetrics;
}

type Sums = { -readonly [Key in keyof Omit<HeadroomMetrics, "usage">]: number } & {
  usage: { -readonly [Key in keyof HeadroomMetrics["usage"]]: number };
};

export class HeadroomCallbackHandler extends BaseCallbackHandler {
  name = "HeadroomCallbackHandler";
  /** What it does takes microseconds; awaited, the figures are there when `invoke` resolves. */
  override awaitHandlers = true;
  private readonly fields: HeadroomCallbackHandlerFields;
  /** Root of every run that has not ended. */
  private readonly roots = new Map<string, string>();
  private readonly sums: Lru<string, Sums>;
  private all = zero();
  /** Alerts that were given, by run. */
  private readonly given = new Map<string, Set<keyof HeadroomAlerts>>();

  /** @throws InvalidOptionError for a threshold that is no number, or of a figure there is not */
  constructor(fields: HeadroomCallbackHandlerFields = {}) {
    super();
    this.fields = fields;
    for (const [figure, threshold] of Object.entries(fields.alerts ?? {}))
      if (!FIGURES.has(figure) || typeof threshold !== "number" || !(threshold >= 0))
        throw new InvalidOptionError(`alerts.${figure}`, threshold, LISTED_FIGURES);
    this.sums = lru({
      max: fields.maxRuns ?? 100,
      // Runs that never ended (a stream that was dropped) go with their root.
      onEvict: (root) => {
        for (const [id, its] of this.roots) if (its === root) this.roots.delete(id);
        this.given.delete(root);
      },
    });
  }

  /** Metrics by the id of the outermost run, oldest first. */
  get runs(): ReadonlyMap<string, HeadroomMetrics> {
    return new Map([...this.sums.entries()].map(([id, sums]) => [id, copy(sums)]));
  }

  /** Metrics of everything since the start or the last `reset`. */
  get total(): HeadroomMetrics {
    return copy(this.all);
  }

  reset(): void {
    this.sums.clear();
    this.given.clear();
    this.all = zero();
  }

  override handleChainStart(
    _chain: unknown,
    _inputs: unknown,
    runId: string,
    parent?: string,
  ): void {
    this.start(runId, parent);
  }
  override handleToolStart(_tool: unknown, _input: string, runId: string, parent?: string): void {
    this.start(runId, parent);
  }
  override handleRetrieverStart(_r: unknown, _query: string, runId: string, parent?: string): void {
    this.start(runId, parent);
  }
  override handleLLMStart(_llm: unknown, _prompts: string[], runId: string, parent?: string): void {
    this.start(runId, parent);
  }
  override handleChatModelStart(
    _m: unknown,
    _messages: unknown,
    runId: string,
    parent?: string,
  ): void {
    this.start(runId, parent);
  }

  override handleChainEnd(_outputs: unknown, runId: string): void {
    this.end(runId);
  }
  override handleToolEnd(_output: unknown, runId: string): void {
    this.end(runId);
  }
  override handleRetrieverEnd(_documents: unknown, runId: string): void {
    this.end(runId);
  }
  override handleLLMEnd(output: LLMResult, runId: string): void {
    this.add(runId, (sums) => {
      sums.modelCalls++;
      for (const generation of output.generations?.flat() ?? [])
        addUsage(sums, usageOf(generation));
    });
    this.end(runId);
  }

  override handleChainError(_error: unknown, runId: string): void {
    this.fail(runId);
  }
  override handleToolError(_error: unknown, runId: string): void {
    this.fail(runId);
  }
  override handleRetrieverError(_error: unknown, runId: string): void {
    this.fail(runId);
  }
  override handleLLMError(_error: unknown, runId: string): void {
    this.fail(runId);
  }

  override handleCustomEvent(name: string, data: unknown, runId: string): void {
    if (name === COMPRESSION_EVENT) {
      const { tokensBefore, tokensAfter, tokensSaved } = data as CompressionEvent;
      this.add(runId, (sums) => {
        sums.compressions++;
        sums.tokensBefore += tokensBefore;
        sums.tokensAfter += tokensAfter;
        sums.tokensSaved += tokensSaved;
      });
    }
    if (name === RETRIEVAL_EVENT) {
      const { found } = data as RetrievalEvent;
      this.add(runId, (sums) => {
        sums.retrievals++;
        if (!found) sums.misses++;
      });
    }
  }

  private start(runId: string, parent: string | undefined): void {
    const root = (parent === undefined ? undefined : this.roots.get(parent)) ?? parent ?? runId;
    this.roots.set(runId, root);
    // Looked at and not used: they go in the order in which they began.
    if (!this.sums.peek(root)) this.sums.set(root, zero());
  }

  private add(runId: string, change: (sums: Sums) => void): void {
    const root = this.roots.get(runId) ?? runId;
    const run = this.sums.peek(root);
    change(this.all);
    if (!run) return;
    change(run);
    const { inputTokens, retrievals, misses } = this.fields.alerts ?? {};
    this.check(root, run, "inputTokens", run.usage.input, inputTokens);
    this.check(root, run, "retrievals", run.retrievals, retrievals);
    this.check(root, run, "misses", run.misses, misses);
  }

  private check(
    runId: string,
    run: Sums,
    figure: keyof HeadroomAlerts,
    value: number,
    threshold: number | undefined,
    isPast = threshold !== undefined && value > threshold,
  ): void {
    const given = this.given.get(runId) ?? new Set();
    if (threshold === undefined || !isPast || given.has(figure)) return;
    this.given.set(runId, given.add(figure));
    quietly(() => this.fields.onAlert?.({ runId, figure, value, threshold, metrics: copy(run) }));
  }

  private fail(runId: string): void {
    // An error climbs through every run around it; counted once, where it comes out.
    if (this.roots.get(runId) === runId) this.add(runId, (sums) => void sums.errors++);
    this.end(runId);
  }

  private end(runId: string): void {
    const isRoot = this.roots.get(runId) === runId;
    this.roots.delete(runId);
    const sums = this.sums.peek(runId);
    if (!isRoot || !sums) return;
    const { tokensBefore, tokensSaved } = sums;
    const savings = tokensBefore > 0 ? tokensSaved / tokensBefore : 1;
    const { savingsBelow } = this.fields.alerts ?? {};
    const isPast = savings < (savingsBelow ?? 0);
    this.check(runId, sums, "savingsBelow", savings, savingsBelow, isPast);
    this.given.delete(runId);
    quietly(() => this.fields.onRunEnd?.(runId, copy(sums)));
  }
}

/** What a listener throws must not end the run: in a background queue it would end the process. */
function quietly(listen: () => void): void {
  try {
    listen();
  } catch {
    // Nobody else could be told.
  }
}

const FIGURES: ReadonlySet<string> = new Set([
  "inputTokens",
  "retrievals",
  "misses",
  "savingsBelow",
] satisfies (keyof HeadroomAlerts)[]);
const LISTED_FIGURES = `a number, 0 or more, for one of ${[...FIGURES].join(", ")}`;

function zero(): Sums {
  return {
    compressions: 0,
    tokensBefore: 0,
    tokensAfter: 0,
    tokensSaved: 0,
    retrievals: 0,
    misses: 0,
    modelCalls: 0,
    errors: 0,
    usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
  };
}

function copy(sums: Sums): HeadroomMetrics {
  return { ...sums, usage: { ...sums.usage } };
}

function usageOf(generation: object): UsageMetadata | undefined {
  const { message } = generation as { message?: { usage_metadata?: UsageMetadata } };
  return message?.usage_metadata;
}

function addUsage({ usage }: Sums, reported: UsageMetadata | undefined): void {
  usage.input += reported?.input_tokens ?? 0;
  usage.output += reported?.output_tokens ?? 0;
  usage.cacheRead += reported?.input_token_details?.cache_read ?? 0;
  usage.cacheWrite += reported?.input_token_details?.cache_creation ?? 0;
}
