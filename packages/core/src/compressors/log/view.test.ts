import { expect, it } from "vitest";
import { withoutEscapes } from "./view.ts";

it("takes away colours, links and cursor moves", () => {
  expect(
    withoutEscapes(
      "\u001b[31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u001b\\ \u001b7x^[[1mb",
    ),
  ).toBe("red link xb");
});

it("leaves the character behind a broken sequence whole", () => {
  expect(withoutEscapes("a\u001b[👩b\u001b👩c\u001b[3👩d\u001b[")).toBe("a👩b👩c👩d");
});
