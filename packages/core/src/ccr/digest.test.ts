import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { settle } from "../forms/pace.ts";
import { digestInSteps } from "./digest.ts";

const ORDINARY = "ab\u0000\u007f\u00ff\u0100\u1234\uffff😀";

it.each([
  ["nothing", ""],
  ["characters of one byte and of more", ORDINARY],
  ["lone surrogates", "\ud800 \u0100\udfff"],
  ["several steps", ORDINARY.repeat(30_000)],
  ["several steps, a lone surrogate among them", `${ORDINARY.repeat(30_000)}\udc00`],
])(
  "the digest is SHA-256 of a flag and the bytes, as another program computes it: %s",
  async (_, text) => {
    const encoding = text.isWellFormed() ? "utf8" : "utf16le";
    const expected = createHash("sha256")
      .update(Uint8Array.of(encoding === "utf8" ? 0 : 1))
      .update(Buffer.from(text, encoding))
      .digest("hex");
    const digest = await settle(digestInSteps(text));
    expect(Buffer.from(digest).toString("hex")).toBe(expected);
  },
);
