/** What providers refuse: tools of one name, calls without results, results without calls, arguments that are no JSON object. */

type Json = Readonly<Record<string, unknown>>;

/** What is wrong with a request, in a sentence; `undefined` where the provider would take it. */
export function violation(path: string, request: Json): string | undefined {
  const names = toolNames(request);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `tools: Tool names must be unique: ${twice}.`;
  if (path.includes("/chat/completions")) return chatViolation(list(request.messages));
  if (path.includes("/responses")) return responsesViolation(list(request.input));
  return anthropicViolation(list(request.messages), names);
}

/** Whether the model may call a tool: it has one, and the request does not forbid it. */
export function mayCall(request: Json): boolean {
  const { tool_choice: choice } = request;
  return toolNames(request).length > 0 && choice !== "none" && record(choice).type !== "none";
}

function chatViolation(messages: readonly Json[]): string | undefined {
  let open: unknown[] = [];
  for (const [index, message] of messages.entries()) {
    if (message.role === "tool") {
      if (!open.includes(message.tool_call_id))
        return `messages[${index}]: a tool message must follow the tool_calls it answers.`;
      open = open.filter((id) => id !== message.tool_call_id);
      continue;
    }
    if (open.length > 0) return `messages[${index}]: tool_calls without results: ${open.join()}.`;
    const calls = list(message.tool_calls);
    open = calls.map(({ id }) => id);
    for (const call of calls)
      if (!isObjectText(record(call.function).arguments))
        return `messages[${index}]: arguments are no JSON object.`;
  }
  return open.length > 0 ? `messages: tool_calls without results: ${open.join()}.` : undefined;
}

function responsesViolation(input: readonly Json[]): string | undefined {
  const open = new Set<unknown>();
  const answered = new Set<unknown>();
  for (const { type, call_id: id, arguments: args } of input) {
    if (type === "function_call") {
      if (open.has(id) || answered.has(id)) return `input: function call ${id} twice.`;
      if (!isObjectText(args)) return `input: arguments of ${id} are no JSON object.`;
      open.add(id);
    }
    if (type !== "function_call_output") continue;
    if (!open.delete(id)) return `No tool call found for function call output with call_id ${id}.`;
    answered.add(id);
  }
  return open.size > 0 ? `No tool output found for function call ${[...open].join()}.` : undefined;
}

function anthropicViolation(
  messages: readonly Json[],
  tools: readonly string[],
): string | undefined {
  let open: unknown[] = [];
  for (const [index, message] of messages.entries()) {
    const blocks = list(message.content);
    const results = blocks.flatMap((block) =>
      block.type === "tool_result" ? [block.tool_use_id] : [],
    );
    for (const id of results)
      if (!open.includes(id)) return `messages.${index}: unexpected tool_use_id ${id}.`;
    const missing = open.filter((id) => !results.includes(id));
    if (missing.length > 0)
      return `messages.${index}: tool_use ids without tool_result: ${missing.join()}.`;
    const uses = blocks.filter(({ type }) => type === "tool_use");
    if (uses.length + results.length > 0 && tools.length === 0)
      return "Requests which include tool_use or tool_result blocks must define tools.";
    if (uses.some(({ input }) => typeof input !== "object" || input === null))
      return `messages.${index}: tool_use.input: Input should be a valid dictionary.`;
    if (blocks.some(({ type, text }) => type === "text" && text === ""))
      return `messages.${index}: text content blocks must be non-empty.`;
    open = uses.map(({ id }) => id);
  }
  return open.length > 0 ? `tool_use ids without tool_result: ${open.join()}.` : undefined;
}

/** The names of the tools of a request; those in a namespace with its name. */
export function toolNames(request: Json): string[] {
  // Responses may bring tools as an item of the input, and in namespaces.
  const added = list(request.input).filter(({ type }) => type === "additional_tools");
  return [...list(request.tools), ...added.flatMap(({ tools }) => list(tools))].flatMap((tool) =>
    tool.type === "namespace"
      ? list(tool.tools).map((inner) => `${tool.name}.${inner.name}`)
      : // Tools of the provider's own have a type and no name.
        [String(tool.name ?? record(tool.function).name ?? tool.type)],
  );
}

function isObjectText(text: unknown): boolean {
  try {
    const value: unknown = JSON.parse(String(text));
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

function record(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}
