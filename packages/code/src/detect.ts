/** Whether lines are source code, and of which language. Who is right is seen when they are parsed. */
import type { CodeLanguage } from "./languages.ts";
import { beginsAny, type Family, holdsAny, SIGNS, type Sign } from "./signs.ts";
import type { Source } from "./source.ts";

/** Lines that are looked at. */
const MAX_LINES = 800;
/** Characters of a line that are looked at. */
const MAX_LINE = 300;
/** Lines that only one language has: so many, and this share of all. */
const MIN_SIGNS = 4;
const MIN_SIGN_SHARE = 0.03;
/** The share of lines that look like code of some language. */
const MIN_CODE_SHARE = 0.3;
/** Lines longer than this are no work of people; of a text they may be this much. */
const LONG_LINE = 400;
const MAX_LONG_SHARE = 0.2;
/** A language with less than this share of the signs of the first is not tried. */
const MIN_OF_FIRST = 0.4;

/** Whether people wrote it: no binary, and not minified. */
export function isReadable({ code }: Source): boolean {
  let all = 0;
  let long = 0;
  for (const line of code) {
    all += line.length;
    if (line.length > LONG_LINE) long += line.length;
    if (line.includes("\0")) return false;
  }
  return all > 0 && long <= all * MAX_LONG_SHARE;
}

/** Lines that settle it: few other languages have them. */
const MARKS: readonly (readonly [Family, RegExp])[] = [
  ["c", /^#\s{0,4}include ?[<"]/],
  ["csharp", /^using (?:static )?[A-Z][\w.]*;$/],
  ["go", /^package \w+$/],
  ["java", /^(?:package|import)(?: static)? [a-z][\w.]*(?:\.\*)?;$/],
  ["php", /^<\?php\b/],
  ["rust", /^(?:pub )?use (?:crate|self|std|super|core|alloc)::/],
];
/** What one of them counts. */
const MARK_SIGNS = 25;

/** How lines of any of the languages end, and how they begin. */
const CODE_ENDS = ";{}(),:[]\\";
const isCodeBegun = beginsAny(
  "end",
  "else",
  "do",
  "begin",
  "return",
  "@",
  "import ",
  "from ",
  "use ",
  "package ",
);
const isAssigned = holdsAny(" = ", " := ", " += ");

function isCode(line: string): boolean {
  return CODE_ENDS.includes(line.at(-1) ?? " ") || isCodeBegun(line) || isAssigned(line);
}

const isMarkedComment = beginsAny("//", "*", "/*", "--", '"""', "'''");
const isDirective = beginsAny(
  "#include",
  "#define",
  "#if",
  "#el",
  "#endif",
  "#pragma",
  "#undef",
  "# ",
  "#[",
  "#![",
);

/** `#` begins comments, directives of C and attributes of Rust. */
function isComment(line: string): boolean {
  return (
    isMarkedComment(line) || (line.startsWith("#") && !isDirective(line)) || line.startsWith("# ")
  );
}

/** Fences tell a document. */
const FENCE = /^ {0,3}(?:```|~~~)/;

/** The languages that the lines may be of, the likeliest first; none where they are no code. */
export function guessLanguages({ code }: Source): readonly CodeLanguage[] {
  const counts = new Map<Family, number>();
  let lines = 0;
  let codeLike = 0;
  let jsx = 0;
  let cpp = 0;
  let fences = 0;
  for (const whole of code.slice(0, MAX_LINES)) {
    const written = whole.slice(0, MAX_LINE).trimEnd();
    const line = written.trimStart();
    if (line === "") continue;
    if (FENCE.test(written)) fences++;
    if (isComment(line)) continue;
    lines++;
    if (isCode(line)) codeLike++;
    if (JSX.test(line)) jsx++;
    if (isCpp(line) || line.includes("::")) cpp++;
    for (const [name, mark] of MARKS)
      if (mark.test(line)) counts.set(name, (counts.get(name) ?? 0) + MARK_SIGNS);
    for (const [name, signs] of ENTRIES)
      if (signs.some((sign) => sign(line))) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  if (fences > 1 || codeLike < lines * MIN_CODE_SHARE) return [];
  const ranked = [...counts].toSorted((a, b) => b[1] - a[1]);
  const most = ranked[0]?.[1] ?? 0;
  if (most < MIN_SIGNS || most < lines * MIN_SIGN_SHARE) return [];
  return ranked
    .filter(([, count]) => count >= most * MIN_OF_FIRST)
    .flatMap(([name]): readonly CodeLanguage[] => {
      if (name === "javascript") return jsx > 0 ? ["tsx", "typescript"] : ["typescript", "tsx"];
      if (name === "c") return cpp > 0 ? ["cpp"] : ["c"];
      return [name];
    });
}

const ENTRIES = Object.entries(SIGNS) as readonly [Family, readonly Sign[]][];
const JSX = /^\s*(?:<\/?[A-Za-z][\w.]*[\s/>]|\/>|<>)|(?:return|=>|&&|\?) \(?<[A-Za-z]/;
const isCpp = beginsAny(
  "class ",
  "namespace ",
  "template",
  "using ",
  "public:",
  "private:",
  "protected:",
);
