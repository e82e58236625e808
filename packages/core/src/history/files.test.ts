import { expect, it } from "vitest";
import { covers } from "./file-use.ts";
import { type FileTools, filesOf, isFileTools, isProgramRead } from "./files.ts";

function uses(name: string, args: object | string, own: FileTools = {}): string {
  const json = typeof args === "string" ? args : JSON.stringify(args);
  return filesOf({ id: "1", name, args: json }, own)
    .map(
      ({ action, path, lines }) => `${action} ${path}${lines ? ` ${lines.from}-${lines.to}` : ""}`,
    )
    .join(", ");
}

const PATCH =
  "*** Begin Patch\n*** Update File: src/a.ts\n@@\n-x\n+y\n*** Add File: src/b.ts\n+z\n*** End Patch";

it.each<[agent: string, name: string, args: object | string, expected: string]>([
  ["Claude Code", "Read", { file_path: "/w/a.ts" }, "read /w/a.ts"],
  ["Claude Code", "Read", { file_path: "/w/a.ts", offset: 10, limit: 5 }, "read /w/a.ts 10-14"],
  [
    "Claude Code",
    "Edit",
    { file_path: "/w/a.ts", old_string: "a", new_string: "b" },
    "edit /w/a.ts",
  ],
  [
    "Claude Code",
    "MultiEdit",
    { file_path: "/w/a.ts", edits: [{ old_string: "a" }] },
    "edit /w/a.ts",
  ],
  ["Claude Code", "NotebookEdit", { notebook_path: "n.ipynb" }, "edit n.ipynb"],
  ["Claude Code", "Bash", { command: "cat src/a.ts" }, "read src/a.ts"],
  ["Codex", "apply_patch", PATCH, "edit src/a.ts, edit src/b.ts"],
  ["Codex", "apply_patch", { input: PATCH }, "edit src/a.ts, edit src/b.ts"],
  [
    "Codex",
    "shell",
    { command: ["bash", "-lc", "sed -n '1,200p' src/a.ts"] },
    "read src/a.ts 1-200",
  ],
  ["Codex", "shell", { command: ["apply_patch", PATCH] }, "edit src/a.ts, edit src/b.ts"],
  [
    "Codex",
    "exec_command",
    { cmd: "nl -ba a.ts | sed -n 5,9p", workdir: "/w" },
    "read /w/a.ts 5-9",
  ],
  ["OpenAI", "apply_patch", { type: "update_file", path: "a.ts", diff: "@@" }, "edit a.ts"],
  ["OpenAI", "shell", { commands: ["cat a.ts", "ls"] }, "read a.ts"],
  ["OpenCode", "read", { filePath: "a.ts", offset: 0, limit: 50 }, "read a.ts 0-49"],
  ["OpenCode", "patch", { patchText: PATCH }, "edit src/a.ts, edit src/b.ts"],
  [
    "Cursor",
    "read_file",
    { target_file: "a.ts", start_line_one_indexed: 1, end_line_one_indexed_inclusive: 20 },
    "read a.ts 1-20",
  ],
  ["Cursor", "search_replace", { file_path: "a.ts" }, "edit a.ts"],
  [
    "Aider",
    "replace_lines",
    { edits: [{ path: "a.py" }, { path: "b.py" }] },
    "edit a.py, edit b.py",
  ],
  ["Cline", "write_to_file", { path: "a.ts", content: "x" }, "edit a.ts"],
  ["Gemini CLI", "replace", { file_path: "a.ts" }, "edit a.ts"],
  ["LangChain", "read_file", { file_path: "a.txt" }, "read a.txt"],
  ["LangChain", "file_delete", { file_path: "a.txt" }, "edit a.txt"],
  [
    "AI SDK",
    "str_replace_based_edit_tool",
    { command: "view", path: "a.ts", view_range: [3, -1] },
    "read a.ts 3-Infinity",
  ],
  ["AI SDK", "str_replace_editor", { command: "insert", path: "a.ts" }, "edit a.ts"],
  ["MCP", "mcp__filesystem__read_text_file", { path: "./a.ts" }, "read a.ts"],
  ["MCP", "read_multiple_files", { paths: ["a.ts", "b.ts"] }, "read a.ts, read b.ts"],
])("%s: %s is understood", (_, name, args, expected) => {
  expect(uses(name, args)).toBe(expected);
});

it.each<[command: string, expected: string]>([
  ["cd packages/core && cat src/a.ts", "read packages/core/src/a.ts"],
  ["head -n 20 a.ts", "read a.ts 1-20"],
  ["head -20 'my file.ts'", "read my file.ts 1-20"],
  ["cat a.ts; cat b.ts", "read a.ts, read b.ts"],
  ["sed -i 's/a/b/' a.ts", "edit a.ts"],
  ["cat > a.ts <<'EOF'\ncat b.ts\nEOF", "edit a.ts"],
  ["echo x >> log.txt", "edit log.txt"],
  ["make | tee out.txt", "edit out.txt"],
  ["cat a.ts | grep x", ""],
  ["cat a.ts b.ts", ""],
  ["npm test 2>&1 | tail -5", ""],
  ["ls > /dev/null", ""],
  ["cat", ""],
  ["", ""],
])("the command %j", (command, expected) => {
  expect(uses("Bash", { command })).toBe(expected);
});

it("tools of the caller's are what the caller says, under any prefix", () => {
  const own = { fetch_source: "read", save_source: "edit", Read: "other" } as const;
  expect(uses("fetch_source", { path: "a.ts" }, own)).toBe("read a.ts");
  expect(uses("mcp__repo__save_source", { path: "a.ts" }, own)).toBe("edit a.ts");
  expect(uses("Read", { file_path: "a.ts" }, own)).toBe("");
  expect(uses("search", { path: "src" })).toBe("");
  expect([isFileTools(own), isFileTools({ a: "delete" }), isFileTools([])]).toEqual([
    true,
    false,
    false,
  ]);
});

it.each(["", "null", "[1]", "{", '{"file_path":7}', '{"file_path":""}'])(
  "arguments %j say nothing",
  (args) => {
    expect(uses("Read", args)).toBe("");
  },
);

it("a read covers what it shows", () => {
  const [part, more] = [
    { from: 10, to: 20 },
    { from: 1, to: 20 },
  ];
  expect([
    covers(undefined, part),
    covers(more, part),
    covers(part, more),
    covers(part, undefined),
  ]).toEqual([true, true, false, false]);
});

it.each<[name: string, args: object, expected: boolean]>([
  ["Read", { file_path: "/w/Rates.hs", offset: 10 }, true],
  ["read_many_files", { paths: ["a.cob", "lib/Makefile"] }, true],
  ["read_many_files", { paths: ["a.cob", "a.log"] }, false],
  ["mcp__files__read_text_file", { path: "C:\\shop\\rates.f90" }, true],
  ["str_replace_based_edit_tool", { command: "view", path: "a.asm" }, true],
  ["Edit", { file_path: "a.hs" }, false],
  ["Read", { file_path: "a.json" }, false],
  ["Read", { file_path: "build.log" }, false],
  ["Bash", { command: "cat src/a.hs" }, true],
  ["Bash", { command: "cd src && sed -n 1,200p a.hs\n" }, true],
  ["shell", { command: ["bash", "-lc", "cat a.hs"] }, true],
  ["Bash", { command: "cat a.hs && npm test" }, false],
  ["Bash", { command: "cat a.hs\nnpm test" }, false],
  ["Bash", { command: "grep -n x a.hs" }, false],
  ["Bash", { command: "cat a.hs | sort | uniq -c" }, false],
  ["WebFetch", { url: "https://example.com/a.hs" }, false],
])("%s of %j is source code: %s", (name, args, expected) => {
  expect(isProgramRead(name, JSON.stringify(args))).toBe(expected);
});
