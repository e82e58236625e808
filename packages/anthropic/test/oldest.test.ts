/** The package accepts the SDK from 0.60 on; here its tests run on 0.60.0 too. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { childSuite } from "../../../test/support/child-suite.ts";

const here = import.meta.dirname;

it("the oldest version is what is tested", () => {
  const path = join(here, "../node_modules/anthropic-oldest/package.json");
  expect(JSON.parse(readFileSync(path, "utf8")).version).toBe("0.60.0");
});

it("the oldest version passes the tests that the latest passes", { timeout: 240_000 }, async () => {
  const { failed, passedCount, success } = await childSuite(join(here, "oldest/vitest.config.ts"));
  expect(failed).toEqual([]);
  expect([success, passedCount > 60]).toEqual([true, true]);
});
