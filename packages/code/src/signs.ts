/** Lines that one language has and few others: by how they begin and end, and by what is in them, without the space around them. */
import type { CodeLanguage } from "./languages.ts";

/** A language, and what is written in much the same way: C++ with C, and all that is JavaScript. */
export type Family = Exclude<CodeLanguage, "cpp" | "tsx" | "typescript">;

/** Says whether a line is one of a kind. */
export type Sign = (line: string) => boolean;

export function beginsAny(...heads: readonly string[]): Sign {
  return (line) => heads.some((head) => line.startsWith(head));
}

export function holdsAny(...parts: readonly string[]): Sign {
  return (line) => parts.some((part) => line.includes(part));
}

function endsAny(...tails: readonly string[]): Sign {
  return (line) => tails.some((tail) => line.endsWith(tail));
}

function both(one: Sign, other: Sign): Sign {
  return (line) => one(line) && other(line);
}

const isOneOf = (...lines: readonly string[]): Sign => {
  const known = new Set(lines);
  return (line) => known.has(line);
};

const isOpen = endsAny("(", "{", ",", ")");
/** Access, as Java and C# have it before members. */
const isMember = beginsAny("public ", "private ", "protected ", "internal ");

export const SIGNS: Readonly<Record<Family, readonly Sign[]>> = {
  c: [
    beginsAny("#include", "#define", "#ifdef", "#ifndef", "#endif", "#pragma", "#undef", "#if "),
    both(
      beginsAny(
        "static ",
        "extern ",
        "void ",
        "int ",
        "char ",
        "bool ",
        "size_t ",
        "double ",
        "long ",
        "unsigned ",
        "struct ",
        "const char",
        "inline ",
        "auto ",
        "std::",
      ),
      endsAny("(", "{", ",", ")", ";"),
    ),
    beginsAny("typedef ", "template <", "template<", "using namespace ", 'extern "C"', "#  "),
    isOneOf("public:", "private:", "protected:"),
    holdsAny("->", "std::", "NULL", "nullptr", "sizeof(", "sizeof ("),
  ],
  csharp: [
    both(beginsAny("using "), endsAny(";")),
    both(beginsAny("namespace "), (line) => !line.endsWith("{")),
    both(isMember, (line) => !line.endsWith("{") || line.includes("get;")),
    holdsAny("{ get; ", "{ get => "),
    beginsAny("/// <"),
    both(beginsAny("["), endsAny(")]")),
  ],
  go: [
    both(beginsAny("func "), endsAny("{", "(", "}")),
    holdsAny(" := "),
    both(holdsAny("err != nil"), endsAny("{")),
    both(beginsAny("type "), endsAny("struct {", "interface {")),
    isOneOf("import (", "const (", "var ("),
    beginsAny("defer ", "go func("),
  ],
  java: [
    both(isMember, endsAny("{", "(", ";", ",")),
    beginsAny("@Override", "@Deprecated", "@Nullable", "@Test", "@SuppressWarnings", "@Inject"),
    both(beginsAny("import ", "package "), (line) => line.endsWith(";") && !/["']/.test(line)),
    both(beginsAny("throw new ", "final "), endsAny(";", "(", "{")),
  ],
  javascript: [
    beginsAny(
      "export ",
      "function ",
      "async function ",
      "module.exports",
      "declare ",
      '} from "',
      "} from '",
    ),
    both(beginsAny("const ", "let ", "var "), holdsAny(" = ", ": ")),
    both(beginsAny("import "), holdsAny('"', "'")),
    endsAny("=> {", "=>", "=> (", "});"),
    holdsAny('require("', "require('", "===", "!==", "=> "),
    both(
      beginsAny("interface ", "type ", "readonly ", "get ", "set ", "constructor("),
      endsAny("{", ";", "="),
    ),
  ],
  php: [
    beginsAny("$", "return $", "foreach (", "<?php"),
    both(
      beginsAny(
        "function ",
        "public function ",
        "private function ",
        "protected function ",
        "public static function ",
      ),
      isOpen,
    ),
    holdsAny("$this->", "($", ", $"),
    both(beginsAny("use ", "namespace "), (line) => line.includes("\\") && line.endsWith(";")),
  ],
  python: [
    both(beginsAny("def ", "async def "), endsAny(":", "(", ",")),
    both(beginsAny("class ", "if ", "elif ", "while ", "for ", "with ", "except"), endsAny(":")),
    isOneOf("else:", "try:", "finally:", "pass", "@property", "@staticmethod", "@classmethod"),
    both(beginsAny("from "), holdsAny(" import ")),
    both(beginsAny("import "), (line) => !line.endsWith(";") && !/["']/.test(line)),
    both(beginsAny("self.", "raise ", "return self", "yield "), (line) => !line.endsWith(";")),
  ],
  ruby: [
    both(beginsAny("def "), (line) => !line.endsWith(":") && !line.endsWith("(")),
    isOneOf("end", "else", "begin", "private", "protected", "ensure"),
    both(beginsAny("module ", "class "), (line) => !/[{:(]$/.test(line)),
    beginsAny(
      'require "',
      "require '",
      "require_relative ",
      "attr_",
      "unless ",
      "elsif ",
      "rescue",
    ),
    both(holdsAny(" do"), endsAny(" do", "|")),
  ],
  rust: [
    both(
      beginsAny("fn ", "pub fn ", "pub(crate) fn ", "async fn ", "pub async fn ", "unsafe fn "),
      isOpen,
    ),
    beginsAny(
      "let mut ",
      "impl ",
      "impl<",
      "#[",
      "#![",
      "pub struct ",
      "pub enum ",
      "pub mod ",
      "pub trait ",
      "pub use ",
      "mod ",
    ),
    both(beginsAny("use ", "let "), (line) => line.includes("::") || line.includes("&")),
    endsAny("?;", ".unwrap();", "=> {"),
    both(holdsAny("-> "), endsAny("{")),
    beginsAny("/// ", "//! "),
  ],
};
