export { type WorkerRunnerOptions, workerRunner } from "./worker-runner.ts";
