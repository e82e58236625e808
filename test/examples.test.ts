/** Every example runs, and checks what it prints. */
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { root } from "./markdown.ts";

const examples = readdirSync(join(root, "examples"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

it.each(examples)("examples/%s runs to its end", async (name) => {
  const file = join(root, "examples", name, "index.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--conditions=@headroom/source",
    file,
  ]);
  expect(stdout).not.toBe("");
});
