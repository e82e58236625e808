/**
 * Tools of Responses: in `tools`, or in items of the input (`additional_tools`), which is where Codex puts those of its newer models; in
 * either place also in namespaces.
 */
import { isRecord } from "@headroom/core/kit";
import type { Json, WireProtocol } from "@headroom/core/wire";

/** The functions of a list of tools, those in namespaces too. */
export function functionsIn(tools: readonly unknown[]): readonly unknown[] {
  return tools.flatMap((tool): readonly unknown[] =>
    isRecord(tool) && tool.type === "namespace" && Array.isArray(tool.tools) ? tool.tools : [tool],
  );
}

/** Tools in items of the input. Ours stands last in the first of these items. */
export function additionalTools(
  { input }: Json,
  ours: Json,
): ReturnType<NonNullable<WireProtocol["toolsElsewhere"]>> {
  if (!Array.isArray(input)) return undefined;
  const functions = input.flatMap((item) => functionsIn(toolsOf(item) ?? []));
  if (functions.length === 0) return undefined;
  return {
    functions,
    offer(body) {
      const items: readonly unknown[] = Array.isArray(body.input) ? body.input : [];
      const at = items.findIndex((item) => toolsOf(item) !== undefined);
      return {
        ...body,
        input: items.map((item, index) =>
          index === at && isRecord(item)
            ? { ...item, tools: [...(toolsOf(item) ?? []), ours] }
            : item,
        ),
      };
    },
  };
}

function toolsOf(item: unknown): readonly unknown[] | undefined {
  return isRecord(item) && item.type === "additional_tools" && Array.isArray(item.tools)
    ? item.tools
    : undefined;
}
