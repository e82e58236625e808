import { settle } from "@headroom/core/kit";
import { expect, it } from "vitest";
import { pythonModule } from "../test/programs.ts";
import { grammarLoader } from "./grammars.ts";
import { parse } from "./parse.ts";

const python = await grammarLoader()("tree-sitter-python.wasm");
const text = pythonModule(40);

// biome-ignore lint/correctness/useYield: nothing here takes long.
function* sizeOf(tree: {
  readonly rootNode: { readonly endIndex: number };
}): Generator<void, number> {
  return tree.rootNode.endIndex;
}

it("a parse comes in steps, and several may take turns", async () => {
  const parses = [text, `${text}x = 1\n`].map((each) => parse(each, python, sizeOf));
  const ends: (number | undefined)[] = [];
  let steps = 0;
  while (ends.filter((end) => end !== undefined).length < 2)
    for (const [at, each] of parses.entries()) {
      const step = each.next();
      steps++;
      if (step.done) ends[at] ??= step.value ?? undefined;
    }
  expect(ends).toEqual([text.length, text.length + 6]);
  expect(steps).toBeGreaterThan(10);
});

it("a parse that takes more work than it may ends without a tree", async () => {
  expect(await settle(parse(text, python, sizeOf, 10))).toBeUndefined();
  expect(await settle(parse(text, python, sizeOf))).toBe(text.length);
});

it("a fault of WebAssembly gives the text up, another error does not hide", async () => {
  // biome-ignore lint/correctness/useYield: it throws.
  function* faulty(): Generator<void, number> {
    throw new WebAssembly.RuntimeError("unreachable");
  }
  // biome-ignore lint/correctness/useYield: it throws.
  function* wrong(): Generator<void, number> {
    throw new TypeError("a defect of ours");
  }
  expect(await settle(parse(text, python, faulty))).toBeUndefined();
  await expect(settle(parse(text, python, wrong))).rejects.toThrow("a defect of ours");
  expect(await settle(parse(text, python, sizeOf))).toBe(text.length);
});
