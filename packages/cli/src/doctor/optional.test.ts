import { expect, it } from "vitest";
import { optionalPackages } from "../optional-compressors.ts";
import { checkOf } from "./optional.ts";

it("a package that is there, one that is not and one that is broken are told apart", async () => {
  const all = await optionalPackages();
  expect(all.map(({ name }) => name)).toEqual(["@headroom/code", "@headroom/html"]);
  const found = all.at(-1);
  expect(found && checkOf(found)).toMatchObject({
    state: "ok",
    says: expect.stringContaining("used for html"),
  });
  expect(checkOf({ name: "a" })).toMatchObject({
    state: "ok",
    says: expect.stringContaining("a is not installed"),
  });
  const broken = checkOf({ name: "a", problem: "Unexpected token" });
  expect(broken).toMatchObject({
    state: "warn",
    says: expect.stringContaining("not used: Unexpected token"),
  });
});
