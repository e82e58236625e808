/**
 * What `tree` draws: `├── `, `│   `, `└── `, its ASCII and Windows versions.
 *
 * A drawing is a depth-first list of paths plus line art that follows from it, so it becomes that list and is drawn again
 * when decoded. Lines before the root and after the drawing (`3 directories, 9 files`) come along.
 *
 * Trap: GNU tree writes its bars with no-break spaces, and copies of its output often have plain ones.
 */

/** The paths of a drawing, in order, and the lines after it. */
export interface Drawing {
  readonly style: string;
  readonly paths: readonly string[];
  readonly tail: readonly string[];
}

interface Style {
  readonly bar: string;
  readonly gap: string;
  readonly branch: string;
  readonly last: string;
}

const STYLES: ReadonlyMap<string, Style> = new Map([
  ["unicode", { bar: "│   ", gap: "    ", branch: "├── ", last: "└── " }],
  ["no-break", { bar: "│\u00a0\u00a0 ", gap: "    ", branch: "├── ", last: "└── " }],
  ["ascii", { bar: "|   ", gap: "    ", branch: "|-- ", last: "`-- " }],
  ["windows", { bar: "│   ", gap: "    ", branch: "├───", last: "└───" }],
  ["windows ascii", { bar: "|   ", gap: "    ", branch: "+---", last: "\\---" }],
]);

/** Reads a drawing whose root is the first line; `undefined` where it is none. */
export function readDrawing(lines: readonly string[]): Drawing | undefined {
  const root = lines[0];
  if (root === undefined || root === "" || lines.length < 4) return undefined;
  for (const [name, style] of STYLES) {
    const drawing = readStyle(lines, name, style);
    if (drawing) return drawing;
  }
  return undefined;
}

function readStyle(lines: readonly string[], name: string, style: Style): Drawing | undefined {
  const root = lines[0] ?? "";
  const paths: string[] = [root];
  const parents: string[] = [root.endsWith("/") ? root : `${root}/`];
  let at = 1;
  for (; at < lines.length; at++) {
    const line = lines[at] ?? "";
    let from = 0;
    let depth = 0;
    while (line.startsWith(style.bar, from) || line.startsWith(style.gap, from)) {
      from += 4;
      depth++;
    }
    const drawn = line.startsWith(style.branch, from) || line.startsWith(style.last, from);
    if (!drawn) break;
    const entry = line.slice(from + 4);
    const slash = entry.indexOf("/");
    if (entry === "" || depth >= parents.length || (slash !== -1 && slash < entry.length - 1)) {
      return undefined;
    }
    const path = (parents[depth] ?? "") + entry;
    paths.push(path);
    parents.length = depth + 1;
    parents.push(entry.endsWith("/") ? path : `${path}/`);
  }
  const tail = lines.slice(at);
  return paths.length > 3 && tail.length <= 4 ? { style: name, paths, tail } : undefined;
}

/** Draws again what `readDrawing` read. */
export function drawPaths(drawing: Drawing): readonly string[] | undefined {
  const style = STYLES.get(drawing.style);
  const root = drawing.paths[0];
  if (!style || root === undefined) return undefined;
  const top = root.endsWith("/") ? root.slice(0, -1) : root;
  const depths: number[] = [];
  const names: string[] = [];
  for (const path of drawing.paths.slice(1)) {
    const rest = path.slice(top.length + 1);
    const name = rest.slice(rest.length < 2 ? 0 : rest.lastIndexOf("/", rest.length - 2) + 1);
    let depth = 0;
    for (let at = 0; at < rest.length - name.length; at++) if (rest[at] === "/") depth++;
    depths.push(depth);
    names.push(name);
  }
  // Backwards, so that it is known whether a folder goes on below.
  const lines: string[] = [];
  const open: boolean[] = [];
  for (let at = names.length - 1; at >= 0; at--) {
    const depth = depths[at] ?? 0;
    if (depth > MAX_DEPTH) return undefined;
    let line = "";
    for (let level = 0; level < depth; level++) line += open[level] ? style.bar : style.gap;
    lines.push(line + (open[depth] ? style.branch : style.last) + (names[at] ?? ""));
    open[depth] = true;
    open.length = depth + 1;
  }
  lines.push(root);
  return [...lines.reverse(), ...drawing.tail];
}

/** Deeper drawings are not drawings of folders, and a line's art would cost quadratic time. */
const MAX_DEPTH = 64;
