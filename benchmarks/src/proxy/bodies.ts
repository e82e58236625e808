/** Request bodies of a coding agent, made from one seed. */
import { searchResults } from "../generate.ts";

export const TOOLS = [
  {
    name: "Bash",
    description: "Runs a command and returns what it prints.",
    input_schema: { type: "object", properties: { command: { type: "string" } } },
  },
  {
    name: "Read",
    description: "Reads a file.",
    input_schema: { type: "object", properties: { file_path: { type: "string" } } },
  },
];

type Message = { readonly role: string; readonly content: unknown };

const WORDS =
  "the build then opens a second file because its first reader had left before any of these rows were written and nobody knew why".split(
    " ",
  );

/** Words that no compressor makes shorter. */
function prose(length: number, seed: number): string {
  let [text, state] = ["", seed * 7_919 + 1];
  while (text.length < length) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += `${WORDS[(state >>> 16) % WORDS.length]} `;
  }
  return `${text.trimEnd()}.`;
}

/** Lines of a test run, which compress. */
export function testRun(length: number, seed: number): string {
  const lines: string[] = [];
  for (let at = 0, size = 0; size < length; at++) {
    const id = Math.imul(at + 1, 2_654_435_761 + 2 * seed) >>> 0;
    const line = `2026-01-05T10:${String(at % 60).padStart(2, "0")}:07.${String(id % 1_000).padStart(3, "0")}Z ${id % 89 === 0 ? "ERROR" : "INFO"} worker-${id % 7} suite ${seed}/${at} job ${id} took ${id % 901} ms`;
    lines.push(line);
    size += line.length + 1;
  }
  return lines.join("\n");
}

/** A call and its result. */
function step(seed: number, text: string): Message[] {
  const id = `toolu_${seed}`;
  return [
    {
      role: "assistant",
      content: [
        { type: "text", text: prose(120, seed) },
        { type: "tool_use", id, name: "Bash", input: { command: `make check-${seed}` } },
      ],
    },
    { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: text }] },
  ];
}

function bodyText(messages: readonly Message[], more: object = {}): string {
  return JSON.stringify({
    model: "claude-sonnet-4-5",
    max_tokens: 1_024,
    messages,
    system: "You are a careful engineer.",
    tools: TOOLS,
    ...more,
  });
}

/** Of about so many bytes, with nothing that could be shortened: words of people. */
export function nothingToCompress(bytes: number, more: object = {}): Buffer {
  const messages: Message[] = [];
  for (let size = 0, at = 0; size < bytes - 800; at++) {
    const text = prose(1_500, at);
    messages.push({ role: at % 2 === 0 ? "user" : "assistant", content: text });
    size += text.length + 40;
  }
  if (messages.length % 2 === 0) messages.push({ role: "user", content: "Go on." });
  return Buffer.from(bodyText(messages, more));
}

/** Messages of transcripts by size and seed: a session sends the same ones again with every turn. */
const bases = new Map<string, Message[]>();

function base(bytes: number, seed: number): Message[] {
  const key = `${bytes} ${seed}`;
  const known = bases.get(key);
  if (known) return known;
  const messages: Message[] = [{ role: "user", content: "Find out why the build fails." }];
  for (let size = 0, at = 0; size < bytes; at++) {
    const own = seed * 10_000 + at;
    const text = at % 3 === 0 ? testRun(6_000, own) : at % 3 === 1 ? rows(own) : prose(1_500, own);
    const made = step(own, text);
    messages.push(...made);
    size += JSON.stringify(made).length;
  }
  bases.set(key, messages);
  return messages;
}

/** A transcript of tool results, logs, JSON and prose in turn, about `bytes` long, with `further` turns behind it. */
export function transcript(bytes: number, further: number, seed = 0, more: object = {}): Buffer {
  const turns = Array.from({ length: further }, (_, at) => {
    const own = seed * 10_000 + 5_000 + at;
    return step(own, testRun(4_000, own));
  });
  return Buffer.from(bodyText([...base(bytes, seed), ...turns.flat()], more));
}

function rows(seed: number): string {
  return JSON.stringify(searchResults(12, seed));
}
