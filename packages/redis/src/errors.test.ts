import { describe, expect, it } from "vitest";
import { AnswerError, cleanCause, isRefusal, messageOf } from "./errors.ts";

/** What a server has answered, as ioredis hands it over. */
function reply(message: string): Error {
  return Object.assign(new Error(message), { name: "ReplyError", command: { args: ["secret"] } });
}
const NEWER = " (Redis 7.0 or newer, or Valkey, is needed)";

describe("errors of a client", () => {
  it.each([
    ["NOAUTH Authentication required.", "NOAUTH Authentication required."],
    ["ERR syntax error", `ERR syntax error${NEWER}`],
    [
      "ERR wrong number of arguments for 'pexpire' command",
      `ERR wrong number of arguments for 'pexpire' command${NEWER}`,
    ],
    ["ERR Unsupported option GT", `ERR Unsupported option GT${NEWER}`],
    ["ERR unknown command 'X', with args beginning with: 'secret'", "ERR unknown command 'X'"],
    [", with args beginning with: 'secret'", ""],
  ])("say what the server said, without arguments: %s", (message, shown) => {
    expect(messageOf(reply(message))).toBe(shown);
    expect(isRefusal(reply(message))).toBe(true);
  });

  it("ask for another server only where the server has answered", () => {
    expect(messageOf(new Error("syntax error"))).toBe("syntax error");
    expect(messageOf("a word")).toBe("a word");
    for (const other of [new Error("x"), new AnswerError("x"), { name: "ReplyError" }, undefined])
      expect(isRefusal(other)).toBe(false);
  });

  it("are handed on with name, message and code alone", () => {
    const error = Object.assign(reply("ERR a, with args beginning with: 'secret'"), { code: "E" });
    const cause = cleanCause(error);
    expect({ ...cause, name: cause.name, message: cause.message }).toEqual({
      name: "ReplyError",
      message: "ERR a",
      code: "E",
    });
    expect("code" in cleanCause(Object.assign(new Error("x"), { code: 5 }))).toBe(false);
    expect("code" in cleanCause(new Error("x"))).toBe(false);
    const word = cleanCause("a word");
    expect([word.name, word.message]).toEqual(["Error", "a word"]);
    expect(new AnswerError("x").name).toBe("AnswerError");
  });
});
