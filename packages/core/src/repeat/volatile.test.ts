import { describe, expect, it } from "vitest";
import { maskOf, volatileValues, withValues } from "./volatile.ts";

describe("volatile fields", () => {
  it.each<[string, readonly string[]]>([
    ["2026-03-04T05:06:07.123Z GET /users/7", ["2026-03-04T05:06:07.123Z"]],
    ["2026-03-04 05:06:07,123 +01:00 up", ["2026-03-04 05:06:07,123"]],
    ["at 5:06:07 done in 12 ms, 1.5s, 3 seconds", ["5:06:07", "12 ms", "1.5s", "3 seconds"]],
    ["[pid 4711] seed: 75736 port=80", ["pid 4711", "seed: 75736", "port=80"]],
    ["http://localhost:3000/a", ["localhost:3000"]],
    ["3f2504e0-4f89-41d3-9a0c-0305e82c3301", ["3f2504e0-4f89-41d3-9a0c-0305e82c3301"]],
    ["req_a1B2c3D4 trace 0xdeadbeef01", ["req_a1B2c3D4", "0xdeadbeef01"]],
    ["commit 3f2504e at 1772600000", ["3f2504e", "1772600000"]],
    ["deadbeef facade 1234567 12 tests, 3 failed, v1.2.3, line 42", []],
  ])("%s", (line, values) => {
    expect(volatileValues(line)).toEqual(values);
    expect(maskOf(line) === line).toBe(values.length === 0);
    expect(withValues(line, (value) => value)).toBe(line);
    const marked = withValues(line, (value) => `<${value}>`);
    expect(maskOf(marked.replaceAll(/[<>]/g, ""))).toBe(maskOf(line));
    for (const value of values) expect(marked).toContain(`<${value}>`);
  });

  it("are not looked for in lines that are longer than people write, or have a hole already", () => {
    expect(maskOf(`12 ms ${"x".repeat(2_000)}`)).toMatch(/^12 ms/);
    expect(volatileValues("\u0000 12 ms")).toEqual([]);
  });
});
