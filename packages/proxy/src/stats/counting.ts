/** What the proxy counts: a fixed amount of memory, whatever comes. */
import type { CompressResult, Mode } from "@headroom/core";
import { type Clock, clock } from "./clock.ts";
import { BOUNDS_MS, type CountingHistogram, histogram, quantile } from "./histogram.ts";
import { OTHER, shownName, type Tally, tally } from "./names.ts";
import { ring, type Series, series } from "./series.ts";
import type {
  Answerer,
  Period,
  ProxyStats,
  RequestRecord,
  Route,
  TokenRow,
  UsageTotals,
} from "./types.ts";

/** Names of tools, kinds and models that are told apart. */
const MAX_NAMES = 100;
const RECENT = 100;
const MINUTE_MS = 60_000;

export interface Counting {
  compressed(result: CompressResult<unknown>): void;
  passed(): void;
  refused(): void;
  failed(): void;
  failedOpen(stage: string): void;
  retrieved(): void;
  /** The usage of an answer was given up. */
  droppedUsage(): void;
  /** A request has ended. */
  ended(record: RequestRecord): void;
  read(): ProxyStats;
}

interface Tokens {
  blocks: number;
  before: number;
  after: number;
}

interface Slot {
  requests: number;
  tokensBefore: number;
  tokensAfter: number;
  retrievals: number;
  inputTokens: number;
  cacheReadTokens: number;
  readonly added: CountingHistogram;
}

export function counting(mode: Mode = "lossless", time: Clock = clock()): Counting {
  const startedAt = time.now();
  const counts = {
    compressed: 0,
    passed: 0,
    failed: 0,
    refused: 0,
    tokensBefore: 0,
    tokensAfter: 0,
    tokensProjected: 0,
    retrievals: 0,
    hiddenRounds: 0,
  };
  const failedOpen = new Map<string, number>();
  const outcomes = new Map<string, number>();
  const requests = new Map<
    string,
    { provider: Answerer; route: Route; status: string; count: number }
  >();
  const tools = tally<Tokens>(MAX_NAMES, noTokens);
  const kinds = tally<Tokens>(MAX_NAMES, noTokens);
  const added = histogram();
  const usage = { answers: 0, dropped: 0, ...noUsage() };
  const models = tally(MAX_NAMES, () => ({
    provider: undefined as Answerer | undefined,
    answers: 0,
    savedTokens: 0,
    ...noUsage(),
  }));
  const minutes = series<Slot>(MINUTE_MS, 120, noSlot);
  const hours = series<Slot>(60 * MINUTE_MS, 168, noSlot);
  const recent = ring<{ readonly moment: number; readonly record: RequestRecord }>(RECENT);

  return {
    compressed({ tokensBefore, tokensAfter, projected, blocks }) {
      counts.compressed++;
      counts.tokensBefore += tokensBefore;
      counts.tokensAfter += tokensAfter;
      counts.tokensProjected += projected?.tokensAfter ?? tokensAfter;
      for (const block of blocks) {
        count(outcomes, block.outcome);
        if (block.role === "tool") addTokens(tools.of(block.toolName), block);
        if (block.kind !== undefined) addTokens(kinds.of(block.kind), block);
      }
    },
    passed: () => void counts.passed++,
    refused: () => void counts.refused++,
    failed: () => void counts.failed++,
    failedOpen: (stage) => count(failedOpen, stage),
    retrieved: () => void counts.retrievals++,
    droppedUsage: () => void usage.dropped++,
    ended(record) {
      const { provider, route } = record;
      const status = record.status >= 100 ? `${Math.floor(record.status / 100)}xx` : "none";
      const key = `${provider} ${route} ${status}`;
      const row = requests.get(key) ?? { provider, route, status, count: 0 };
      row.count++;
      requests.set(key, row);
      counts.hiddenRounds += record.hiddenRounds;
      if (record.addedMs !== undefined) added.add(record.addedMs);
      if (record.usage) {
        usage.answers++;
        addUsage(usage, record.usage);
        const model = models.of(record.model);
        model.provider ??= provider;
        model.answers++;
        model.savedTokens += (record.tokensBefore ?? 0) - (record.tokensAfter ?? 0);
        addUsage(model, record.usage);
      }
      const moment = time.now();
      for (const slot of [minutes.at(moment), hours.at(moment)]) if (slot) addTo(slot, record);
      recent.add({ moment, record });
    },
    read() {
      const now = time.now();
      const spread = added.read();
      return {
        startedAt: time.timeOf(startedAt),
        now: time.timeOf(now),
        mode,
        ...counts,
        failedOpen: Object.fromEntries(failedOpen),
        outcomes: Object.fromEntries(outcomes),
        requests: [...requests.values()].map((row) => ({ ...row })),
        tools: rowsOf(tools),
        kinds: rowsOf(kinds),
        added: {
          boundsMs: BOUNDS_MS,
          counts: spread.counts,
          count: spread.count,
          sumMs: spread.sum,
          ...defined({
            p50Ms: quantile(spread, 0.5),
            p95Ms: quantile(spread, 0.95),
            p99Ms: quantile(spread, 0.99),
          }),
        },
        usage: {
          ...usage,
          models: models.entries().map(([model, { provider = "openai", ...row }]) => ({
            model,
            provider,
            ...row,
          })),
        },
        minutes: periodsOf(minutes, now, time),
        hours: periodsOf(hours, now, time),
        recent: recent.read().map(({ moment, record }) => ({ ...record, at: time.timeOf(moment) })),
      };
    },
  };
}

/** A name as it may be shown; nothing where there is none. */
export function modelName(model: string | undefined): string | undefined {
  return model === undefined ? undefined : shownName(model);
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function noTokens(): Tokens {
  return { blocks: 0, before: 0, after: 0 };
}

function addTokens(
  row: Tokens,
  { tokensBefore, tokensAfter }: { readonly tokensBefore: number; readonly tokensAfter: number },
): void {
  row.blocks++;
  row.before += tokensBefore;
  row.after += tokensAfter;
}

/** What saves most comes first, what has no name of its own last. */
function rowsOf(rows: Tally<Tokens>): TokenRow[] {
  return rows
    .entries()
    .map(([name, { blocks, before, after }]) => ({
      name,
      blocks,
      tokensBefore: before,
      tokensAfter: after,
    }))
    .sort(
      (one, other) =>
        Number(one.name === OTHER) - Number(other.name === OTHER) ||
        saved(other) - saved(one) ||
        other.tokensBefore - one.tokensBefore,
    );
}

function saved({ tokensBefore, tokensAfter }: TokenRow): number {
  return tokensBefore - tokensAfter;
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

function noUsage(): Writable<UsageTotals> {
  return { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0 };
}

function addUsage(to: Writable<UsageTotals>, more: UsageTotals): void {
  to.inputTokens += more.inputTokens;
  to.cacheReadTokens += more.cacheReadTokens;
  to.cacheWriteTokens += more.cacheWriteTokens;
  to.outputTokens += more.outputTokens;
}

function noSlot(): Slot {
  return {
    requests: 0,
    tokensBefore: 0,
    tokensAfter: 0,
    retrievals: 0,
    inputTokens: 0,
    cacheReadTokens: 0,
    added: histogram(),
  };
}

function addTo(slot: Slot, record: RequestRecord): void {
  slot.requests++;
  slot.tokensBefore += record.tokensBefore ?? 0;
  slot.tokensAfter += record.tokensAfter ?? 0;
  slot.retrievals += record.retrievals;
  slot.inputTokens += record.usage?.inputTokens ?? 0;
  slot.cacheReadTokens += record.usage?.cacheReadTokens ?? 0;
  if (record.addedMs !== undefined) slot.added.add(record.addedMs);
}

function periodsOf(slots: Series<Slot>, now: number, time: Clock): Period[] {
  return slots.until(now).map(([began, { added, ...slot }]) => {
    const spread = added.read();
    return {
      at: time.timeOf(began),
      ...slot,
      ...defined({ addedP50Ms: quantile(spread, 0.5), addedP95Ms: quantile(spread, 0.95) }),
    };
  });
}

/** Without members that are `undefined`. */
function defined<Type extends object>(
  given: Type,
): { [Key in keyof Type]?: NonNullable<Type[Key]> } {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as never;
}
