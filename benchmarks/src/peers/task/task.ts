/**
 * The task: a scripted model that works through a folder with the tools of whichever program asks it, and looks up what it is not shown.
 *
 * The model depends on the conversation alone. It answers with facts that it finds in the conversation, so an answer with the facts
 * tells that they could be found.
 */
import type { LlmReply } from "../../../../test/support/llm-server.ts";
import type { Conversation } from "../conversation.ts";
import { lookup } from "../lookup.ts";
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
const shell = (command: string): Action => ({ kind: "shell", command });
const ORDERS = shell("cat data/orders.json");
const NOTES = shell("cat NOTES.md");
const LOG = shell("cat logs/worker.log");
const ACTIONS: readonly Action[] = [
  shell("find . -name '*.js' -not -path './.git/*' | sort | xargs wc -l"),
  shell("git log --stat -n 90"),
  ORDERS,
  NOTES,
  shell("npm ls --all --package-lock-only"),
  shell("ls -lR lib"),
  shell("node --test"),
  LOG,
  shell("grep -rn 'throw new' lib | sort | head -220"),
  shell("npm ls --json --package-lock-only"),
  shell("git ls-files -s"),
  shell("git blame lib/core/symbols.js"),
  shell("du -a lib | sort -n"),
  shell("node --test --test-reporter=junit"),
  shell("git log --oneline --name-status -n 115"),
  shell("grep -rn 'require(' lib | sort | head -250"),
  shell("git diff --stat HEAD~60"),
  shell("head -500 package-lock.json"),
  shell("git log --format='%h %an %ad %s' -n 115"),
  { kind: "read", path: EDITED },
  { kind: "edit", path: EDITED, from: "'use strict'\n", to: "'use strict' // looked at\n" },
  // What was seen before, with a line changed, and with every duration changed.
  { kind: "read", path: EDITED },
  shell("node --test"),
  shell("git status --short"),
];
const ORDERS_STEP = ACTIONS.indexOf(ORDERS);
const NOTES_STEP = ACTIONS.indexOf(NOTES);
const LOG_STEP = ACTIONS.indexOf(LOG);

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
      const isMixed = own.length === LOG_STEP + 1 && conversation.isParallel;
      const calls = [wanted, ...(isMixed ? (next.calls ?? []) : [])];
      return { text: `${step}: I look that up.`, calls, id: `lookup_${step}` };
    },
  };
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
