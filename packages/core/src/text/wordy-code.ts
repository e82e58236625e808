/**
 * Lines of programs in languages without braces and semicolons: shells, Make, CMake, Lisp, the ML family, Pascal, BASIC, Fortran, Vim.
 *
 * Each rule takes what tools seldom print, so that a log that quotes a command or two stays a log.
 */

/** Says whether a line is code, and whether it begins as a statement or a declaration does. The line is trimmed. */
export function wordyCode(text: string): "statement" | "code" | undefined {
  if (text.startsWith("(")) {
    if (LISP.test(text)) return "statement";
    return isUneven(text) ? "code" : undefined;
  }
  if (isStatement(text)) return "statement";
  const isOther =
    ENDS.some((end) => text.endsWith(end)) ||
    (text.includes("$") && VARIABLE.test(text)) ||
    (text.endsWith("(") && OPENED.test(text)) ||
    ASSIGNED.test(text);
  return isOther ? "code" : undefined;
}

/** Whether a line is one that a file in such a language has at its head. */
export function isWordyHead(line: string): boolean {
  return HEADS.some((head) => head.test(line));
}

const HEADS: readonly RegExp[] = [
  /^;;; [\w.-]+\.(?:el|lisp|scm|clj) ---/,
  /^\((?:ns|in-package|defpackage|define-module|module|library) /,
  /^-module\(\w+\)\./,
  /^module [A-Z][\w.]*(?: \(| where|$)/,
  /^(?:cmake_minimum_required ?|include_guard)\(/,
  /^(?:Imports|open) [A-Z][\w.]+$/,
  /^syntax = "proto\d";/,
  /^\\(?:documentclass|ProvidesPackage)\b/,
  /^FROM [\w./:-]+(?: AS \w+)?$/,
  /^\.PHONY ?:/,
];

function isStatement(text: string): boolean {
  const head = FIRST_WORD.exec(text)?.[0].toLowerCase() ?? "";
  if (BEGINNINGS.get(head)?.test(text)) return true;
  return text.endsWith(";;") || LAST_WORDS.has(text.slice(text.lastIndexOf(" ") + 1).toLowerCase());
}

/** Whether brackets are opened that are not closed, or the other way round; `))` ends what was opened above. */
function isUneven(text: string): boolean {
  if (text.endsWith("))")) return true;
  let depth = 0;
  for (let at = 0; at < text.length; at++)
    if (text[at] === "(") depth++;
    else if (text[at] === ")") depth--;
  return depth !== 0;
}

const FIRST_WORD = /^[A-Za-z_-]{2,16}/;

/** How a line goes on that begins with a word. */
const BEGINNINGS: ReadonlyMap<string, RegExp> = new Map(
  (
    [
      // `if [ -f "$a" ]; then`
      ["if elif while until for", /; ?(?:then|do)$/],
      ["echo eval exec export local printf readonly set source trap unset", / .{0,120}\$[\w({]/],
      ["exit shift", /^\w+(?: \d)?$/],
      ["case", / in$/],
      // `end if`, `endforeach()`
      [
        "end",
        /^end (?:for|function|if|module|procedure|program|property|select|sub|subroutine|try|type|while)\b(?: [\w.]{1,60})?$/i,
      ],
      [
        "endfor endforeach endfunction endif endmacro endswitch endtry endwhile endef",
        /^\w+ ?(?:\([^)]*\))?$/,
      ],
      ["ifeq ifneq ifdef ifndef", /^\w+ [($"\w]/],
      ["let val and", / =(?: |$)/],
      ["type data newtype instance", / =(?: |$)| where$/],
      ["infix infixl infixr deriving", /^\w+ [\d(]/],
      ["dim", / as /i],
      [
        "private public protected friend overridable shared sub function property",
        /^(?:(?:private|public|protected|friend|overridable|shared) )*(?:sub|function|property) \w+ ?\(/i,
      ],
      ["subroutine procedure", /^\w+ \w{1,60}/],
      ["integer real logical character", / ?:: ?\w/],
      ["call", /^\w+ \w+ ?\(/i],
      ["syn syntax", /^\w+ (?:match|keyword|region|cluster) /],
      ["hi highlight", /^\w+ (?:def|link) /],
    ] as const
  ).flatMap(([words, rest]) => words.split(" ").map((word): [string, RegExp] => [word, rest])),
);

/** Words that end a line, and little else ends so. */
const LAST_WORDS: ReadonlySet<string> = new Set(["then", "begin", "where"]);
/** Operators and arrows that something follows on the next line. */
const ENDS = ["&&", "||", "->", "<-", " :=", " ="];
/** `(define (f x)` */
const LISP =
  /^\((?:and|begin|case|cond|declare|def\w{0,20}[-!*]?\w{0,20}\*?|do|fn|if|in-package|lambda|let[*\w-]{0,8}|loop|ns|or|progn|provide|require|set!|setf|setq|unless|use|when[\w-]{0,6})(?: |$)/;
/** `$name` and `$(name)`, no sum of money. */
const VARIABLE = /\$(?:[A-Za-z_]\w|[({@*#?])/;
/** A call whose arguments stand below it. */
const OPENED = /^[A-Za-z_]\w{0,60} ?\($/;
/** `x := 1`, `name :: Type -> Type`, `| Some x -> f x`, `x <- get` */
const ASSIGNED =
  /^(?:[\w.$()^[\]]{1,60} :?[:+?]= |[a-z_][\w']{0,60} (?:::|<-) ["'\w([]|\| .{0,160}(?:->|=>|=) )/;
