import { expect, it } from "vitest";
import {
  DamageError,
  isBusy,
  isClosed,
  isCorrupt,
  isReadOnly,
  messageOf,
} from "./sqlite-errors.ts";

const withCode = (errcode: unknown): Error => Object.assign(new Error("sqlite"), { errcode });
const answersOf = (error: unknown): string =>
  Object.entries({ isBusy, isCorrupt, isReadOnly, isClosed })
    .filter(([, is]) => is(error))
    .map(([name]) => name)
    .join();

it.each([
  [1, ""],
  [4, ""],
  [5, "isBusy"],
  [6, "isBusy"],
  [7, ""],
  [8, "isReadOnly"],
  [9, ""],
  [10, ""],
  [11, "isCorrupt"],
  [12, ""],
  [25, ""],
  [26, "isCorrupt"],
  [27, ""],
  // Extended codes: SQLITE_BUSY_SNAPSHOT, SQLITE_CORRUPT_INDEX, SQLITE_READONLY_DBMOVED, SQLITE_IOERR_READ.
  [517, "isBusy"],
  [779, "isCorrupt"],
  [1_032, "isReadOnly"],
  [266, ""],
  ["5", ""],
  [undefined, ""],
])("result code %s means: %s", (code, answers) => {
  expect(answersOf(withCode(code))).toBe(answers);
});

it("what is no error of SQLite means nothing", () => {
  for (const error of [new Error("x"), null, undefined, "text", 5, { code: "ERR_INVALID_STATE" }])
    expect(answersOf(error)).toBe("");
  expect(answersOf({ errcode: 5 })).toBe("isBusy");
  expect(answersOf(new DamageError("x"))).toBe("isCorrupt");
  const closed = Object.assign(new Error("x"), { code: "ERR_INVALID_STATE" });
  expect(answersOf(closed)).toBe("isClosed");
  expect(answersOf(Object.assign(new Error("x"), { code: "ERR_OTHER" }))).toBe("");
  expect([messageOf(new DamageError("a")), messageOf("b")]).toEqual(["a", "b"]);
  expect(new DamageError("a").name).toBe("DamageError");
});
