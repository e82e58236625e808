import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const run = promisify(execFile);

/** Bytes of young space after many values have lived for a while, in a process of its own: a flag cannot be taken back. */
async function youngBytes(begin: string): Promise<number> {
  const program = `
    import { getHeapSpaceStatistics } from "node:v8";
    import { keepHeapSmall } from ${JSON.stringify(new URL("./heap.ts", import.meta.url).href)};
    const check = ${begin};
    const alive = [];
    for (let at = 0; at < 3_000_000; at++) {
      alive.push({ at });
      if (alive.length === 400_000) alive.length = 0;
      if (at % 20_000 === 0) check();
    }
    const young = getHeapSpaceStatistics().find((space) => space.space_name === "new_space");
    console.log(young.space_size);`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program]);
  return Number(stdout);
}

it("has young space stay as it is, once it is large enough", async () => {
  const [kept, free] = await Promise.all([youngBytes("keepHeapSmall()"), youngBytes("() => {}")]);
  // Earlier versions of Node.js have no more of it anyway.
  expect(kept).toBeLessThanOrEqual(Math.min(free, 36_000_000));
});
