export const DASHBOARD = { html: "", headers: {} as Record<string, string> };
