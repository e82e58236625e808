/** The languages: which grammar reads each, and what its nodes are to an outline. Names are those of the grammars. */

/** A language whose files are outlined. C is read by the grammar of C++. */
export type CodeLanguage =
  | "c"
  | "cpp"
  | "csharp"
  | "go"
  | "java"
  | "javascript"
  | "php"
  | "python"
  | "ruby"
  | "rust"
  | "tsx"
  | "typescript";

/** What the types of nodes mean. A type that stands nowhere is shown as it is, and looked into. */
export interface Grammar {
  /** A file of `@vscode/tree-sitter-wasm`. */
  readonly file: string;
  /** Their `body` is left out. */
  readonly functions: ReadonlySet<string>;
  /** What is in them is told one by one. */
  readonly containers: ReadonlySet<string>;
  readonly imports: ReadonlySet<string>;
  /** Shown whole: what has no body, and types. */
  readonly whole: ReadonlySet<string>;
  /** Of a long one the first line is shown, and the signatures in it. */
  readonly statements: ReadonlySet<string>;
  readonly comments: ReadonlySet<string>;
  /** A string that begins a body is a comment. */
  readonly hasDocstrings: boolean;
}

interface Names {
  readonly functions: string;
  readonly containers: string;
  readonly imports: string;
  readonly whole?: string;
  readonly statements: string;
  readonly comments?: string;
  readonly hasDocstrings?: true;
}

function grammar(name: string, names: Names): Grammar {
  const set = (words: string): ReadonlySet<string> => new Set(words.split(" "));
  return {
    file: `tree-sitter-${name}.wasm`,
    functions: set(names.functions),
    containers: set(names.containers),
    imports: set(names.imports),
    whole: set(names.whole ?? ""),
    statements: set(names.statements),
    comments: set(names.comments ?? "comment"),
    hasDocstrings: names.hasDocstrings ?? false,
  };
}

/** Statements that C and its descendants share. */
const STATEMENTS =
  "expression_statement if_statement for_statement while_statement do_statement try_statement switch_statement return_statement";

const SCRIPT: Names = {
  functions:
    "function_declaration generator_function_declaration function_expression generator_function arrow_function method_definition class_static_block",
  containers: "class_declaration abstract_class_declaration class module internal_module",
  imports: "import_statement",
  whole: "interface_declaration type_alias_declaration enum_declaration",
  statements: `${STATEMENTS} for_in_statement`,
};

const CPP: Names = {
  functions: "function_definition lambda_expression",
  containers:
    "class_specifier struct_specifier union_specifier namespace_definition linkage_specification preproc_if preproc_ifdef preproc_else preproc_elif",
  imports: "preproc_include",
  whole: "enum_specifier",
  statements: `${STATEMENTS} preproc_def preproc_function_def`,
};

export const GRAMMARS: Readonly<Record<CodeLanguage, Grammar>> = {
  c: grammar("cpp", CPP),
  cpp: grammar("cpp", CPP),
  csharp: grammar("c-sharp", {
    functions:
      "method_declaration constructor_declaration destructor_declaration operator_declaration conversion_operator_declaration accessor_declaration local_function_statement lambda_expression anonymous_method_expression",
    containers:
      "class_declaration struct_declaration record_declaration interface_declaration namespace_declaration property_declaration indexer_declaration event_declaration",
    imports: "using_directive",
    whole: "enum_declaration delegate_declaration",
    statements: `${STATEMENTS} global_statement`,
  }),
  go: grammar("go", {
    functions: "function_declaration method_declaration func_literal",
    containers: "",
    imports: "import_declaration",
    whole: "type_declaration",
    statements: STATEMENTS,
  }),
  java: grammar("java", {
    functions:
      "method_declaration constructor_declaration compact_constructor_declaration lambda_expression static_initializer",
    containers:
      "class_declaration interface_declaration enum_declaration record_declaration annotation_type_declaration",
    imports: "import_declaration",
    statements: STATEMENTS,
    comments: "line_comment block_comment",
  }),
  javascript: grammar("javascript", SCRIPT),
  php: grammar("php", {
    functions:
      "function_definition method_declaration anonymous_function arrow_function property_hook",
    containers:
      "class_declaration interface_declaration trait_declaration enum_declaration namespace_definition anonymous_class",
    imports: "namespace_use_declaration",
    statements: `${STATEMENTS} foreach_statement text`,
  }),
  python: grammar("python", {
    functions: "function_definition",
    containers: "class_definition",
    imports: "import_statement import_from_statement future_import_statement",
    whole: "type_alias_statement",
    statements: `${STATEMENTS} with_statement match_statement`,
    hasDocstrings: true,
  }),
  ruby: grammar("ruby", {
    functions: "method singleton_method do_block block",
    containers: "class module singleton_class",
    imports: "",
    statements: "call assignment operator_assignment if unless case while begin",
  }),
  rust: grammar("rust", {
    functions: "function_item closure_expression",
    containers: "impl_item trait_item mod_item foreign_mod_item",
    imports: "use_declaration extern_crate_declaration",
    whole: "struct_item enum_item union_item type_item",
    statements: "expression_statement macro_invocation macro_definition",
    comments: "line_comment block_comment",
  }),
  tsx: grammar("tsx", SCRIPT),
  typescript: grammar("typescript", SCRIPT),
};

/** All languages. */
export const LANGUAGES: readonly CodeLanguage[] = Object.keys(GRAMMARS) as CodeLanguage[];
