/** Narrows the parts of an original to what `lines`, `rows` or `path` select, for a question about just that. */
import type { Chunk } from "./chunks.ts";
import type { Span } from "./spans.ts";

/** The parts that spans have in common with chunks, cut to them; a span as a part of its own where it is in none. */
export function chunksWithin(
  chunks: readonly Chunk[],
  spans: readonly Span[],
  original: string,
): readonly Chunk[] {
  const bySource = new Map<string, Chunk[]>();
  for (const chunk of chunks) {
    const own = bySource.get(chunk.source);
    if (own) own.push(chunk);
    else bySource.set(chunk.source, [chunk]);
  }
  return spans.flatMap(({ label, source = original, start, end }): readonly Chunk[] => {
    const own = bySource.get(source) ?? [];
    const found: Chunk[] = [];
    for (let at = firstBehind(own, start); at < own.length; at++) {
      const chunk = own[at] as Chunk;
      if (chunk.start >= end) break;
      const isWhole = chunk.start >= start && chunk.end <= end;
      const cut = { start: Math.max(start, chunk.start), end: Math.min(end, chunk.end) };
      found.push(isWhole ? chunk : { ...chunk, ...cut });
    }
    return found.length > 0 ? found : [{ label, source, start, end }];
  });
}

/** The first chunk that ends behind an offset. */
function firstBehind(chunks: readonly Chunk[], offset: number): number {
  let low = 0;
  let high = chunks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((chunks[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
