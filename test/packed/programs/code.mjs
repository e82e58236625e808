import assert from "node:assert/strict";
import { codeCompressor } from "@headroom/code";
import { createHeadroom, memoryStore } from "@headroom/core";
import { defaultCompressors } from "@headroom/core/compressors";

const headroom = createHeadroom({
  compressors: [...defaultCompressors(), codeCompressor()],
  store: memoryStore(),
  tools: { Read: { code: "outline" } },
});
const one = (at) => `
def part_${at}(total: int) -> int:
    """Part ${at}."""
    share = total / 60
    if share > ${at}:
        raise ValueError("too large")
    return round(share * ${at})
`;
const program = `import os\n${Array.from({ length: 60 }, (_, at) => one(at)).join("\n")}`;
const { text, block, ref } = await headroom.compressText(program, { toolName: "Read" });
assert.equal(block.kind, "code");
assert.match(text, /^def part_59\(total: int\) -> int:$/m);
assert.doesNotMatch(text, /share/);
const [, lines] = /… lines (\d+-\d+)/.exec(text);
const { slices } = await headroom.retrieve({ hash: ref, lines });
assert.match(slices[0].text, /share = total/);
