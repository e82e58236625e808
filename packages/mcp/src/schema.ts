/** JSON Schema as the SDK takes schemas. What the schema does not allow still comes to the tool, which says in words what is wrong. */

/** The part of a Standard Schema (https://standardschema.dev) that the SDK reads. */
export interface ToolSchema {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => { readonly value: Arguments };
    readonly types?: { readonly input: Arguments; readonly output: Arguments };
    readonly jsonSchema: {
      readonly input: () => Record<string, unknown>;
      readonly output: () => Record<string, unknown>;
    };
  };
}

/** What a client sent as arguments. */
export type Arguments = Readonly<Record<string, unknown>>;

type JsonSchema = Readonly<Record<string, unknown>>;

/** @param schema of an object */
export function toolSchema(schema: JsonSchema): ToolSchema {
  const json = (): Record<string, unknown> => ({ ...schema });
  return {
    "~standard": {
      version: 1,
      vendor: "headroom",
      validate: (value) => ({ value: isObject(value) ? value : {} }),
      jsonSchema: { input: json, output: json },
    },
  };
}

/** The schema of an object with these properties and no others. */
export function objectOf(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = [],
): JsonSchema {
  return { type: "object", properties, required, additionalProperties: false };
}

function isObject(value: unknown): value is Arguments {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text argument. Numbers become the texts they stand for; what is absent, `null` or blank is `undefined`. */
export function textIn(args: Arguments, name: string): string | undefined {
  const value = args[name];
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** Whether an argument is true, as a boolean or in words. */
export function isTrue(args: Arguments, name: string): boolean {
  const value = args[name];
  return value === true || (typeof value === "string" && value.trim().toLowerCase() === "true");
}

/** A whole number from 0; `undefined` for anything else. */
export function countIn(args: Arguments, name: string): number | undefined {
  const value = args[name];
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return Number.isSafeInteger(number) && (number as number) >= 0 ? (number as number) : undefined;
}

/** A content. JSON values are taken as their text: models and the inspector pass them as they are. */
export function contentIn(args: Arguments, name: string): string | undefined {
  const value = args[name];
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}
