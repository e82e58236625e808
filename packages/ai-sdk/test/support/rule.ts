/** What rules of providers, scripted models and servers have in common. */

/** What a scripted model says. */
export interface Said {
  readonly reasoning?: string;
  readonly text?: string;
  readonly calls?: readonly { readonly name: string; readonly input?: object }[];
  /** The request fails. */
  readonly status?: number;
}
export type Body = { readonly [key: string]: unknown };
/** A request broke a rule of the provider. */
export class Refusal extends Error {}
export function refuse(message: string): never {
  throw new Refusal(message);
}

/** Ids are counted over all servers, so that none comes twice. */
let ids = 0;
export const nextId = (prefix: string): string => `${prefix}_${++ids}`;
