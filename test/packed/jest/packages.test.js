/** Runs under Jest, in a project of CommonJS modules. */
const { format } = require("node:util");
const examples = require("./examples.json");

test.each(examples)("$path", async ({ path, prints }) => {
  const lines = [];
  const log = jest.spyOn(console, "log").mockImplementation((...values) => {
    lines.push(...format(...values).split("\n"));
  });
  try {
    await require(path).example();
  } finally {
    log.mockRestore();
  }
  expect(lines).toEqual(prints);
});

test("what LangChain is given is a Runnable of its own", () => {
  const { Runnable } = require("@langchain/core/runnables");
  const { memoryStore } = require("@headroom/core");
  const { HeadroomCompressor } = require("@headroom/langchain");
  expect(new HeadroomCompressor({ store: memoryStore() })).toBeInstanceOf(Runnable);
});

test("packages share one core", () => {
  const { InvalidOptionError } = require("@headroom/core");
  const { HeadroomCompressor } = require("@headroom/langchain");
  expect(() => new HeadroomCompressor({ mode: "none" })).toThrow(InvalidOptionError);
});
