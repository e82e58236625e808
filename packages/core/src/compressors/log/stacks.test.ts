import { describe, expect, it } from "vitest";
import { finish } from "../../steps.ts";
import {
  APP_FRAME,
  type Frame,
  frameOf,
  indentOf,
  LIBRARY_FRAME,
  NOT_A_FRAME,
  showStacks,
} from "./stacks.ts";

describe("frameOf", () => {
  it.each([
    "    at add (/app/src/a.ts:3:5)",
    "    at /app/src/a.ts:3:5",
    "at com.example.App.run(App.java:12)",
    "   at Shop.Cart.Add() in /src/Cart.cs:line 12",
    "   at Shop.Cart in Cart",
    '  File "app/a.py", line 3, in add',
    "\tfrom app/a.rb:3:in `add'",
    "\t... 12 more",
    "\t... 12 common frames omitted",
    "   0: app::main",
    "  12: main",
    " 1234: app::run",
    "\t/app/main.go:12 +0x1d",
    "  _testmain.go:45",
  ])("a frame of the reader's own: %s", (line) => expect(frameOf(line)).toBe(APP_FRAME));

  it.each([
    "site-packages/x",
    "dist-packages/x",
    "node_modules/x",
    "(internal/x",
    "/lib/python3.12/x",
    "\\lib\\python\\x",
    "<frozen x>",
    "/rustc/x",
    "/.cargo/registry/x",
    "/usr/local/go/x",
    "/go/pkg/mod/x",
    "/gems/x",
    "/ruby/x",
    "<anonymous>",
    "(node:internal/x",
    "anonymous>",
    "(native)",
  ])("a library's by a part of its path: %s", (part) => {
    expect(frameOf(`    at run (${part}:1:2)`)).toBe(LIBRARY_FRAME);
  });

  it.each(
    (
      "node: importlib std:: core:: alloc:: tokio::runtime runtime. testing. java. javax. jdk. sun. kotlin. kotlinx. " +
      "scala. groovy. org.junit junit. org.apache.maven org.gradle org.springframework org.codehaus org.hibernate " +
      "io.netty reactor.core System. Microsoft. Xunit. NUnit. webpack native)"
    ).split(" "),
  )("a library's by how its name starts: %s", (start) => {
    expect(frameOf(`    at ${start}x.run(A.java:1)`)).toBe(LIBRARY_FRAME);
    expect(frameOf(`    at my.${start}x.run(A.java:1)`)).toBe(APP_FRAME);
  });

  it.each([
    "",
    "at",
    "at home",
    "at the start of it",
    "looked at (x)",
    'File "a.py"',
    'File "a.py" line 3',
    "from a to b",
    "from a:in b",
    "from a.rb:3",
    "... and more things",
    "... 3 lines",
    "12: app::main",
    "  12 app::main",
    "  12:app::main",
    "  12: app",
    "  : app::main",
    "  12345: app::main",
    "  x: app::main",
    "/app/main.go:12",
    "  app/main.go:12",
    "  /app/main.c:12",
  ])("no frame: %s", (line) => expect(frameOf(line)).toBe(NOT_A_FRAME));

  it("reads six hundred characters", () => {
    expect(frameOf(`    at ${"x".repeat(591)} (a`)).toBe(APP_FRAME);
    expect(frameOf(`    at ${"x".repeat(593)} (a`)).toBe(NOT_A_FRAME);
  });
});

describe("indentOf", () => {
  it.each([
    ["x", 0],
    ["  x", 2],
    ["\t x", 2],
    ["  ", 2],
    ["", 0],
  ])("%j: %i", (line, indent) => expect(indentOf(line)).toBe(indent));
});

/** Marks: `+` shown, `-` hidden, `.` neither. */
function marksOf(lines: readonly string[]): string {
  const shown = new Uint8Array(lines.length);
  const frames = Uint8Array.from(lines, (line): Frame => frameOf(line));
  const hidden = finish(showStacks(lines, frames, shown));
  return lines.map((_, at) => (shown[at] === 1 ? "+" : hidden[at] === 1 ? "-" : ".")).join("");
}

const own = (at: number): string => `    at step${at} (/app/src/a.ts:${at}:5)`;
const library = (at: number): string => `    at Module.f${at} (node:internal/modules:${at}:5)`;

function frames(count: number, make: (at: number) => string): readonly string[] {
  return Array.from({ length: count }, (_, at) => make(at + 1));
}

describe("showStacks", () => {
  it.each<[string, readonly string[], string]>([
    ["a lone frame is no stack", ["Error", own(1), "x"], "..."],
    ["two frames are one", ["Error", own(1), own(2), "x"], ".++."],
    ["nine own frames are all shown", frames(9, own), "+++++++++"],
    ["of ten the first five and the last four", frames(10, own), "+++++-++++"],
    ["of libraries the first three and the last", frames(6, library), "+++--+"],
    ["four of libraries are all shown", frames(4, library), "++++"],
    [
      "libraries' frames between own ones are hidden",
      [own(1), library(1), library(2), own(2)],
      "+--+",
    ],
    [
      "the first and the last frame are shown whosever they are",
      [library(1), library(2), own(1), library(3)],
      "+-++",
    ],
    ["the second stack of a kind is hidden", [own(1), own(2), "x", own(3), own(4)], "++.--"],
    [
      "another kind of stack is shown",
      [own(1), own(2), "x", own(3), library(1), "    at other (/app/src/b.ts:1:1)"],
      "++.+-+",
    ],
    [
      "source lines under Python's frames go with them",
      ['  File "a.py", line 1', "    run()", '  File "b.py", line 2', "    stop()", "Error"],
      "++++.",
    ],
    [
      "two lines of source at most",
      ['  File "a.py", line 1', "    run()", "    ^^^", "    third", '  File "b.py", line 2'],
      ".....",
    ],
    ["a blank line ends a stack", [own(1), own(2), "", own(3), own(4)], "++.--"],
    ["what is indented less ends a stack", [own(1), own(2), "  x", own(5), own(6)], "++.--"],
  ])("%s", (_, lines, marks) => expect(marksOf(lines)).toBe(marks));
});
