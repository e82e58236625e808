import assert from "node:assert/strict";
import { createHeadroom, memoryStore } from "@headroom/core";
import { defaultCompressors } from "@headroom/core/compressors";
import { htmlCompressor } from "@headroom/html";

const headroom = createHeadroom({
  compressors: [...defaultCompressors(), htmlCompressor()],
  store: memoryStore(),
});
const words = "The bridge over the river was built in 1931, and is closed on Sundays. ";
const paragraph = `<p class="story-text" data-track="paragraph">${words.repeat(4)}</p>\n`;
const page = `<!doctype html><html><body><nav><a href="/">Home</a></nav>
<article><h1>The bridge</h1>${paragraph.repeat(30)}</article></body></html>`;
const { text, block, ref } = await headroom.compressText(page);
assert.equal(block.kind, "html");
assert.match(text, /^# The bridge$/m);
assert.doesNotMatch(text, /<p|Home/);
const { slices } = await headroom.retrieve({ hash: ref, lines: "1" });
assert.match(slices[0].text, /<nav>/);
