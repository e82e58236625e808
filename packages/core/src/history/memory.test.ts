import { expect, it } from "vitest";
import { filesOf } from "./files.ts";
import { replayMemory } from "./memory.ts";

it("what a call does with files is remembered by its arguments and its name, with and without room", () => {
  for (const maxBytes of [0, 4_000, 1e6]) {
    const memory = replayMemory(maxBytes);
    for (const time of [1, 2])
      for (const name of ["Read", "Edit", "Bash", "Weather", "mine"])
        for (const args of [
          '{"file_path":"a.ts"}',
          '{"command":"cat b.ts"}',
          "",
          '{"path":"c.ts"}',
        ]) {
          const call = { id: `${time}`, name, args };
          const own = { mine: "read" } as const;
          expect(memory.filesOf(call, own)).toEqual(filesOf(call, own));
        }
  }
});
