/**
 * The task: a scripted model that works through a folder with the tools of whichever program asks it, and looks up what it is not shown.
 *
 * The model depends on the conversation alone. It answers with facts that it finds in the conversation, so an answer with the facts
 * tells that they could be found.
 */
import { findMarkers } from "@headroom/core";
import type { LlmReply } from "../../../../test/support/llm-server.ts";
import type { Called, Conversation } from "../conversation.ts";
import type { Model } from "../model-server.ts";
import { JOB, JOB_TRACE, ORDER, TRACKING } from "./folder.ts";

/** What the model asks a program to do. */
export type Action =
  | { readonly kind: "shell"; readonly command: string }
  | { readonly kind: "read"; readonly path: string }
  | {
      readonly kind: "edit";
      readonly path: string;
      readonly from: string;
      readonly to: string;
    };

/** The call of a program's tool that does an action. */
export type ToTool = (
  action: Action,
  conversation: Conversation,
) => NonNullable<LlmReply["calls"]>[number];

export const PROMPT =
  "A customer asks for the tracking code of his order and the trace of the job that made it. NOTES.md tells which. Look around first.";

export interface Task {
  readonly model: Model;
  /** How many calls of the program's own tools it takes. */
  readonly steps: number;
}

const EDITED = "lib/handler/cache-handler.js";
const ACTIONS: readonly Action[] = [
  { kind: "shell", command: "find . -name '*.js' -not -path './.git/*' | sort | xargs wc -l" },
  { kind: "shell", command: "git log --stat -n 80" },
  { kind: "shell", command: "cat data/orders.json" },
  { kind: "shell", command: "cat NOTES.md" },
  { kind: "shell", command: "npm ls --all --package-lock-only" },
  { kind: "shell", command: "node --test" },
  { kind: "shell", command: "cat logs/worker.log" },
  { kind: "shell", command: "grep -rn 'throw new' lib | sort | head -150" },
  { kind: "read", path: EDITED },
  { kind: "edit", path: EDITED, from: "'use strict'\n", to: "'use strict' // looked at\n" },
  { kind: "shell", command: "git status --short" },
];
const ORDERS_STEP = 2;
const NOTES_STEP = 3;
const LOG_STEP = 6;

/** @param log a file to which each command of a shell adds its number: what was really executed */
export function task(folder: string, log: string, toTool: ToTool, steps = ACTIONS.length): Task {
  const actions = ACTIONS.slice(0, steps);
  return {
    steps,
    model(conversation) {
      const own = conversation.calls.filter(({ name }) => !name.endsWith("headroom_retrieve"));
      if (conversation.tools.length === 0) return { text: "Orders and traces" };
      const action = actions[own.length];
      const step = String(own.length).padStart(2, "0");
      const next: LlmReply =
        action === undefined
          ? { text: `${step}: ${answerOf(conversation)}` }
          : {
              text: `${step}: ${action.kind}.`,
              calls: [toTool(inFolder(action, folder, log, step), conversation)],
            };
      const wanted =
        own.length === NOTES_STEP + 1
          ? lookup(conversation, own[ORDERS_STEP], TRACKING, String(ORDER))
          : own.length === LOG_STEP + 1
            ? lookup(conversation, own[LOG_STEP], JOB_TRACE, `job=${JOB} `)
            : undefined;
      if (wanted === undefined) return { ...next, id: `step_${step}` };
      // The first time it only looks up; the second time it goes on in the same reply.
      const calls = [wanted, ...(own.length === LOG_STEP + 1 ? (next.calls ?? []) : [])];
      return { text: `${step}: I look that up.`, calls, id: `lookup_${step}` };
    },
  };
}

/** A call that looks a fact up which the result of a step does not show, and nobody has looked up. */
function lookup(
  { body, tools }: Conversation,
  step: Called | undefined,
  fact: string,
  query: string,
): { readonly name: string; readonly args: Record<string, unknown> } | undefined {
  const name = tools.find((tool) => tool.endsWith("headroom_retrieve"));
  const hash = findMarkers(step?.result ?? "").find(({ ref }) => ref !== undefined)?.ref;
  if (name === undefined || hash === undefined || body.includes(fact)) return undefined;
  return { name, args: { hash, query } };
}

function answerOf({ body }: Conversation): string {
  const tracking = body.includes(TRACKING) ? TRACKING : "unknown";
  const trace = body.includes(JOB_TRACE) ? JOB_TRACE : "unknown";
  return `Order ${ORDER} has ${tracking}, job ${JOB} has ${trace}.`;
}

/** What is asked for. */
export const FACTS = [TRACKING, JOB_TRACE];

/** What the answer has to say. */
export const ANSWER = `Order ${ORDER} has ${TRACKING}, job ${JOB} has ${JOB_TRACE}.`;

function inFolder(action: Action, folder: string, log: string, step: string): Action {
  if (action.kind === "shell")
    return { ...action, command: `echo ${step} >> ${log}; ${action.command}` };
  return { ...action, path: `${folder}/${action.path}` };
}
