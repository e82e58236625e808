import assert from "node:assert/strict";
import { GoogleGenAI } from "@google/genai";
import { memoryStore } from "@headroom/core";
import { withHeadroom } from "@headroom/google";
import { json } from "./original.mjs";

const bodies = [];
const fetch = async (_url, init) => {
  bodies.push(String(init.body));
  const hash = /\[\[hr:([a-z]{22})/.exec(String(init.body))?.[1];
  const functionCall = { name: "headroom_retrieve", args: { hash, rows: "251" } };
  const part = bodies.length === 1 ? { functionCall } : { text: "Row 251 is down." };
  const content = { role: "model", parts: [part] };
  return Response.json({ candidates: [{ content, finishReason: "STOP" }] });
};
const client = new GoogleGenAI({ apiKey: "test", httpOptions: { fetch } });
const ai = withHeadroom(client, { store: memoryStore() });
assert.ok(ai instanceof GoogleGenAI);
const response = { output: json };
const reply = await ai.models.generateContent({
  model: "gemini-3-pro",
  contents: [
    { role: "user", parts: [{ text: "Is anything down?" }] },
    { role: "model", parts: [{ functionCall: { name: "list", args: {} } }] },
    { role: "user", parts: [{ functionResponse: { name: "list", response } }] },
  ],
  config: { tools: [{ functionDeclarations: [{ name: "list" }] }] },
});
assert.equal(reply.text, "Row 251 is down.");
assert.ok(bodies[0].length < json.length / 3);
assert.match(bodies[1], /connection refused/);
