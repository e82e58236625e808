import { expect, it } from "vitest";
import { createHeadroom } from "../create.ts";
import { memoryStore } from "../index.ts";

const lines = Array.from(
  { length: 80 },
  (_, at) => `${at + 1}\tconst name${at} = "${at * 7_919}";`,
);
const read = (id: string, text: string) => [
  {
    role: "assistant",
    content: [{ type: "tool_use", id, name: "Read", input: { file_path: "/p/a.ts" } }],
  },
  { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: text }] },
];
const first = [{ role: "user", content: "Read it." }, ...read("t1", lines.join("\n"))];
const second = [...first, ...read("t2", lines.with(40, '41\tconst other = "1";').join("\n"))];
const NO_TIME = { deadlineMs: 1e-9 };

it("a text that left as a reference does so where there is no time", async () => {
  const headroom = createHeadroom({ store: memoryStore() });
  const { messages, blocks } = await headroom.compress(second);
  expect(blocks.at(-1)?.outcome).toBe("repeated");
  expect((await headroom.compress(second, NO_TIME)).messages).toEqual(messages);
});

it("a text that had no time to become one stays as it is", async () => {
  const headroom = createHeadroom({ store: memoryStore() });
  await headroom.compress(first);
  const { messages } = await headroom.compress(second, NO_TIME);
  expect(messages.at(-1)).toEqual(second.at(-1));
  expect((await headroom.compress(second)).messages).toEqual(messages);
});
