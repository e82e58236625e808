/** What a client does with `server-everything`, as text, to be compared: once with the gateway between them and once without. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import {
  CallToolResultSchema,
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  ResourceUpdatedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";

export interface Spawn {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Connected {
  readonly client: Client;
  /** What the server asked the client, and told it. */
  readonly log: string[];
}

export async function connected({ command, args, env }: Spawn): Promise<Connected> {
  const log: string[] = [];
  const client = new Client(
    { name: "somebody", version: "1.0.0" },
    {
      capabilities: {
        sampling: {},
        elicitation: { form: {}, url: {} },
        roots: { listChanged: true },
      },
    },
  );
  client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => {
    log.push(`sampling ${JSON.stringify(params)}`);
    return { model: "m", role: "assistant", content: { type: "text", text: "sampled" } };
  });
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    log.push(`elicitation ${JSON.stringify(params)}`);
    return { action: "accept", content: { name: "Ada", check: true } };
  });
  client.setRequestHandler(ListRootsRequestSchema, () => {
    log.push("roots");
    return { roots: [{ uri: "file:///nowhere", name: "nowhere" }] };
  });
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
    log.push(`updated ${params.uri}`);
  });
  await client.connect(
    new StdioClientTransport({
      command,
      args: [...args],
      env: { ...(process.env as Record<string, string>), ...env },
      stderr: "ignore",
    }),
  );
  return { client, log };
}

/** Every feature of the server; each answer under a name. */
export async function everything({ client, log }: Connected): Promise<Record<string, unknown>> {
  const said: Record<string, unknown> = {};
  const keep = async (name: string, made: Promise<unknown>): Promise<void> => {
    said[name] = await made.catch((error: unknown) => `rejected: ${String(error)}`);
  };
  const call = (name: string, args: Record<string, unknown> = {}): Promise<unknown> =>
    client.callTool({ name, arguments: args });
  said.server = client.getServerVersion();
  said.instructions = client.getInstructions();
  said.capabilities = client.getServerCapabilities();
  await keep("ping", client.ping());
  await keep("tools", client.listTools());
  await keep("echo", call("echo", { message: "hello" }));
  await keep("sum", call("get-sum", { a: 1, b: 2 }));
  await keep("wrong arguments", call("get-sum", { a: "x" }));
  await keep("unknown tool", call("no-such-tool"));
  await keep("image", call("get-tiny-image"));
  await keep(
    "annotated",
    call("get-annotated-message", { messageType: "error", includeImage: true }),
  );
  await keep("links", call("get-resource-links", { count: 3 }));
  await keep("structured", call("get-structured-content", { location: "New York" }));
  await keep("sampling", call("trigger-sampling-request", { prompt: "p", maxTokens: 5 }));
  await keep("elicitation", call("trigger-elicitation-request"));
  await keep("roots", call("get-roots-list"));
  const progress: unknown[] = [];
  await keep(
    "long",
    client.callTool(
      { name: "trigger-long-running-operation", arguments: { duration: 0.3, steps: 3 } },
      CallToolResultSchema,
      { onprogress: (one) => progress.push(one) },
    ),
  );
  // The client forgets who waits for progress when the answer comes in the same read, with the gateway or without.
  said.progress = progress.slice(0, 2);
  const control = new AbortController();
  const cancelled = client.callTool(
    { name: "trigger-long-running-operation", arguments: { duration: 5, steps: 1 } },
    CallToolResultSchema,
    { signal: control.signal },
  );
  setTimeout(() => control.abort("enough"), 50);
  await keep("cancelled", cancelled);
  const streamed: string[] = [];
  await keep(
    "task",
    (async () => {
      const stream = client.experimental.tasks.callToolStream(
        { name: "simulate-research-query", arguments: { topic: "t" } },
        CallToolResultSchema,
        { task: { ttl: 60_000 } },
      );
      for await (const one of stream) {
        if (streamed.at(-1) !== one.type) streamed.push(one.type);
        if (one.type === "result") return one.result;
        if (one.type === "error") return String(one.error);
      }
      return undefined;
    })(),
  );
  said.streamed = streamed;
  await keep("prompts", client.listPrompts());
  await keep(
    "prompt",
    client.getPrompt({ name: "args-prompt", arguments: { city: "X", state: "Y" } }),
  );
  await keep("no prompt", client.getPrompt({ name: "none" }));
  await keep("resources", client.listResources());
  await keep("templates", client.listResourceTemplates());
  const uri = "demo://resource/static/document/architecture.md";
  await keep("resource", client.readResource({ uri }));
  await keep("no resource", client.readResource({ uri: "demo://none" }));
  await keep("subscribed", client.subscribeResource({ uri }));
  await keep("unsubscribed", client.unsubscribeResource({ uri }));
  await keep("level", client.setLoggingLevel("debug"));
  await keep(
    "completion",
    client.complete({
      ref: { type: "ref/prompt", name: "completable-prompt" },
      argument: { name: "department", value: "E" },
    }),
  );
  await keep("roots changed", client.sendRootsListChanged());
  // It asks for roots after a time of its own.
  said.log = log.toSorted();
  return said;
}
