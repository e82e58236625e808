/** What a running proxy or server saved, from its counters: their difference, once a minute and at the end. */
import type { BlockReport } from "@headroom/core";
import type { Terminal } from "../terminal.ts";
import { type LedgerRow, note, rowsOf } from "./ledger.ts";

const EVERY_MS = 60_000;

interface Counted {
  readonly tools: readonly {
    readonly name: string;
    readonly blocks: number;
    readonly tokensBefore: number;
    readonly tokensAfter: number;
  }[];
}

/** Notes until the function it gives is called, which notes the rest. A timer that does not keep the process. */
export function noteProxy(
  env: Terminal["env"],
  by: string,
  stats: () => Counted,
): () => Promise<void> {
  let seen = new Map<string, LedgerRow>();
  const write = async (): Promise<void> => {
    const rows = stats().tools.map(({ name, blocks: texts, tokensBefore, tokensAfter }) => ({
      tool: name,
      texts,
      tokensBefore,
      tokensAfter,
    }));
    const news = rows.map((row) => minus(row, seen.get(row.tool)));
    seen = new Map(rows.map((row) => [row.tool, row]));
    await note(env, by, news);
  };
  const timer = setInterval(() => void write(), EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await write();
  };
}

function minus(row: LedgerRow, before: LedgerRow | undefined): LedgerRow {
  if (!before) return row;
  return {
    tool: row.tool,
    texts: row.texts - before.texts,
    tokensBefore: row.tokensBefore - before.tokensBefore,
    tokensAfter: row.tokensAfter - before.tokensAfter,
  };
}

/** Counts blocks as they are reported, for a server that has no counters of its own. */
export function blockCounter(): { add(block: BlockReport): void; stats(): Counted } {
  const tools = new Map<string, Counted["tools"][number]>();
  return {
    add(block) {
      for (const { tool: name, texts, tokensBefore, tokensAfter } of rowsOf([block])) {
        const count = tools.get(name);
        tools.set(name, {
          name,
          blocks: (count?.blocks ?? 0) + texts,
          tokensBefore: (count?.tokensBefore ?? 0) + tokensBefore,
          tokensAfter: (count?.tokensAfter ?? 0) + tokensAfter,
        });
      }
    },
    stats: () => ({ tools: [...tools.values()] }),
  };
}
