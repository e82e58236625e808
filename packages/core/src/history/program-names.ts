/** Names of files that hold source code: an agent that reads one may be about to edit it. */

const EXTENSIONS: ReadonlySet<string> = new Set(
  [
    "ada adb ads agda applescript as asm astro awk bas bash bat c cc cl clj cljc cljs cls cmake cmd cob cobol coffee cpp cr cs css",
    "csx cu cuh cxx d dart dts dtsi el elm erl ex exs f f03 f08 f77 f90 f95 fish fnl for fs fsi fsx gd gemspec gleam glsl go gradle",
    "graphql gql groovy h hcl hh hlsl hpp hrl hs hxx idl ino ipp java jl js jsx kt kts ksh less lhs lisp lua m m4 mak mjs mk ml mli mm mts",
    "nim nix nsi odin pas php pl pm pp proto ps1 psm1 pxd pyi py pyx qml r rake rb rkt robot rs s sass sc scala scm scss sh sml",
    "sol sql ss sty styl sv svelte svh swift tcl tf tfvars thrift tla ts tsx v vala vb vbs vert vhd vhdl vim vue wat wgsl zig zsh cjs cts",
  ]
    .join(" ")
    .split(" "),
);

const NAMES: ReadonlySet<string> = new Set(
  "build build.bazel cmakelists.txt containerfile dockerfile gemfile gnumakefile jenkinsfile justfile makefile podfile procfile rakefile tiltfile vagrantfile workspace".split(
    " ",
  ),
);

/** Whether the name of a file says that it holds source code. Data, settings and documents are none. */
export function isProgramName(path: string): boolean {
  const name = path
    .slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1)
    .toLowerCase();
  if (NAMES.has(name)) return true;
  const dot = name.lastIndexOf(".");
  return dot >= 0 && EXTENSIONS.has(name.slice(dot + 1));
}
