/** Recorded sessions as the requests an agent would have sent: one for each answer of the model, each with everything before it. */
import type { Data } from "../corpus.ts";
import { type AnyMessage, sessionMessages } from "../requests.ts";

export interface Recorded {
  readonly name: string;
  /** Bodies of `/v1/messages`, in order. */
  readonly requests: readonly Buffer[];
}

interface Block {
  readonly type: string;
  readonly [field: string]: unknown;
}

interface Message {
  readonly role: string;
  readonly content: readonly Block[];
}

export function recordedSessions(data: Data): readonly Recorded[] {
  const sessions = data.readSet("sessions").map(({ name, text }) => ({
    name,
    messages: joined(sessionMessages(text)),
  }));
  const runs = data.readSet("trajectories").flatMap(({ name, text }) => {
    const messages = fromTrajectory(text);
    return messages.length > 0 ? [{ name, messages }] : [];
  });
  return [...sessions, ...runs].flatMap(({ name, messages }) => {
    const requests = requestsOf(messages);
    return requests.length > 1 ? [{ name, requests }] : [];
  });
}

/** Records write each block of a message in a line of its own. */
function joined(lines: readonly AnyMessage[]): readonly Message[] {
  const messages: { role: string; content: Block[] }[] = [];
  for (const { role, content } of lines) {
    const blocks = blocksOf(content);
    const last = messages.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else messages.push({ role, content: blocks });
  }
  return messages;
}

function blocksOf(content: unknown): Block[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  return Array.isArray(content) ? (content as Block[]) : [];
}

interface Step {
  readonly action?: string;
  readonly thought?: string;
  readonly observation?: string;
}

/** A run of SWE-agent as calls of one tool. */
function fromTrajectory(text: string): readonly Message[] {
  if (!text.trimStart().startsWith("{")) return [];
  let steps: readonly Step[] | undefined;
  try {
    steps = (JSON.parse(text) as { trajectory?: readonly Step[] }).trajectory;
  } catch {
    // Lines of JSON are no run.
  }
  if (steps === undefined) return [];
  const messages: Message[] = [
    { role: "user", content: [{ type: "text", text: "Solve the issue in this repository." }] },
  ];
  for (const [at, { action = "", thought = "", observation = "" }] of steps.entries()) {
    const id = `toolu_step_${at}`;
    const call = { type: "tool_use", id, name: "Bash", input: { command: action } };
    const said: Block[] = thought === "" ? [] : [{ type: "text", text: thought }];
    messages.push({ role: "assistant", content: [...said, call] });
    const result = { type: "tool_result", tool_use_id: id, content: observation };
    messages.push({ role: "user", content: [result] });
  }
  return messages;
}

const MARK = { type: "ephemeral" } as const;
/** Cache points on the last messages of the user: with the two of the system prompt there are four. */
const MOVING_MARKS = 2;

function requestsOf(messages: readonly Message[]): readonly Buffer[] {
  const names = new Set<string>();
  for (const { content } of messages)
    for (const { type, name } of content)
      if (type === "tool_use" && typeof name === "string") names.add(name);
  const tools = [...names].map((name) => ({
    name,
    description: `The tool ${name} of a coding agent.`,
    input_schema: { type: "object" },
  }));
  const requests: Buffer[] = [];
  for (const [at, { role }] of messages.entries()) {
    if (role !== "assistant" || at === 0) continue;
    const body = {
      model: "claude-sonnet-4-5",
      messages: asSent(messages.slice(0, at)),
      system: [
        { type: "text", text: "You are a coding agent.", cache_control: MARK },
        { type: "text", text: "Work carefully.", cache_control: MARK },
      ],
      tools,
      max_tokens: 32_000,
      stream: false,
    };
    requests.push(Buffer.from(JSON.stringify(body)));
  }
  return requests;
}

/** The newest words of the user are a list with a mark, older ones of one text a string: so Claude Code writes them. */
function asSent(messages: readonly Message[]): readonly unknown[] {
  const users = messages.flatMap(({ role }, at) => (role === "user" ? [at] : []));
  const marked = new Set(users.slice(-MOVING_MARKS));
  return messages.map(({ role, content }, at) => {
    const [only] = content;
    if (marked.has(at))
      return {
        role,
        content: content.map((block, index) =>
          index === content.length - 1 ? { ...block, cache_control: MARK } : block,
        ),
      };
    if (role === "user" && content.length === 1 && only?.type === "text")
      return { role, content: only.text };
    return { role, content };
  });
}
