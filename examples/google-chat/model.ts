/** A model behind `fetch` that lists the orders, looks row 1234 up, and says what it read, so that the example runs without a provider. */
import { findMarkers } from "@headroom/core";

export function scriptedFetch(): typeof globalThis.fetch {
  return async (_, init) => {
    const text = String(init?.body);
    const [marker] = findMarkers(text);
    const found = /SKU-\d+(?=[^{}]*W2)/.exec(lastOutput(text))?.[0];
    const part = found
      ? { text: `It is ${found}.` }
      : {
          functionCall: marker
            ? { name: "headroom_retrieve", args: { hash: marker.ref, rows: "1234" } }
            : { name: "list_orders", args: {} },
        };
    const content = { role: "model", parts: [part] };
    return Response.json({ candidates: [{ content, finishReason: "STOP" }] });
  };
}

/** What the last look-up gave. */
function lastOutput(body: string): string {
  const start = body.lastIndexOf('"name":"headroom_retrieve","response"');
  return start === -1 ? "" : body.slice(start, body.indexOf("}}", start));
}
