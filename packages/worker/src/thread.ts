/** The thread's side: loads the pure stage once for each setup, and does what it is asked. */
import type {
  CompressorPlugin,
  FormRunner,
  Forms,
  Pace,
  PluginModule,
  RunnerSetup,
} from "@headroom/core";
import { Interruption, loadStage } from "@headroom/core/runner";
import type { Task } from "./task.ts";

const runners = new Map<string, Promise<FormRunner>>();

/** The answer to one task. */
export async function answer(task: Task): Promise<number | Uint8Array | Forms> {
  const runner = await runnerFor(task.setup);
  const pace = paceOf(task.stop);
  switch (task.ask) {
    case "count":
      return runner.count(task.text, pace);
    case "digest":
      return runner.digest(task.text, pace);
    case "forms":
      return runner.forms(task.job, pace);
  }
}

function runnerFor(setup: RunnerSetup): Promise<FormRunner> {
  const key = JSON.stringify(setup);
  let runner = runners.get(key);
  if (runner === undefined) {
    runner = load(setup);
    runners.set(key, runner);
    // What could not be loaded now may be there next time.
    runner.catch(() => runners.delete(key));
  }
  return runner;
}

async function load({ plugins = [], ...setup }: RunnerSetup): Promise<FormRunner> {
  const stage = await loadStage({ ...setup, plugins: await Promise.all(plugins.map(imported)) });
  return stage.runner;
}

/** Rejects where the module has no such plugin: the bytes would be others. */
async function imported({ module, name }: PluginModule): Promise<CompressorPlugin> {
  const plugin = ((await import(module)) as Readonly<Record<string, unknown>>)[name];
  if (typeof plugin === "object" && plugin !== null && "compressors" in plugin)
    return plugin as CompressorPlugin;
  throw new Error(`${module} exports no plugin ${name}`);
}

/** Nothing else waits for this thread, so work never rests. It ends when it is told to stop. */
function paceOf(stop: Int32Array): Pace {
  return {
    rest() {
      if (Atomics.load(stop, 0) !== 0) throw new Interruption();
      return undefined;
    },
  };
}
