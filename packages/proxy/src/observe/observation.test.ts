import type { CompressResult } from "@headroom/core";
import { describe, expect, it } from "vitest";
import type { RequestRecord } from "../stats/types.ts";
import { lagging } from "../usage/lagging.ts";
import { errorNames } from "./log.ts";
import { type Observation, observation } from "./observation.ts";
import { methodOf, routeOf } from "./routes.ts";

function result(tokensAfter: number): CompressResult<unknown> {
  const tokensSaved = 100 - tokensAfter;
  const figures = { tokensBefore: 100, tokensAfter, tokensSaved, savings: tokensSaved / 100 };
  return { ...figures, messages: [], blocks: [], refs: [] };
}

/** What is counted and recorded of a request. */
function observed(live: (seen: Observation) => void): {
  readonly sent: number;
  readonly records: readonly RequestRecord[];
} {
  let sent = 0;
  const records: RequestRecord[] = [];
  live(
    observation(7, {
      provider: "openai",
      route: "responses",
      method: "POST",
      later: lagging(),
      sent: () => void sent++,
      failedOpen() {},
      droppedUsage() {},
      ended: (record) => records.push(record),
    }),
  );
  return { sent, records };
}

describe("a compression", () => {
  it("counts once its result was sent", () => {
    const { sent, records } = observed((seen) => {
      seen.received();
      seen.compressed(result(30));
      seen.compressed(result(40));
      seen.asked(true);
      // A second attempt at the same request.
      seen.compressed(result(40));
      seen.asked(true);
      seen.closed(true);
    });
    expect(sent).toBe(2);
    expect(records).toMatchObject([{ id: 7, tokensBefore: 200, tokensAfter: 70 }]);
  });

  it.each([
    ["came too late", [false, 30]],
    ["was not put into the request", [30, false]],
  ] as const)("saved nothing where it %s", (_, steps) => {
    const { sent, records } = observed((seen) => {
      for (const step of steps)
        if (step === false) seen.asked(false);
        else seen.compressed(result(step));
      seen.closed(true);
    });
    expect(sent).toBe(0);
    expect(records[0]).not.toHaveProperty("tokensBefore");
  });

  it("that changed nothing has been looked at all the same", () => {
    const { sent, records } = observed((seen) => {
      seen.compressed(result(100));
      seen.asked(false);
      seen.closed(true);
    });
    expect([sent, records[0]?.tokensAfter]).toEqual([1, 100]);
  });
});

it("a path is told by the name of its endpoint, and nothing else of it", () => {
  const paths = {
    "/v1/messages?beta=true": "messages",
    "/v1/messages/count_tokens": "count_tokens",
    "/v1/messages/batches/secret/results": "batches",
    "/openai/v1/chat/completions": "chat/completions",
    "/v1/responses/resp_secret": "responses",
    "/v1beta/models/secret:generateContent": "generateContent",
    "/v1beta/models/secret:streamGenerateContent?alt=sse&key=secret": "streamGenerateContent",
    "/v1/compress": "compress",
    "/v1/retrieve/secret": "retrieve",
    "/v1/files/secret": "other",
    "/": "other",
  };
  for (const [path, route] of Object.entries(paths))
    expect([path, routeOf(path)]).toEqual([path, route]);
  expect(["GET", "SECRET", undefined].map(methodOf)).toEqual(["GET", "OTHER", "OTHER"]);
});

it("an error is told by its name and code, and not by what it says", () => {
  const error = Object.assign(new TypeError("secret"), { code: "ECONNRESET" });
  expect(errorNames(error)).toEqual({ error: "TypeError", code: "ECONNRESET" });
  error.name = "a secret name";
  error.code = "a secret code";
  expect(errorNames(error)).toEqual({ error: "Error" });
  expect(errorNames("secret")).toEqual({ error: "unknown" });
});
