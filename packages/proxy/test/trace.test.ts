/** Spans, with the real SDK of OpenTelemetry. */
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { expect, it, vi } from "vitest";
import type { TracerLike } from "../src/index.ts";
import { chatRequest, model, ORDERS, post, proxyTo } from "./setup.ts";

/** The machine may be busy. */
const WAIT = { timeout: 30_000 };

it("a request to a model is one span, under the names that are agreed on, without content", async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tracer: TracerLike = provider.getTracer("headroom");
  const server = await model(() => ({ text: "SECRET ANSWER" }));
  const { base } = await proxyTo(server.url, { tracer });
  await post(`${base}/v1/chat/completions`, chatRequest(ORDERS, "SECRET QUESTION")).then((one) =>
    one.text(),
  );
  const refused = { messages: [{ role: "tool", tool_call_id: "c9", content: "ok" }] };
  await post(`${base}/v1/chat/completions`, refused).then((one) => one.text());
  // No request to a model.
  await post(`${base}/v1/compress`, { messages: [] }).then((one) => one.text());
  await expect.poll(() => exporter.getFinishedSpans().length, WAIT).toBe(2);
  const [good, bad] = exporter.getFinishedSpans();
  const { hostname, port } = new URL(server.url);
  expect(good).toMatchObject({ name: "chat gpt-5.5", kind: SpanKind.CLIENT });
  expect(good?.attributes).toEqual({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "server.address": hostname,
    "server.port": Number(port),
    "http.response.status_code": 200,
    "gen_ai.response.model": "gpt-5.5",
    "gen_ai.usage.input_tokens": expect.any(Number),
    "gen_ai.usage.output_tokens": 5,
    "gen_ai.usage.cache_read.input_tokens": expect.any(Number),
    "gen_ai.usage.cache_creation.input_tokens": 0,
    "headroom.tokens.before": expect.any(Number),
    "headroom.tokens.after": expect.any(Number),
    "headroom.added_ms": expect.any(Number),
    "headroom.retrievals": 0,
    "headroom.hidden_rounds": 0,
  });
  expect(bad).toMatchObject({ name: "chat", status: { code: SpanStatusCode.ERROR } });
  expect(bad?.attributes).toMatchObject({ "http.response.status_code": 400, "error.type": "400" });
  expect(JSON.stringify([good?.attributes, bad?.attributes])).not.toContain("SECRET");
});

it("a tracer that throws stops no request", async () => {
  const broken = (): never => {
    throw new Error("no exporter");
  };
  const server = await model(() => ({ text: "ok" }));
  const onError = vi.fn();
  const span = { setAttribute: broken, setStatus: broken, updateName: broken, end: broken };
  for (const startSpan of [broken, () => span]) {
    const { base, proxy } = await proxyTo(server.url, { tracer: { startSpan }, onError });
    const response = await post(`${base}/v1/chat/completions`, chatRequest("ok"));
    expect([response.status, (await response.text()).includes("ok")]).toEqual([200, true]);
    await expect.poll(() => proxy.stats().recent.length, WAIT).toBe(1);
  }
  expect(onError).toHaveBeenCalledTimes(2);
});
