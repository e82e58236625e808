import { expect, it } from "vitest";
import { paddedLength } from "./padding.ts";

it.each([
  [0, 256],
  [255, 256],
  [256, 256],
  [257, 272],
  [272, 272],
  [273, 288],
  [511, 512],
  [513, 544],
  [1_000, 1_024],
  [65_536, 65_536],
  [65_537, 67_584],
  [1_000_000, 1_015_808],
  [67_108_876, 69_206_016],
])("a length of %i is padded to %i", (length, padded) => {
  expect(paddedLength(length)).toBe(padded);
});
