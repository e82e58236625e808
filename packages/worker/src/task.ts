import type { FormJob, RunnerSetup } from "@headroom/core";

/** What a thread is asked for. */
export type Work = { readonly setup: RunnerSetup } & (
  | { readonly ask: "count"; readonly text: string }
  | { readonly ask: "digest"; readonly text: string }
  | { readonly ask: "forms"; readonly job: FormJob }
);

/** What is sent to a thread. `stop` is one shared number: not 0 once nobody waits for the answer any more. */
export type Task = Work & { readonly stop: Int32Array };
