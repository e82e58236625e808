/**
 * Stack traces: which lines are frames, and whose.
 *
 * Python, JavaScript and TypeScript, Java and Kotlin, C#, Go, Rust, Ruby. A frame of the reader's own code is worth keeping;
 * frames of the runtime and of installed packages are folded. Shapes follow what each runtime prints; there is no parser, only
 * a look at how the line starts and whether it names a place.
 */

export const NOT_A_FRAME = 0;
export const APP_FRAME = 1;
export const LIBRARY_FRAME = 2;
export type Frame = 0 | 1 | 2;

/** Parts of a path, or starts of a qualified name, of code nobody edits while debugging. */
const LIBRARY_PARTS: readonly string[] = [
  "site-packages/",
  "dist-packages/",
  "node_modules/",
  "node:",
  "(internal/",
  "/lib/python",
  "\\lib\\python",
  "importlib",
  "<frozen ",
  "/rustc/",
  "/.cargo/registry",
  "std::",
  "core::",
  "alloc::",
  "tokio::runtime",
  "/usr/local/go/",
  "/go/pkg/mod/",
  "runtime.",
  "testing.",
  "/gems/",
  "/ruby/",
  "java.",
  "javax.",
  "jdk.",
  "sun.",
  "kotlin.",
  "kotlinx.",
  "scala.",
  "groovy.",
  "org.junit",
  "junit.",
  "org.apache.maven",
  "org.gradle",
  "org.springframework",
  "org.codehaus",
  "org.hibernate",
  "io.netty",
  "reactor.core",
  "System.",
  "Microsoft.",
  "Xunit.",
  "NUnit.",
  "webpack",
  "anonymous>",
  "native)",
];

/** What kind of frame a shown line is. */
export function frameOf(line: string): Frame {
  const text = line.length > 600 ? line.slice(0, 600) : line;
  let indent = 0;
  while (indent < text.length && text.charCodeAt(indent) <= 32) indent++;
  const body = text.slice(indent);
  if (!isFrame(body, indent)) return NOT_A_FRAME;
  return isLibrary(body) ? LIBRARY_FRAME : APP_FRAME;
}

function isFrame(body: string, indent: number): boolean {
  if (body.startsWith("at ")) {
    return body.includes("(") || hasPlace(body) || body.includes(" in ");
  }
  if (body.startsWith('File "')) return body.includes('", line ');
  if (body.startsWith("from ")) return body.includes(":in ") && hasPlace(body);
  if (body.startsWith("... "))
    return body.endsWith(" more") || body.endsWith("common frames omitted");
  if (indent > 0 && isRustFrame(body)) return true;
  if (indent > 0 && (body.startsWith("/") || body.startsWith("_")) && body.includes(".go:"))
    return true;
  return false;
}

/** `12: core::panicking::panic` */
function isRustFrame(body: string): boolean {
  let at = 0;
  while (at < body.length && at < 4 && isDigit(body.charCodeAt(at))) at++;
  return (
    at > 0 &&
    body[at] === ":" &&
    body[at + 1] === " " &&
    (body.includes("::") || body.includes("main"))
  );
}

/** `:12` or `:12:5` somewhere: a place in a file. */
function hasPlace(body: string): boolean {
  for (let at = body.indexOf(":"); at >= 0; at = body.indexOf(":", at + 1)) {
    if (isDigit(body.charCodeAt(at + 1))) return true;
  }
  return false;
}

function isLibrary(body: string): boolean {
  const at = body.startsWith("at ") ? body.slice(3) : body;
  for (const part of LIBRARY_PARTS) {
    // Qualified names count only at their start; parts of paths count anywhere.
    if (
      part.includes("/") || part.includes("<") || part.includes("\\")
        ? at.includes(part)
        : at.startsWith(part)
    )
      return true;
  }
  return at.includes("(node:") || at.includes("anonymous>") || at.includes("(native)");
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
