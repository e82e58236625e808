import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { finish } from "../../steps.ts";
import { mineTemplates } from "./mine.ts";

const shapes = (lines: readonly string[]): readonly string[] =>
  finish(mineTemplates(lines)).templates.map(({ words, count }) => `${count} ${words.join(" ")}`);

describe("mineTemplates", () => {
  it("masks numbers, paths and values of keys, and keeps words", () => {
    expect(shapes(["took 12 ms in /a/b user=ann", "took 7 ms in /c user=bob"])).toEqual([
      "2 took * ms in * user=*",
    ]);
  });

  it("keeps the program and masks its process number", () => {
    expect(shapes(["sshd[1]: bye", "sshd[22]: bye", "cron[3]: bye"])).toEqual([
      "2 sshd[*]: bye",
      "1 cron[*]: bye",
    ]);
  });

  it("keeps an event apart that differs in one word from a frequent one", () => {
    const lines = [
      ...Array.from({ length: 50 }, (_, i) => `session ${i} opened`),
      "session 7 refused",
    ];
    expect(shapes(lines)).toEqual(["50 session * opened", "1 session * refused"]);
  });

  it("takes a word for a variable once it has many values", () => {
    const lines = "ann bob cem dan eve fay gil hal ian joy kim lea max nia"
      .split(" ")
      .map((name) => `hello dear ${name} again`);
    expect(shapes(lines)).toEqual(["14 hello dear * again"]);
  });

  it("never takes the name of a setting for its value", () => {
    const lines = "red blue gray pink gold teal lime navy cyan rust sand plum mint coal"
      .split(" ")
      .map((name) => `+ ${name} = true`);
    expect(shapes(lines)).toHaveLength(14);
  });

  it("keeps strict lines apart unless only their numbers differ", () => {
    const lines = ["cannot open /a/b", "cannot open /a/c", "cannot open /a/b"];
    const { templates } = finish(mineTemplates(lines, { strict: () => true }));
    expect(templates.map(({ count }) => count)).toEqual([2, 1]);
  });

  it("gives every line that is not blank a template that counts it", () => {
    const line = fc.constantFrom(
      "",
      " ",
      "a 1",
      "a 2",
      "b",
      "x=1",
      "GET /a 200",
      "one two three four five six",
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(line, fc.string({ maxLength: 20 })), { maxLength: 60 }),
        (lines) => {
          const { ids, templates } = finish(mineTemplates(lines));
          const counts = templates.map(() => 0);
          for (const [i, id] of ids.entries()) {
            if (id < 0) expect([...(lines[i] ?? "")].filter((char) => char > " ")).toEqual([]);
            else counts[id] = (counts[id] ?? 0) + 1;
          }
          expect(counts).toEqual(templates.map(({ count }) => count));
        },
      ),
      { numRuns: 300 },
    );
  });
});
