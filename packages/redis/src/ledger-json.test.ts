import { refOf, refScope } from "@headroom/core";
import { describe, expect, it } from "vitest";
import { recordFrom, sightingFrom } from "./ledger-json.ts";

const ref = refOf("a text", refScope("default"));
const record = { name: "plan", version: 2, ref, agent: "a", at: 0, tokens: 7 };
const sighting = { name: "plan", version: 2, ref, whole: false };

type Field = readonly [name: string, value: unknown];

const WRONG: readonly Field[] = [
  ["name", 5],
  ["version", "2"],
  ["version", -1],
  ["version", null],
  ["ref", "no ref"],
  ["ref", 5],
];

describe("what stands in a ledger", () => {
  it("is read with its own fields, and no others", () => {
    expect(recordFrom(JSON.stringify({ ...record, more: "fields" }))).toEqual(record);
    expect(sightingFrom(JSON.stringify({ ...sighting, more: "fields" }))).toEqual(sighting);
    expect(sightingFrom(JSON.stringify({ ...sighting, whole: true }))).toEqual({
      ...sighting,
      whole: true,
    });
  });

  it.each<Field>([
    ...WRONG,
    ["agent", 5],
    ["at", "0"],
    ["at", -1],
    ["tokens", null],
    ["tokens", "7"],
  ])("is no record with the %s %j", (field, value) => {
    expect(recordFrom(JSON.stringify({ ...record, [field]: value }))).toBeUndefined();
  });

  it.each<Field>([...WRONG, ["whole", "true"], ["whole", undefined]])(
    "is no sighting with the %s %j",
    (field, value) => {
      expect(sightingFrom(JSON.stringify({ ...sighting, [field]: value }))).toBeUndefined();
    },
  );

  it.each(["", "null", "5", '"text"', "[]", "{}", "{", "[null]"])("is nothing: %s", (json) => {
    expect(recordFrom(json)).toBeUndefined();
    expect(sightingFrom(json)).toBeUndefined();
  });

  it("is nothing where nothing stands", () => {
    expect(sightingFrom(null)).toBeUndefined();
  });
});
