/**
 * Tools whose results are instructions and not data: a skill that was loaded, what a sub-agent hands over, the answer of a person, a
 * plan, a memory. The model acts on every word of them.
 *
 * Names are those of Claude Code, Codex, OpenCode, Cursor, Cline, Gemini CLI, LangChain's Deep Agents, agent frameworks with hand-overs,
 * and memory servers. Upper and lower case are the same.
 */
import { matchesGlob } from "./glob.ts";

const NAMES: ReadonlySet<string> = new Set([
  // Skills.
  "skill",
  "activate_skill",
  "load_skill",
  "use_skill",
  // Hand-overs between agents.
  "agent",
  "task",
  "new_task",
  "spawn_agent",
  "wait_agent",
  "sendmessage",
  // Answers of people.
  "askuserquestion",
  "ask_followup_question",
  "ask_user",
  "question",
  "request_user_input",
  // Plans.
  "create_plan",
  "enterplanmode",
  "exitplanmode",
  "plan_mode_respond",
  "todo_read",
  "todo_write",
  "todoread",
  "todowrite",
  "update_plan",
  "update_todo_list",
  "write_todos",
  // Memory.
  "memory",
  "read_memory",
  "save_memory",
  "update_memory",
  "write_memory",
]);

const GLOBS: readonly string[] = ["handoff_to_*", "transfer_to_*", "mcp__*memory__*"];

/** Whether the results of a tool are instructions. */
export function isInstructionTool(toolName: string): boolean {
  const name = toolName.toLowerCase();
  return NAMES.has(name) || GLOBS.some((glob) => matchesGlob(glob, name));
}
