/** What the proxy's benchmark makes of its measurements; and that each of its targets has a sabotage. */
import { describe, expect, it } from "vitest";
import { targetsOf } from "../targets.ts";
import { added, percentile, tooNoisy } from "./figures.ts";
import { recordedSessions } from "./recorded.ts";
import { PROXY_SABOTAGES } from "./sabotages.ts";

const times = (...values: number[]): number[] => values;

describe("what is added", () => {
  it("is the median of what each round's medians differ by", () => {
    const rounds = [
      { direct: times(1, 1, 1), proxy: times(2, 2, 2) },
      { direct: times(10, 10, 10), proxy: times(11.5, 11.5, 11.5) },
      { direct: times(1, 1, 1), proxy: times(90, 90, 90) },
    ];
    expect(added(rounds)).toMatchObject({ p50: 1.5, directP50: 1 });
  });

  it("is no number without a measurement", () => {
    expect(added([]).p50).toBeNaN();
    expect(percentile([], 0.5)).toBeNaN();
  });

  it("cannot be told where the direct arm alone moves by more than is allowed", () => {
    const round = (direct: number) => ({ direct: times(direct), proxy: times(direct + 0.1) });
    expect(tooNoisy([round(1), round(1.1)], 0.5, 0.3)).toBe(undefined);
    expect(tooNoisy([round(1), round(3)], 0.5, 0.3)).toMatch(/direct arm alone moved by 2\.00 ms/);
  });
});

it("every target of the proxy has a sabotage that has to turn it red", () => {
  const turned = new Set(PROXY_SABOTAGES.flatMap(({ turns }) => turns));
  expect(targetsOf("proxy").filter((name) => !turned.has(name))).toEqual([]);
  expect([...turned].filter((name) => !targetsOf("proxy").some((one) => one === name))).toEqual([]);
});

it("a recorded session becomes requests that each have the one before as their start, marks aside", () => {
  const line = (role: string, content: unknown): string =>
    JSON.stringify({ type: role, message: { role, content } });
  const call = (id: string) => ({ type: "tool_use", id, name: "Bash", input: {} });
  const result = (id: string) => ({ type: "tool_result", tool_use_id: id, content: id });
  const text = [
    line("user", "Begin."),
    line("assistant", [{ type: "text", text: "Yes." }]),
    line("assistant", [call("a")]),
    line("user", [result("a")]),
    line("assistant", [call("b")]),
    line("user", [result("b")]),
    line("assistant", [{ type: "text", text: "Done." }]),
  ].join("\n");
  const sample = { name: "one", text, needles: [], facts: {} };
  const [session] = recordedSessions({
    name: "small",
    readSet: (set) => (set === "sessions" ? [sample] : []),
  });
  const bodies = (session?.requests ?? []).map(
    (body) => JSON.parse(body.toString()) as { messages: { role: string; content: unknown }[] },
  );
  expect(bodies.map(({ messages }) => messages.length)).toEqual([1, 3, 5]);
  const marks = JSON.stringify(bodies[2]?.messages).split("cache_control").length - 1;
  expect(marks).toBe(2);
  // Once no mark stands on it, one text is a string.
  expect(bodies.map(({ messages }) => typeof messages[0]?.content)).toEqual([
    "object",
    "object",
    "string",
  ]);
});
