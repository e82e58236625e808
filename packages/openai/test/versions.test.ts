/** The package accepts openai from 5 on; here its tests run on 5.0.1 too. `npm run sdks` runs them on 6.0.0 as well. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { childSuite } from "../../../test/support/child-suite.ts";

const here = import.meta.dirname;

describe.each([
  ["openai-5", "5.0.1"],
  ["openai-6", "6.0.0"],
])("%s", (name, version) => {
  it(`is version ${version}`, () => {
    const path = join(here, "../node_modules", name, "package.json");
    expect(JSON.parse(readFileSync(path, "utf8")).version).toBe(version);
  });

  it.runIf(name === "openai-5")(
    "passes the tests that the latest passes",
    { timeout: 240_000 },
    async () => {
      const config = join(here, "versions/vitest.config.ts");
      const { failed, passedCount, success } = await childSuite(config, name);
      expect(failed).toEqual([]);
      expect([success, passedCount > 150]).toEqual([true, true]);
    },
  );
});
