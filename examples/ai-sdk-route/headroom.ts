/** What the route handler uses of Headroom, alone, so that it can be weighed. */
export { headroomMiddleware } from "@headroom/ai-sdk";
export { estimateTokens, memoryStore } from "@headroom/core";
