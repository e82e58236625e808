/** What may be left out in a call, and what is offered, by what the model is able to call. */
import { isRetrieveToolName } from "@headroom/core";
import { isRecord, takesHash } from "@headroom/core/kit";
import { mayShorten, type Settings } from "./options.ts";
import { namesakes } from "./retrieval.ts";
import { type CallOptionsLike, isMessage, isPart, type LanguageModelLike } from "./spec.ts";

export interface Plan {
  /** As `CallOptions.lossless`: where the model cannot ask, what earlier requests shortened keeps its bytes. */
  readonly lossless: boolean | "new";
  /** Our tool is added. */
  readonly inject: boolean;
}

export function planOf(
  params: CallOptionsLike,
  model: LanguageModelLike,
  { core, retrieval, injectTool }: Settings,
): Plan {
  const { tools, toolChoice } = params;
  if (retrieval === false || !mayShorten(core)) return { lossless: true, inject: false };
  // The caller's own retrieve tool is the caller's to answer. One that only has the name of ours serves nothing.
  const own = namesakes(tools);
  const canServe = own.some(({ inputSchema }) => takesHash(inputSchema));
  const inject =
    retrieval === "inline" &&
    own.length === 0 &&
    !mixesBadly(tools, model) &&
    (injectTool === "always" || (tools ?? []).length > 0);
  const canAsk = (canServe || inject) && mayCallOurs(toolChoice);
  return { lossless: canAsk ? false : "new", inject };
}

function mayCallOurs(toolChoice: CallOptionsLike["toolChoice"]): boolean {
  if (toolChoice?.type === "none") return false;
  if (toolChoice?.type !== "tool") return true;
  const { toolName } = toolChoice as { readonly toolName?: unknown };
  return typeof toolName === "string" && isRetrieveToolName(toolName);
}

/** Google's models take either their own tools or functions: one more function would cost the caller a tool. */
function mixesBadly(
  tools: readonly unknown[] | undefined,
  { provider }: LanguageModelLike,
): boolean {
  return provider.includes("google") && providerTools(tools).length > 0;
}

/** Whether a request has tools, or calls of tools: others may be put beside them. */
export function takesCalls({ tools, prompt }: CallOptionsLike): boolean {
  return (
    (tools ?? []).length > 0 ||
    prompt.some((message) => isMessage(message) && message.role === "tool")
  );
}

/** Names of the tools that the provider defines; `provider-defined` in V2, `provider` since. */
export function providerTools(tools: readonly unknown[] | undefined): readonly string[] {
  return (tools ?? []).flatMap((tool) =>
    isPart(tool) && tool.type !== "function" && typeof tool.name === "string" ? [tool.name] : [],
  );
}

/**
 * Names of tools that code calls, in the provider's sandbox: it parses what they return. Such tools say so in `allowedCallers`
 * or promise an `outputSchema`, both in the provider's options.
 */
export function codeTools(tools: readonly unknown[] | undefined): readonly string[] {
  return (tools ?? []).flatMap((tool) => {
    if (!isPart(tool) || typeof tool.name !== "string" || !isRecord(tool.providerOptions))
      return [];
    const forCode = Object.values(tool.providerOptions).some(
      (options) =>
        isRecord(options) &&
        (options.outputSchema !== undefined ||
          (Array.isArray(options.allowedCallers) &&
            options.allowedCallers.some((caller) => caller !== "direct"))),
    );
    return forCode ? [tool.name] : [];
  });
}
