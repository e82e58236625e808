/** Writes the few messages of ONNX's protocol buffers that a tiny model needs. */

/** A node of the graph: `outputs = operator(inputs)`. */
export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Whole numbers, and lists of them. */
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  /** Matrices of 32-bit numbers by name. */
  readonly weights: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }>
  >;
  /** Matrices of 64-bit whole numbers: batch × sequence. */
  readonly inputs: readonly string[];
  readonly output: { readonly name: string; readonly shape: readonly (string | number)[] };
}

const FLOAT = 1;
const INT64 = 7;

/** The bytes of a model file. */
export function onnxBytes({ nodes, weights, inputs, output }: OnnxModel): Uint8Array {
  const graph = [
    ...nodes.map((node) => field(1, nodeBytes(node))),
    field(2, text("tiny")),
    ...Object.entries(weights).map(([name, { shape, values }]) =>
      field(5, [
        ...shape.map((dimension) => number(1, dimension)),
        number(2, FLOAT),
        field(8, text(name)),
        field(9, new Uint8Array(Float32Array.from(values).buffer)),
      ]),
    ),
    ...inputs.map((name) => field(11, valueInfo(name, INT64, ["batch", "sequence"]))),
    field(12, valueInfo(output.name, FLOAT, output.shape)),
  ];
  return joined([number(1, 7), field(7, graph), field(8, [number(2, 11)])]);
}

function nodeBytes({ operator, inputs, output, attributes = {} }: OnnxNode): Uint8Array {
  return joined([
    ...inputs.map((name) => field(1, text(name))),
    field(2, text(output)),
    field(4, text(operator)),
    ...Object.entries(attributes).map(([name, value]) => {
      const isNumber = typeof value === "number";
      const values = isNumber ? [number(3, value)] : value.map((each) => number(8, each));
      return field(5, [field(1, text(name)), ...values, number(20, isNumber ? 2 : 7)]);
    }),
  ]);
}

function valueInfo(name: string, type: number, shape: readonly (string | number)[]): Uint8Array {
  const dimensions = shape.map((size) =>
    field(1, [typeof size === "number" ? number(1, size) : field(2, text(size))]),
  );
  const tensor = [number(1, type), field(2, dimensions)];
  return joined([field(1, text(name)), field(2, [field(1, tensor)])]);
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

/** A whole number that is not negative. */
function number(key: number, value: number): Uint8Array {
  return joined([varint(key << 3), varint(value)]);
}

function field(key: number, content: Uint8Array | readonly Uint8Array[]): Uint8Array {
  const bytes = content instanceof Uint8Array ? content : joined(content);
  return joined([varint((key << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Uint8Array.from([...bytes, rest]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
