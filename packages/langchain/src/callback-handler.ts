/**
 * Adds up what compression saved and what the provider charged, for each run and in total.
 *
 * Metrics only: a callback cannot change what a model is sent. LangChain ignores what a handler returns, and one that assigns to
 * the messages it is shown corrupts the caller's history; compress with `HeadroomCompressor` or `headroomMiddleware`.
 * Trap: LangChain calls `handleChainStart` with the parent's run id as the fourth argument; its types say the run type.
 */

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

  constructor(fields: HeadroomCallbackHandlerFields = {}) {
    super();
    this.fields = fields;
    this.sums = lru({
      max: fields.maxRuns ?? 100,
      // Runs that never ended (a stream that was dropped) go with their root.
      onEvict: (root) => {
        for (const [id, its] of this.roots) if (its === root) this.roots.delete(id);
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
    if (run) change(run);
    change(this.all);
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
    try {
      this.fields.onRunEnd?.(runId, copy(sums));
    } catch {
      // What a listener throws must not end the run: in a background queue it would end the process.
    }
  }
}

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
