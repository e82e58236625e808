import { describe, expect, it } from "vitest";
import type { PlacedBlock } from "./block.ts";
import { type HeadroomOptions, resolveOptions } from "./options.ts";
import { protect } from "./protect.ts";
import type { TextBlock } from "./types/message.ts";

interface Case {
  readonly block?: Partial<TextBlock>;
  readonly direct?: true;
  readonly tokens?: number;
  readonly options?: HeadroomOptions;
  readonly marked?: boolean;
}

function verdictOn({
  block = {},
  direct,
  tokens = 5_000,
  options = {},
  marked = false,
}: Case): unknown {
  const placed: PlacedBlock = {
    message: 0,
    block: { id: "0", role: "tool", text: "text", ...block },
    ...(direct ? { direct } : {}),
  };
  return protect(placed, tokens, resolveOptions(options, []), () => marked);
}

describe("the verdict on a block", () => {
  it.each<[string, Case, string]>([
    ["a role that is not to be changed", { block: { role: "user" } }, "role user"],
    [
      "a block its adapter keeps",
      { block: { keep: "cached by the provider" } },
      "cached by the provider",
    ],
    ["what retrieve answered", { block: { toolName: "headroom_retrieve" } }, "retrieval result"],
    [
      "an excluded tool",
      { block: { toolName: "read" }, options: { tools: { "r*": "exclude" } } },
      "tool read is excluded",
    ],
    [
      "a text that is too long",
      { block: { text: "x".repeat(16_777_217) } },
      "over 16777216 characters",
    ],
    ["a broken text", { block: { text: "\ud800" } }, "not well-formed Unicode"],
    ["one token too few", { tokens: 199 }, "under minTokens (199 < 200)"],
    [
      "as many as are asked for, and one too few",
      { tokens: 6, options: { minTokens: 7 } },
      "under minTokens (6 < 7)",
    ],
    ["a small error", { block: { isError: true }, tokens: 2_000 }, "error result of 2000 tokens"],
  ])("protects %s", (_, given, reason) => {
    expect(verdictOn(given)).toEqual({ reason });
  });

  it("protects what carries a marker, and says so", () => {
    const reason = "carries a marker already";
    expect(verdictOn({ marked: true })).toEqual({ reason, carriesMarker: true });
  });

  it.each<[string, Case]>([
    ["a tool result", {}],
    ["a text given directly", { block: { role: "user" }, direct: true }],
    ["a role that may be", { block: { role: "user" }, options: { roles: ["user"] } }],
    ["the longest text", { block: { text: "x".repeat(16_777_216) } }],
    ["just enough tokens", { tokens: 200 }],
    ["a long error", { block: { isError: true }, tokens: 2_001 }],
    [
      "another tool than the excluded one",
      { block: { toolName: "write" }, options: { tools: { read: "exclude" } } },
    ],
    ["a result without a tool", { options: { tools: { "*": "exclude" } } }],
  ])("lets %s be changed", (_, given) => {
    expect(verdictOn(given)).toEqual({ mode: "lossless" });
  });

  it("takes the mode of the first glob that fits", () => {
    const tools = { read: "audit", "r*": "aggressive", "*": "balanced" } as const;
    const modes = ["read", "reads", "write"].map((toolName) =>
      verdictOn({ block: { toolName }, options: { tools, mode: "lossless" } }),
    );
    expect(modes).toEqual([{ mode: "audit" }, { mode: "aggressive" }, { mode: "balanced" }]);
  });
});

describe("results that are instructions", () => {
  const verdict = (toolName: string, tools: HeadroomOptions["tools"] = {}): unknown =>
    verdictOn({ block: { toolName }, options: { tools } });

  it.each([
    "Skill",
    "Agent",
    "Task",
    "AskUserQuestion",
    "ExitPlanMode",
    "TodoWrite",
    "update_plan",
    "write_todos",
    "memory",
    "mcp__memory__read_graph",
    "mcp__team-memory__search",
    "transfer_to_reviewer",
  ])("of %s stay as they are", (toolName) => {
    expect(verdict(toolName)).toEqual({ reason: `results of ${toolName} are instructions` });
    expect(verdict(toolName, { "*": "balanced" })).toMatchObject({ reason: expect.anything() });
  });

  it.each(["Read", "Bash", "TaskOutput", "task_runner", "mcp__db__memory_usage", "agents_list"])(
    "are not those of %s",
    (toolName) => {
      expect(verdict(toolName)).toEqual({ mode: "lossless" });
    },
  );

  it("change where their tool is named", () => {
    expect(verdict("Task", { Task: "balanced" })).toEqual({ mode: "balanced" });
    expect(verdict("Task", { "Ta*": "aggressive" })).toEqual({ mode: "aggressive" });
    expect(verdict("Task", { "*": "exclude" })).toEqual({ reason: "tool Task is excluded" });
  });
});
