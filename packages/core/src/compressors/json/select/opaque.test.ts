import { expect, it } from "vitest";
import { areNames } from "./names.ts";
import { isOpaque, isUrl } from "./opaque.ts";

it.each([
  "sha512-nGB1uLOsVzXk3RVcaGmNf0mYgLh0hm9CpvZmUgTsmRQxjXwJmNT9dJh0nVQ2cTt0gw==",
  "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  "9f86d081884c7d65",
  "4315c172-103c-492f-86f2-42baef36626c",
  "i-0abc12de34f567890",
  "trace_493892c2921541d0",
  "MDQ6VXNlcjU4MzIzMQ9aB3dE",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmN",
])("%s says nothing to a reader", (text) => {
  expect(isOpaque(text)).toBe(true);
});

it.each([
  "",
  "short",
  "a-long-package-name-of-words",
  "src/components/Button2.tsx",
  "2026-03-01T10:00:00.123Z",
  "10.162.153.12",
  "getUserByIdAndNameOrEmail",
  "1234567890123456",
  "deadbeefcafe",
  "some words of a sentence 12",
  "https://example.com/a1b2c3d4e5",
])("%s says something", (text) => {
  expect(isOpaque(text)).toBe(false);
});

it("knows URLs by their scheme", () => {
  expect(isUrl("https://example.com")).toBe(true);
  expect(isUrl("git+ssh://git@example.com/a.git")).toBe(true);
  expect(isUrl("C://")).toBe(false);
  expect(isUrl("see https://example.com")).toBe(false);
});

const many = (make: (at: number) => string): readonly string[] =>
  Array.from({ length: 400 }, (_, at) => make(at));
const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const wordOf = (at: number): string =>
  `${LETTERS[at % 26]}${LETTERS[(at * 7) % 26]}${LETTERS[Math.floor(at / 26)]}`;

it.each<[string, boolean, (at: number) => string]>([
  ["words", true, (at) => `pkg-${wordOf(at)}`],
  ["versions", true, (at) => `${at >> 4}.${at % 16}.0`],
  ["numbered things", false, (at) => `user_${at}`],
  ["numbers", false, (at) => `${at}`],
  ["the same again", false, (at) => `pkg-${wordOf(at % 40)}`],
  ["hashes", false, (at) => `${at}9f86d081884c7d65a${at}`],
  ["long texts", false, (at) => `${wordOf(at)} `.repeat(40)],
])("%s are names: %s", (_name, are, make) => {
  expect(areNames(many(make))).toBe(are);
  expect(areNames(many(make).slice(0, 60))).toBe(are);
});
