/**
 * The pure stage of the pipeline for those who run it elsewhere, such as `@headroom/worker`.
 *
 * A runner of another thread loads the stage there with `loadStage` and gives the very answers that `inline` would give.
 */
import { allCompressors } from "./compressors/all.ts";
import { type Stage, type StageOptions, stageWith } from "./engine.ts";
import { counterForModel } from "./tokens/index.ts";

export { Interruption } from "./forms/pace.ts";
export type { StageOptions };

/** The counter and the runner in this thread. */
export function loadStage(options: StageOptions): Promise<Stage> {
  return stageWith({ counterFor: counterForModel, compressors: allCompressors }, options);
}
