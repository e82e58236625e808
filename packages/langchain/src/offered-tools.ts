/** Which tool of a request is the retrieve tool: one that says what ours says. A tool of that name with another meaning is the user's. */
import { retrieveToolSpec } from "@headroom/core";
import { isRecord } from "@headroom/core/kit";
import { toolNameOf } from "./options.ts";

/** Names of the tools in a list, in whatever form, that are the retrieve tool. */
export function retrieveToolNames(tools: unknown): readonly string[] {
  return listOf(tools).flatMap((tool) => {
    const name = toolNameOf(tool);
    return name !== undefined && describes(tool) ? [name] : [];
  });
}

/** Whether a tool of that very name is in the list, and is not the retrieve tool: providers refuse two of one name. */
export function nameIsTaken(tools: unknown): boolean {
  return listOf(tools).some(
    (tool) => toolNameOf(tool) === retrieveToolSpec.name && !describes(tool),
  );
}

/** Whether the retrieve tool is where the model will look for it. What cannot be seen is not believed. */
export function offersRetrieval(tools: unknown): boolean {
  if (retrieveToolNames(tools).length > 0) return true;
  try {
    // Gemini's form has a list inside.
    return (JSON.stringify(tools) ?? "").includes(JSON.stringify(retrieveToolSpec.description));
  } catch {
    return false;
  }
}

function listOf(tools: unknown): readonly unknown[] {
  return Array.isArray(tools) ? tools : [];
}

function describes(tool: unknown): boolean {
  if (!isRecord(tool)) return false;
  if (tool.description === retrieveToolSpec.description) return true;
  return describes(tool.function);
}

/** `auto` in any provider's form, or any tool; not one named tool, and not none. */
export function choosesFreely(choice: unknown): boolean {
  const type = isRecord(choice) && "type" in choice ? choice.type : choice;
  return type === undefined || type === "auto" || type === "any" || type === "required";
}
