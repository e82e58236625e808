/**
 * Drawings of any trees as outlines: `tree` with links or sizes, `npm ls`, `cargo tree`, `gradle dependencies`, `mvn dependency:tree`.
 *
 * The line art follows from how deep each entry is and what comes after it, so that blanks say as much: one for each level. Lines
 * that are not drawn, such as the roots, stand as they are.
 *
 * Trap: an entry is any text. Only what is in front of it is read.
 */

/** A line of a drawing; `depth` is `undefined` where it is not drawn. */
export interface OutlineLine {
  readonly depth: number | undefined;
  readonly text: string;
}

export interface Outline {
  readonly style: string;
  readonly lines: readonly OutlineLine[];
}

interface Style {
  readonly start?: string;
  readonly bar: string;
  readonly gap: string;
  readonly branch: string;
  readonly last: string;
  /** Of an entry that has others below it. */
  readonly openBranch?: string;
  readonly openLast?: string;
}

const STYLES: ReadonlyMap<string, Style> = new Map<string, Style>([
  ["unicode", { bar: "│   ", gap: "    ", branch: "├── ", last: "└── " }],
  ["no-break", { bar: "│\u00a0\u00a0 ", gap: "    ", branch: "├── ", last: "└── " }],
  ["ascii", { bar: "|   ", gap: "    ", branch: "|-- ", last: "`-- " }],
  [
    "npm",
    {
      bar: "│ ",
      gap: "  ",
      branch: "├── ",
      last: "└── ",
      openBranch: "├─┬ ",
      openLast: "└─┬ ",
    },
  ],
  [
    "npm ascii",
    { bar: "| ", gap: "  ", branch: "+-- ", last: "`-- ", openBranch: "+-+ ", openLast: "`-+ " },
  ],
  ["yarn", { bar: "│  ", gap: "   ", branch: "├─ ", last: "└─ " }],
  ["gradle", { bar: "|    ", gap: "     ", branch: "+--- ", last: "\\--- " }],
  ["sbt", { bar: "| ", gap: "  ", branch: "+-", last: "+-" }],
  ["maven", { start: "[INFO] ", bar: "|  ", gap: "   ", branch: "+- ", last: "\\- " }],
  ["maven bare", { bar: "|  ", gap: "   ", branch: "+- ", last: "\\- " }],
]);

const LEGEND_START = "[tree as an outline, ";
const LEGEND_END = ': one blank in front for each level; "|" any other line]';
/** Deeper drawings are none, and a line's art would cost quadratic time. */
const MAX_DEPTH = 64;
const MIN_DRAWN = 4;
const FIRST_LINES = 40;
const MIN_SHARE = 0.6;

/** `undefined` where most lines are not drawn, or would be drawn in another way. */
export function readOutline(lines: readonly string[]): Outline | undefined {
  for (const [style, art] of STYLES) {
    const isNone = lines
      .slice(0, FIRST_LINES)
      .every((line) => readLine(line, art).depth === undefined);
    if (isNone) continue;
    const read = lines.map((line) => readLine(line, art));
    const drawn = read.filter(({ depth }) => depth !== undefined).length;
    if (drawn < MIN_DRAWN || drawn < lines.length * MIN_SHARE) continue;
    const outline = { style, lines: read };
    const again = drawOutline(outline);
    if (again?.every((line, at) => line === lines[at])) return outline;
  }
  return undefined;
}

function readLine(
  line: string,
  { start = "", bar, gap, branch, last, ...open }: Style,
): OutlineLine {
  if (!line.startsWith(start)) return { depth: undefined, text: line };
  let from = start.length;
  let depth = 0;
  for (; depth <= MAX_DEPTH; depth++) {
    if (line.startsWith(bar, from)) from += bar.length;
    else if (line.startsWith(gap, from)) from += gap.length;
    else break;
  }
  const marks = [open.openBranch, open.openLast, branch, last];
  const mark = marks.find((each) => each !== undefined && line.startsWith(each, from));
  // An entry that begins with a blank would read as a deeper one.
  const text = line.slice(from + (mark?.length ?? 0));
  if (mark === undefined || depth > MAX_DEPTH || text === "" || text.startsWith(" "))
    return { depth: undefined, text: line };
  return { depth, text };
}

/** Draws again what `readOutline` read. */
export function drawOutline({ style, lines }: Outline): readonly string[] | undefined {
  const art = STYLES.get(style);
  if (!art) return undefined;
  // Backwards, so that it is known whether a level goes on below.
  const drawn: string[] = [];
  const goesOn: boolean[] = [];
  let below = -1;
  for (let at = lines.length - 1; at >= 0; at--) {
    const { depth, text } = lines[at] as OutlineLine;
    if (depth === undefined) {
      drawn.push(text);
      goesOn.length = 0;
      below = -1;
      continue;
    }
    if (depth > MAX_DEPTH) return undefined;
    let line = art.start ?? "";
    for (let level = 0; level < depth; level++) line += goesOn[level] ? art.bar : art.gap;
    const isOpen = below > depth;
    const branch = (isOpen ? art.openBranch : undefined) ?? art.branch;
    const last = (isOpen ? art.openLast : undefined) ?? art.last;
    drawn.push(line + (goesOn[depth] ? branch : last) + text);
    goesOn[depth] = true;
    goesOn.length = depth + 1;
    below = depth;
  }
  return drawn.reverse();
}

export function encodeOutline({ style, lines }: Outline): string {
  const out = [`${LEGEND_START}${style}${LEGEND_END}`];
  for (const { depth, text } of lines) {
    if (depth !== undefined) out.push(" ".repeat(depth + 1) + text);
    else out.push(text === "" || " |".includes(text[0] ?? "") ? `|${text}` : text);
  }
  return out.join("\n");
}

/** The inverse of `encodeOutline`. */
export function decodeOutline(encoded: string): readonly string[] | undefined {
  const [legend = "", ...body] = encoded.split("\n");
  if (!legend.startsWith(LEGEND_START) || !legend.endsWith(LEGEND_END)) return undefined;
  const style = legend.slice(LEGEND_START.length, -LEGEND_END.length);
  const lines = body.map((line): OutlineLine => {
    if (line.startsWith("|")) return { depth: undefined, text: line.slice(1) };
    let blanks = 0;
    while (line[blanks] === " ") blanks++;
    if (blanks === 0) return { depth: undefined, text: line };
    return { depth: blanks - 1, text: line.slice(blanks) };
  });
  return drawOutline({ style, lines });
}

/** The entries as paths, below the line that is not drawn above them; and the other lines. */
export function outlinePaths({ lines }: Outline): {
  readonly paths: readonly string[];
  readonly others: readonly string[];
} {
  const paths: string[] = [];
  const others: string[] = [];
  const open: string[] = [];
  let root = "";
  for (const [at, { depth, text }] of lines.entries()) {
    if (depth === undefined) {
      open.length = 0;
      if (text === "") continue;
      // The root of what is drawn below it, or words.
      if (lines[at + 1]?.depth === 0) root = text.endsWith("/") ? text : `${text}/`;
      else others.push(text);
      continue;
    }
    open.length = Math.min(open.length, depth);
    const parent = open.at(-1) ?? root;
    const arrow = text.indexOf(" -> ");
    const name = arrow > 0 ? text.slice(0, arrow) : text;
    const path = parent + name;
    paths.push(path);
    open.push(path.endsWith("/") ? path : `${path}/`);
  }
  return { paths, others };
}
