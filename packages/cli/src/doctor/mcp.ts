/** Where `headroom mcp install` has put the server, and which of those places are not as it would write them. */
import { CLIENTS } from "../mcp-install/clients.ts";
import { clientStates } from "../mcp-install/command.ts";
import type { Place } from "../mcp-install/place.ts";
import type { Check } from "./check.ts";

export function mcpCheck(place: Place): Check {
  const name = "MCP";
  const states = clientStates(place).map((state) => ({
    ...state,
    title: `${CLIENTS[state.client]?.title ?? state.client}${state.scope === "project" ? " (project)" : ""}`,
  }));
  const broken = states.find(({ state }) => state === "unreadable");
  if (broken)
    return {
      name,
      state: "warn",
      says: `${broken.path} of ${broken.title} cannot be read${broken.reason === undefined ? "" : `: ${broken.reason}`}.`,
      todo: "Put the file right; headroom mcp status shows where.",
    };
  const other = states.find(({ state }) => state === "differs");
  if (other)
    return {
      name,
      state: "warn",
      says: `${other.title} starts the server in another way than this version would.`,
      todo: `headroom mcp install --client ${other.client}${other.scope === "project" ? " --scope project" : ""}, unless that is meant.`,
    };
  const installed = states.filter(({ state }) => state === "installed");
  if (installed.length > 0)
    return {
      name,
      state: "ok",
      says: `installed in ${installed.map(({ title }) => title).join(", ")}.`,
    };
  const found = states.filter((state) => state.found && state.scope === "user");
  return {
    name,
    state: "ok",
    says:
      found.length === 0
        ? "no client was found; headroom mcp install --client NAME adds the server to one."
        : `installed in none of ${found.map(({ title }) => title).join(", ")}; headroom mcp install adds it.`,
  };
}
