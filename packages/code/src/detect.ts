/** Whether lines are source code, and of which language: by how their lines begin and end. Who is right is seen when they are parsed. */
import type { CodeLanguage } from "./languages.ts";
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

type Signs = readonly RegExp[];
type Family = "c" | "csharp" | "go" | "java" | "javascript" | "php" | "python" | "ruby" | "rust";

/** What lines of each language look like, and those of few others. All are anchored, and none can backtrack far. */
const SIGNS: Readonly<Record<Family, Signs>> = {
  c: [
    /^\s*#\s{0,4}(?:include|define|ifdef|ifndef|endif|if|pragma|undef|else)\b/,
    /^(?:static |extern |inline |const |unsigned |virtual |explicit |constexpr )*(?:void|int|char|bool|size_t|float|double|long|auto|struct \w+|std::[\w:<>]+|u?int\d+_t)[ *&]+\**\w[\w:]*\s?[(;=[]/,
    /^(?:namespace|template ?<|using namespace|typedef|struct|class|public:|private:|protected:|extern "C")\b[^;]{0,80}[{;:>]?$/,
    /^\s+.{0,80}(?:->\w|std::|\bNULL\b|\bnullptr\b|sizeof ?\()/,
  ],
  csharp: [
    /^using (?:static )?[A-Z][\w.]*;$/,
    /^\s*namespace [A-Z][\w.]*;?$/,
    /^\s*(?:public|private|protected|internal)(?: static| override| virtual| async| sealed| abstract| partial| readonly)* [\w<>[\],.? ]+(?:\(|\{ get;|$)/,
    /\{ get; (?:private )?(?:set|init); \}/,
    /^\s*(?:\[[A-Z]\w*(?:\(.*\))?\]|\/\/\/ <\/?\w+)/,
  ],
  go: [
    /^package \w+$/,
    /^func (?:\(\w+ \*?[\w[\]]+\) )?\w+(?:\[[^\]]*\])?\(/,
    /^\s*\w[\w, ]* := /,
    /^\s*if (?:.*; )?err != nil \{$/,
    /^type \w+ (?:struct|interface|func|map|\[\])/,
    /^(?:import|const|var) \($/,
    /^\t*defer |^\t*go func\(/,
  ],
  java: [
    /^package [a-z][\w.]*;$/,
    /^import (?:static )?[\w.]+(?:\.\*)?;$/,
    /^\s*(?:public|private|protected)(?: static| final| abstract| synchronized| default| native)* [\w<>[\],.? ]+[({;=]/,
    /^\s*@(?:Override|Deprecated|Nullable|NonNull|Test|SuppressWarnings|Inject|Autowired)\b/,
    /^\s*\*? ?@(?:param|return|throws|since|author) /,
  ],
  javascript: [
    /^\s*(?:export |default |declare |async )*(?:function\*? ?\w*\s?[(<]|class \w+|interface \w+|type \w+[ <]|enum \w+ \{|namespace \w+|module\.exports|abstract class)/,
    /^\s*(?:export )?(?:const|let|var) (?:\w+|\{[^}]*\}|\[[^\]]*\])(?:: [^=]{1,80})? = /,
    /^import (?:type )?(?:[\w*{][^"']{0,200} from )?["']/,
    /^\} from ["']/,
    /(?:=> ?[{(]?|\}\);?)$/,
    /\brequire\(["']|===|!==/,
    /^\s*(?:readonly |static |private |public |protected |async |get |set )*\w+\??(?:\([^)]{0,120}\))?: [\w<>[\]|.{} "']+[;,{]$/,
  ],
  php: [
    /^\s*<\?php/,
    /^\s*(?:\$\w+(?:->\w+|\[[^\]]*\])* ?(?:=|\.=|->)|return \$|\$this->)/,
    /^\s*(?:(?:abstract|final|public|private|protected|static) )*function &?\w+\(/,
    /^(?:namespace|use) [A-Z]\w*(?:\\\w+)*(?: as \w+)?;$/,
    /^\s*(?:public|private|protected)(?: static)? (?:\??[\w\\]+ )?\$\w+/,
    /(?:foreach|if|elseif) \(.{0,80}\$\w+/,
  ],
  python: [
    /^\s*(?:async )?def \w+\(/,
    /^\s*class \w+(?:\(.*\))?:/,
    /^\s*(?:from [\w.]+ import |import [\w.]+(?: as \w+)?(?:, |$))/,
    /^\s*(?:if|elif|while|for|with|except) .{1,200}:$/,
    /^\s*(?:else|try|finally):$/,
    /^\s*(?:self\.\w+|return self|raise \w+|@(?:property|staticmethod|classmethod)|pass$)/,
    /^\s*(?:"""|'''|r""")/,
  ],
  ruby: [
    /^\s*def (?:self\.)?\w+[?!=]?(?:\(.*\)|$| \w)/,
    /^\s*end$/,
    /^\s*(?:module|class) [A-Z][\w:]*(?: < [A-Z][\w:]*)?$/,
    /^\s*(?:require|require_relative) ["']/,
    /^\s*(?:attr_\w+|include|extend|private|protected|alias|raise|unless|elsif|rescue|ensure|begin)\b/,
    / do(?: \|[^|]*\|)?$/,
  ],
  rust: [
    /^\s*(?:pub(?:\([\w ]+\))? )?(?:async |unsafe |const )*fn \w+/,
    /^\s*(?:pub(?:\([\w ]+\))? )?(?:struct|enum|trait|mod|use|impl|type|static) ?[\w<:]/,
    /^\s*#!?\[\w+/,
    /^\s*let (?:mut )?\w+/,
    /(?:-> [\w<>&'[\]() ,:]+ \{|=> \{?|\?;|\.unwrap\(\))$/,
    /^\s*(?:\/\/\/|\/\/!) /,
  ],
};

/** Lines that settle it: few other languages have them. */
const MARKS: readonly (readonly [Family, RegExp])[] = [
  ["c", /^\s*#\s{0,4}include ?[<"]/],
  ["csharp", /^using (?:static )?[A-Z][\w.]*;$/],
  ["go", /^package \w+$/],
  ["java", /^(?:package|import)(?: static)? [a-z][\w.]*(?:\.\*)?;$/],
  ["php", /^\s*<\?php\b/],
  ["rust", /^(?:pub )?use (?:crate|self|std|super|core|alloc)::/],
];
/** What one of them counts. */
const MARK_SIGNS = 10;

/** How lines of any of the languages end, or what is alone on one. */
const CODE =
  /[;{}(),:[\]\\]\s*$|^\s*(?:end|else|do|begin|return\b.*|@\w+.*|import .*|from .*|use .*|package .*|[\w.[\]"']+ (?:[+\-*/|&]?=|:=) .*)$|\)\s*$/;
const COMMENT =
  /^\s*(?:\/\/|#(?! ?(?:include|define|if|endif|pragma|undef|else|!?\[))|\*|\/\*|--|"""|''')/;
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
    const line = whole.slice(0, MAX_LINE).trimEnd();
    if (line === "") continue;
    if (FENCE.test(line)) fences++;
    if (COMMENT.test(line)) continue;
    lines++;
    if (CODE.test(line)) codeLike++;
    if (JSX.test(line)) jsx++;
    if (CPP.test(line)) cpp++;
    for (const [name, mark] of MARKS)
      if (mark.test(line)) counts.set(name, (counts.get(name) ?? 0) + MARK_SIGNS);
    for (const [name, signs] of ENTRIES)
      if (signs.some((sign) => sign.test(line))) counts.set(name, (counts.get(name) ?? 0) + 1);
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

const ENTRIES = Object.entries(SIGNS) as readonly [Family, Signs][];
const JSX = /^\s*(?:<\/?[A-Za-z][\w.]*[\s/>]|\/>|<>)|(?:return|=>|&&|\?) \(?<[A-Za-z]/;
const CPP = /^\s*(?:class|namespace|template|using|public:|private:|protected:)|::/;
