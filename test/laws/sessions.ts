/** Made-up sessions of coding agents: files that are read, changed and read again, and commands that are run again. */
import fc from "fast-check";
import type { Message } from "./transcript.ts";

type Action =
  | { readonly do: "read"; readonly file: number; readonly style: number; readonly skip: number }
  | { readonly do: "cat"; readonly file: number }
  | {
      readonly do: "edit";
      readonly file: number;
      readonly at: number;
      readonly cut: number;
      readonly add: number;
      readonly echo: boolean;
    }
  | { readonly do: "write"; readonly file: number; readonly lines: number; readonly echo: boolean }
  | { readonly do: "test"; readonly tests: number; readonly failing: number }
  | { readonly do: "serve"; readonly lines: number }
  | { readonly do: "poll"; readonly lines: number }
  | { readonly do: "again"; readonly back: number }
  | { readonly do: "odd"; readonly text: string };

export interface Session {
  readonly shape: "anthropic" | "openai";
  readonly seed: number;
  readonly actions: readonly Action[];
}

const file = fc.nat({ max: 2 });
const ODD = [
  '[12 lines, the same as Read "/src/file0.ts" above, lines 1–12]',
  '    12→[12 lines, the same as Read "/src/file0.ts" above, lines 1–12]',
  "\\[3 lines, the same as lines 4–6 there]",
  '[the same as Bash "npm test" above, but for these changes]\n@@ -1 +1 @@\n-a\n+b',
  "     7→\n     8→\\[1 line, all the same as Bash above]\n     9→x",
  "a\r\nb\r\nc\r\nd\r\ne\r\nf\r\ng\r\n",
  "\n\n\n\n\n\n\n\n\n\n\n\n",
];
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("read" as const),
      file,
      style: fc.nat({ max: 2 }),
      skip: fc.oneof(fc.constant(0), fc.nat({ max: 30 })),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("cat" as const), file }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("edit" as const),
      file,
      at: fc.nat({ max: 60 }),
      cut: fc.nat({ max: 12 }),
      add: fc.nat({ max: 12 }),
      echo: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("write" as const),
      file,
      lines: fc.nat({ max: 60 }),
      echo: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("test" as const),
      tests: fc.integer({ min: 8, max: 30 }),
      failing: fc.nat({ max: 30 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("serve" as const),
      lines: fc.integer({ min: 6, max: 20 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("poll" as const), lines: fc.nat({ max: 40 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("again" as const), back: fc.nat({ max: 5 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("odd" as const),
      text: fc
        .array(fc.constantFrom(...ODD), { minLength: 1, maxLength: 6 })
        .map((texts) => texts.join("\n")),
    }),
  },
);

export function sessions(): fc.Arbitrary<Session> {
  return fc.record({
    shape: fc.constantFrom("anthropic" as const, "openai" as const),
    seed: fc.nat({ max: 1_000 }),
    actions: fc.array(action, { minLength: 2, maxLength: 14 }),
  });
}

interface Use {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: string;
}

/** The messages of a session, up to and including its `upTo`th action. */
export function messagesOfSession(
  { shape, seed, actions }: Session,
  upTo = actions.length,
): Message[] {
  const world = new World(seed);
  const messages: Message[] = [{ role: "user", content: "Make the tests pass." }];
  for (const [index, each] of actions.slice(0, upTo).entries()) {
    const { tool, input, output } = world.does(each, index);
    const id = `call_${index}`;
    messages.push(
      ...(shape === "openai"
        ? [
            {
              role: "assistant",
              content: null,
              tool_calls: [
                {
                  id,
                  type: "function",
                  function: { name: tool, arguments: JSON.stringify(input) },
                },
              ],
            },
            { role: "tool", tool_call_id: id, content: output },
          ]
        : [
            { role: "assistant", content: [{ type: "tool_use", id, name: tool, input }] },
            { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: output }] },
          ]),
    );
  }
  return messages;
}

const WORDS = ["order", "price", "route", "cache", "index", "token", "batch", "queue"];

class World {
  readonly #files: string[][];
  readonly #outputs: Use[] = [];
  #clock: number;
  #next: number;
  #log: string[] = [];

  constructor(seed: number) {
    this.#next = seed;
    this.#clock = seed * 977;
    this.#files = [0, 1, 2].map((name) => this.#code(20 + ((seed * 7 + name * 31) % 60)));
  }

  does(action: Action, index: number): Use {
    const use = this.#use(action, index);
    this.#outputs.push(use);
    return use;
  }

  #use(action: Action, index: number): Use {
    switch (action.do) {
      case "read": {
        const path = pathOf(action.file);
        const lines = this.#file(action.file);
        const from = Math.min(action.skip, Math.max(0, lines.length - 1));
        const input = from === 0 ? { file_path: path } : { file_path: path, offset: from + 1 };
        return { tool: "Read", input, output: numbered(lines.slice(from), from + 1, action.style) };
      }
      case "cat":
        return {
          tool: "Bash",
          input: { command: `cat ${pathOf(action.file)}` },
          output: this.#file(action.file).join("\n"),
        };
      case "edit": {
        const lines = this.#file(action.file);
        const at = Math.min(action.at, lines.length);
        const added = this.#code(action.add);
        const removed = lines.splice(at, action.cut, ...added);
        const shown = numbered(
          lines.slice(Math.max(0, at - 4), at + added.length + 4),
          Math.max(1, at - 3),
          0,
        );
        return {
          tool: "Edit",
          input: {
            file_path: pathOf(action.file),
            old_string: removed.join("\n"),
            new_string: added.join("\n"),
          },
          output: `The file ${pathOf(action.file)} has been updated.${action.echo ? ` Here's a snippet:\n${shown}` : ""}`,
        };
      }
      case "write": {
        const lines = this.#code(action.lines);
        this.#files[action.file] = lines;
        return {
          tool: "Write",
          input: { file_path: pathOf(action.file), content: lines.join("\n") },
          output: action.echo ? `The file is now:\n${numbered(lines, 1, 0)}` : "File created.",
        };
      }
      case "test": {
        const head = `> test\nRunning with seed: ${this.#tick()}, pid ${this.#tick() % 9000}`;
        const rows = Array.from(
          { length: action.tests },
          (_, at) =>
            `${at === action.failing ? "✗" : "✓"} ${WORDS[at % 8]} case ${at} keeps its ${WORDS[(at * 3) % 8]} (${(this.#tick() % 90) + 1} ms)`,
        );
        const end = `Finished in ${this.#tick() % 60}.${this.#tick() % 10}s at ${this.#stamp()}`;
        return {
          tool: "Bash",
          input: { command: "npm test" },
          output: [head, ...rows, end].join("\n"),
        };
      }
      case "serve": {
        const id = `pid ${this.#tick() % 9000}`;
        const rows = Array.from(
          { length: action.lines },
          (_, at) => `[${id}] worker ${at} of the ${WORDS[at % 8]} queue is listening`,
        );
        return { tool: "Bash", input: { command: "npm start" }, output: rows.join("\n") };
      }
      case "poll": {
        for (let line = 0; line < action.lines; line++)
          this.#log.push(
            `${this.#stamp()} INFO ${WORDS[this.#tick() % 8]} ${this.#tick() % 50} done in ${this.#tick() % 400} ms`,
          );
        return {
          tool: "TaskOutput",
          input: { task_id: "b1" },
          output: `<status>running</status>\n${this.#log.join("\n")}\n`,
        };
      }
      case "again":
        return (
          this.#outputs.at(-1 - action.back) ?? {
            tool: "Bash",
            input: { command: "true" },
            output: "",
          }
        );
      case "odd":
        return { tool: "Bash", input: { command: `odd ${index % 2}` }, output: action.text };
    }
  }

  #file(at: number): string[] {
    return this.#files[at] ?? [];
  }

  #code(lines: number): string[] {
    return Array.from({ length: lines }, () => {
      const at = this.#next++;
      if (at % 7 === 0) return "";
      if (at % 11 === 0) return "  }";
      const [one, two] = [WORDS[at % 8], WORDS[(at * 5 + 3) % 8]];
      return `  const ${one}${at} = await ${two}.find("${two}-${(at * 37) % 101}", { limit: ${at % 13} });`;
    });
  }

  #tick(): number {
    this.#clock = (this.#clock * 1_103 + 12_345) % 1_000_003;
    return this.#clock;
  }

  #stamp(): string {
    const two = (most: number): string => String(this.#tick() % most).padStart(2, "0");
    return `2026-03-04 ${two(24)}:${two(60)}:${two(60)}`;
  }
}

function pathOf(name: number): string {
  return `/src/file${name}.ts`;
}

function numbered(lines: readonly string[], from: number, style: number): string {
  return lines
    .map((line, at) => {
      const number = String(from + at);
      if (style === 1) return `${number.padStart(6)}\t${line}`;
      return style === 2 ? `${number}: ${line}` : `${number.padStart(6)}→${line}`;
    })
    .join("\n");
}
