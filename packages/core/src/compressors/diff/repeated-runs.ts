/**
 * Runs of diff lines that stand above in the same diff: `«a»` marks the first time, `«a» ×12` stands for the same 12 lines.
 *
 * Boilerplate is added in many places at once, signs and indentation included. Every line is still there in full once.
 *
 * Trap: a run may only point at lines that were printed, not at ones that a reference already stands for, or a reader has
 * to follow chains.
 */

const WINDOW = 2;

/** Which runs are shared. */
export interface RunLimits {
  /** Lines of the shortest run. */
  readonly lines: number;
  /** Characters that it has to have. */
  readonly characters: number;
  /** For each hunk its file: a run stands for one of the same file. */
  readonly files?: readonly number[];
}

/** Label and reference cost about nine tokens. */
const ANY_WORTH: RunLimits = { lines: WINDOW, characters: 50 };

/** Lines that are never a part of a run are numbered from here down. */
const NO_LINE = 0xffff_ffff;

interface Place {
  readonly hunk: number;
  readonly at: number;
}

interface Reference {
  readonly at: number;
  readonly count: number;
  readonly label: string;
}

/**
 * Prints each hunk's lines with labels, repeated runs replaced. The input arrays are not changed.
 *
 * @param isAlone whether a line is never a part of a run
 * @param limits which runs are worth a label
 */
export function shareRuns(
  hunks: readonly (readonly string[])[],
  isAlone: (line: string) => boolean = () => false,
  limits: RunLimits = ANY_WORTH,
): readonly (readonly string[])[] {
  const ids = new Map<string, number>();
  let alone = 0;
  const numbered = hunks.map((hunk) =>
    Uint32Array.from(hunk, (line) => (isAlone(line) ? NO_LINE - alone++ : idOf(ids, line))),
  );
  const replaced = hunks.map((hunk) => new Uint8Array(hunk.length));
  const first = new Map<string, Place>();
  const labels = new Map<string, string>();
  const references = hunks.map((): Reference[] => []);
  const keyAt = (hunk: number, at: number): string =>
    `${limits.files?.[hunk] ?? 0}:${windowAt(numbered[hunk] as Uint32Array, at)}`;
  for (const [index, hunk] of hunks.entries()) {
    let at = 0;
    // A run that is too short of text is so from any of its lines on; trying each would be quadratic.
    let worthless = 0;
    while (at < hunk.length) {
      const source = at < worthless ? undefined : first.get(keyAt(index, at));
      const count = source === undefined ? 0 : runLength(numbered, replaced, source, index, at);
      if (source !== undefined && count >= limits.lines && isWorth(hunk, at, count, limits)) {
        const key = `${source.hunk}:${source.at}`;
        const label = labels.get(key) ?? labelName(labels.size);
        labels.set(key, label);
        references[index]?.push({ at, count, label });
        replaced[index]?.fill(1, at, at + count);
        at += count;
        continue;
      }
      worthless = Math.max(worthless, at + count);
      at++;
      // A window can be pointed at once its last line is printed.
      const from = at - WINDOW;
      if (from < 0 || replaced[index]?.[from] === 1) continue;
      const key = keyAt(index, from);
      if (!first.has(key)) first.set(key, { hunk: index, at: from });
    }
  }
  return hunks.map((hunk, index) => print(hunk, index, references[index] ?? [], labels));
}

function idOf(ids: Map<string, number>, line: string): number {
  const known = ids.get(line);
  if (known !== undefined) return known;
  ids.set(line, ids.size + 1);
  return ids.size;
}

function windowAt(ids: Uint32Array, at: number): string {
  return `${ids[at]},${ids[at + 1]}`;
}

function runLength(
  numbered: readonly Uint32Array[],
  replaced: readonly Uint8Array[],
  source: Place,
  hunk: number,
  at: number,
): number {
  const from = numbered[source.hunk] as Uint32Array;
  const gone = replaced[source.hunk] as Uint8Array;
  const own = numbered[hunk] as Uint32Array;
  const end = source.hunk === hunk ? at : from.length;
  let count = 0;
  while (
    at + count < own.length &&
    source.at + count < end &&
    gone[source.at + count] === 0 &&
    from[source.at + count] === own[at + count]
  ) {
    count++;
  }
  return count;
}

function isWorth(hunk: readonly string[], at: number, count: number, limits: RunLimits): boolean {
  let characters = 0;
  for (let index = at; index < at + count && characters < limits.characters; index++) {
    characters += (hunk[index] ?? "").trim().length;
  }
  return characters >= limits.characters;
}

/** a, b … z, aa, ab … */
function labelName(count: number): string {
  let name = "";
  for (let rest = count; rest >= 0; rest = Math.floor(rest / 26) - 1) {
    name = String.fromCharCode(97 + (rest % 26)) + name;
  }
  return name;
}

function print(
  hunk: readonly string[],
  index: number,
  references: readonly Reference[],
  labels: ReadonlyMap<string, string>,
): readonly string[] {
  const out: string[] = [];
  let next = 0;
  for (let at = 0; at < hunk.length; ) {
    const reference = references[next];
    if (reference?.at === at) {
      out.push(`«${reference.label}» ×${reference.count}`);
      at += reference.count;
      next++;
      continue;
    }
    const label = labels.get(`${index}:${at}`);
    if (label !== undefined) out.push(`«${label}»`);
    out.push(hunk[at] ?? "");
    at++;
  }
  return out;
}

/** A label line gives its name; a reference its name and count. */
export function readRunMark(
  line: string,
): { readonly label: string; readonly count?: number } | undefined {
  if (!line.startsWith("«")) return undefined;
  const close = line.indexOf("»");
  const label = line.slice(1, close);
  if (close < 2) return undefined;
  const rest = line.slice(close + 1);
  if (rest === "") return { label };
  const count = Number(rest.slice(2));
  return rest.startsWith(" ×") && Number.isSafeInteger(count) && count > 0
    ? { label, count }
    : undefined;
}
