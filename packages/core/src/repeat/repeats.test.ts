import { describe, expect, it } from "vitest";
import { memoryStore } from "../ccr/memory-store.ts";
import { createHeadroom } from "../create.ts";
import type { HeadroomOptions } from "../options.ts";

const estimate = { name: "characters", count: (text: string) => Math.ceil(text.length / 4) };
const make = (options: HeadroomOptions = {}) =>
  createHeadroom({ tokenCounter: estimate, minTokens: 40, ...options });
const code = (count: number, from = 0): string[] =>
  Array.from(
    { length: count },
    (_, at) => `export const name${from + at} = find("${from + at}", { deep: true });`,
  );
const read = (lines: readonly string[], from = 1): string =>
  lines.map((line, at) => `${String(from + at).padStart(6)}→${line}`).join("\n");

let calls = 0;
/** A call and its result, as Anthropic's messages. */
function use(name: string, input: object, content: string, more: object = {}): object[] {
  const id = `toolu_${++calls}`;
  return [
    { role: "assistant", content: [{ type: "tool_use", id, name, input }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: id, content, ...more }] },
  ];
}

async function sent(messages: readonly object[], options?: HeadroomOptions) {
  const { messages: made, blocks } = await make(options).compress(messages);
  const texts = made.flatMap((message) => {
    const { content } = message as { content: readonly { content?: string }[] };
    return Array.isArray(content) ? content.flatMap(({ content: text }) => text ?? []) : [];
  });
  const rows = blocks.filter(({ role }) => role === "tool");
  return { texts, rows, last: texts.at(-1) ?? "", row: rows.at(-1) };
}

describe("what stands above", () => {
  const path = "/src/app.ts";

  it("is named as a whole where a file or a command gives the same again", async () => {
    const lines = code(40);
    const { last, row } = await sent([
      ...use("Read", { file_path: path }, read(lines)),
      ...use("Read", { file_path: path }, read(lines)),
    ]);
    expect(last).toBe('[[hr repeat]]\n[40 lines, all the same as Read "/src/app.ts" above]');
    expect(row).toMatchObject({ outcome: "repeated", kind: "repeat", lossless: true });
    expect(row?.reason).toBe("lossless, refers to what stands above");
    expect(row?.tokensAfter).toBeLessThan(40);
  });

  it("is named where it stands in full, not where it is referred to itself", async () => {
    const lines = read(code(40));
    const { texts } = await sent([1, 2, 3].flatMap(() => use("Read", { file_path: path }, lines)));
    expect(texts[2]).toBe(
      '[[hr repeat]]\n[40 lines, all the same as Read "/src/app.ts" (1st of 2) above]',
    );
  });

  it("is not what only a program of the model has read, or sent", async () => {
    const lines = read(code(40));
    const caller = { type: "code_execution_20250825", tool_id: "srvtoolu_1" };
    const call = { type: "tool_use", id: "p", name: "Read", input: { content: lines }, caller };
    for (const frozenMessages of [0, 2]) {
      const messages = [
        { role: "assistant", content: [call] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "p", content: lines }] },
        ...use("Read", { file_path: path }, lines),
        ...use("Read", { file_path: path }, lines),
      ];
      const { rows } = await sent(messages, { frozenMessages });
      expect(rows.map(({ outcome }) => outcome)).toEqual(["protected", "compressed", "repeated"]);
    }
  });

  it("is a diff where a file was edited", async () => {
    const lines = code(60);
    const edited = lines.with(29, "export const other = 1;");
    const { last } = await sent([
      ...use("Read", { file_path: path }, read(lines)),
      ...use("Read", { file_path: path }, read(edited)),
    ]);
    expect(last).toBe(
      `[[hr repeat]]\n[the same as Read "/src/app.ts" above, but for these changes]\n@@ -30 +30 @@\n-${lines[29]}\n+${edited[29]}`,
    );
  });

  it("is what the assistant wrote itself, and its numbers stay", async () => {
    const lines = code(50);
    const { last } = await sent([
      ...use("Write", { file_path: path, content: lines.join("\n") }, "File created."),
      ...use("Read", { file_path: path, offset: 11 }, read(lines.slice(10), 11)),
    ]);
    expect(last).toBe(
      '[[hr repeat]]\n    11→[40 lines, the same as content of Write "/src/app.ts" above, lines 11–50, ' +
        '"export const name10 = find("10", { deep…" to "export const name49 = find("49", { deep…"]'
          .replaceAll('("10"', '(\\"10\\"')
          .replaceAll('("49"', '(\\"49\\"'),
    );
  });

  it("is what a patch adds", async () => {
    const lines = code(30);
    const patch = `*** Begin Patch\n*** Add File: ${path}\n${lines.map((line) => `+${line}`).join("\n")}\n*** End Patch`;
    const { last } = await sent([
      ...use("apply_patch", { input: patch }, "Done"),
      ...use("shell", { command: ["cat", path] }, lines.join("\n")),
    ]);
    expect(last).toContain(
      'the same as patched.input of apply_patch "*** Begin Patch" above, lines 3–32',
    );
  });

  it("says which times and ids are others", async () => {
    const run = (pid: number, took: number): string =>
      Array.from({ length: 20 }, (_, at) => `[pid ${pid}] worker ${at} of the queue is ready`)
        .concat(
          Array.from(
            { length: 20 },
            (_, at) => `✓ case ${at} keeps what it has been told (${took + at} ms)`,
          ),
        )
        .join("\n");
    const { last } = await sent(
      [
        ...use("Bash", { command: "npm start" }, run(4711, 10)),
        ...use("Bash", { command: "npm start" }, run(4802, 11)),
      ],
      { compressors: [] },
    );
    expect(last).toMatch(
      /^\[\[hr repeat\]\]\n\[40 lines, the same as Bash "npm start" above, lines 1–40/,
    );
    expect(last).toContain("but with pid 4802; pid 4802;");
    const { last: started } = await sent(
      [
        ...use("Bash", { command: "a" }, run(4711, 10).split("\n").slice(0, 20).join("\n")),
        ...use("Bash", { command: "b" }, run(4802, 10).split("\n").slice(0, 20).join("\n")),
      ],
      { compressors: [] },
    );
    expect(started).toContain('but "pid 4711" is now "pid 4802"]');
  });

  it("is compared exactly in a file that an agent edits", async () => {
    const lines = code(60).with(30, "const timeout = 30s");
    const { last } = await sent([
      ...use("Read", { file_path: path }, read(lines)),
      ...use("Read", { file_path: path }, read(lines.with(30, "const timeout = 60s"))),
    ]);
    expect(last).toContain("-const timeout = 30s\n+const timeout = 60s");
  });

  it("is never a view, a system prompt, an excluded kind of text or what stands behind", async () => {
    const rows = JSON.stringify(
      Array.from({ length: 400 }, (_, id) => ({ id, name: `job ${id}`, took: id % 90 })),
      null,
      1,
    );
    const viewed = await sent(
      [...use("Bash", { command: "a" }, rows), ...use("Bash", { command: "a" }, rows)],
      { store: memoryStore() },
    );
    expect(viewed.rows.map(({ outcome }) => outcome)).toEqual(["compressed", "compressed"]);
    const text = code(40).join("\n");
    const { rows: behindSystem } = await sent([
      { role: "system", content: text },
      { role: "tool", tool_call_id: "x", content: text },
    ]);
    expect(behindSystem.map(({ outcome }) => outcome)).not.toContain("repeated");
    const { rows: first } = await sent([
      ...use("Bash", { command: "a" }, text),
      ...use("Bash", { command: "b" }, text),
    ]);
    expect(first.map(({ outcome }) => outcome === "repeated")).toEqual([false, true]);
  });

  it("is left alone where the block is protected, or repeats are off", async () => {
    const text = code(40).join("\n");
    const twice = [...use("Bash", { command: "a" }, text), ...use("Bash", { command: "a" }, text)];
    const failed = [
      ...use("Bash", { command: "a" }, text),
      ...use("Bash", { command: "a" }, text, { is_error: true }),
    ];
    for (const [messages, options] of [
      [twice, { repeats: false }],
      [twice, { include: ["json"] }],
      [twice, { frozenMessages: 4 }],
      [twice, { tools: { Bash: "exclude" } }],
      [failed, {}],
    ] satisfies [object[], HeadroomOptions][])
      expect((await sent(messages, options)).row?.outcome).not.toBe("repeated");
    expect((await sent(twice, { include: ["json"], repeats: true })).row?.outcome).toBe("repeated");
    const audit = await sent(twice, { mode: "audit" });
    expect(audit.row).toMatchObject({ outcome: "protected" });
    expect(audit.row?.reason).toMatch(/^audit: repeat would give \d+ tokens, lossless$/);
  });

  it("is not looked for in texts that are too long, except as a whole", async () => {
    for (const [line, count] of [
      ["x".repeat(300), 1_000],
      ["some words", 21_000],
    ] as const) {
      const text = Array.from({ length: count }, (_, at) => `${line} ${at}`).join("\n");
      const options = { compressors: [] };
      const { rows } = await sent(
        [
          ...use("Bash", { command: "a" }, text),
          ...use("Bash", { command: "a" }, `${text}.`),
          ...use("Bash", { command: "a" }, text),
        ],
        options,
      );
      expect(rows.map(({ outcome }) => outcome)).toEqual(["declined", "declined", "repeated"]);
    }
  });

  it("is stored whole, and goes without a ref where the store fails", async () => {
    const lines = code(60);
    const messages = [
      ...use("Read", { file_path: path }, read(lines)),
      ...use("Read", { file_path: path }, read(lines)),
    ];
    const store = memoryStore();
    const { row } = await sent(messages, { store });
    expect((await store.get(row?.ref ?? ("" as never)))?.text).toBe(read(lines));
    const broken = { ...memoryStore(), put: () => Promise.reject(new Error("disk full")) };
    const { last, row: down } = await sent(messages, { store: broken });
    expect(last).toMatch(/^\[\[hr repeat\]\]\n\[60 lines, all the same as/);
    expect(down).toMatchObject({ outcome: "store-down", lossless: true });
  });

  it("keeps its bytes when a request whose model cannot retrieve comes between", async () => {
    const rows = JSON.stringify(
      Array.from({ length: 400 }, (_, id) => ({ id, name: `job ${id}`, took: id % 90 })),
      null,
      1,
    );
    const messages = [
      ...use("Bash", { command: "a" }, rows),
      ...use("Bash", { command: "a" }, rows),
    ];
    const headroom = make({ store: memoryStore() });
    const once = await headroom.compress(messages, { lossless: "new" });
    const again = await headroom.compress([...messages, { role: "user", content: "go on" }]);
    expect(JSON.stringify(again.messages.slice(0, 4))).toBe(JSON.stringify(once.messages));
  });
});
