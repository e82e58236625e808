/**
 * The pure stage of the pipeline for those who run it elsewhere, such as `@headroom/worker`.
 *
 * A runner of another thread loads the stage there with `loadStage` and gives the very answers that `inline` would give.
 */
export { loadStage, type StageOptions } from "./engine.ts";
export { Interruption } from "./forms/pace.ts";
