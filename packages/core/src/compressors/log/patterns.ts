/**
 * What tools print when something goes wrong, goes right, or goes on.
 *
 * All regular expressions of the log compressor live here, so that they can be checked together: each is a plain alternation
 * or a bounded run, none has a repeated group, and all are used on one line of at most `MAX_SCAN` characters.
 * Sources: the documented output of each tool named beside its pattern.
 */

/** Whether one of several patterns matches: alternations too long for a checker are split. */
export function matchesAny(patterns: readonly RegExp[], text: string): boolean {
  return patterns.some((pattern) => pattern.test(text));
}

/** Patterns read this much of each end of a line. */
export const MAX_SCAN = 1_000;

/** Lines that begin like this report a failure, whatever follows. Tried on the trimmed line. */
export const FAILURE_START: RegExp = new RegExp(
  `^(?:${[
    "##\\[error\\]", // GitHub Actions, Azure Pipelines
    "::error",
    "--- FAIL", // go test
    "FAIL\\b",
    "FAILED\\b", // pytest, bazel
    "FAILURE\\b", // gradle, maven
    "(?:• )?\\[(?:FAIL|FAILED|PANICKED|TIMEDOUT|ERROR|FATAL|error|CRITICAL)\\]", // ginkgo, log4j, maven
    "ERROR(?:ED)?\\b",
    "[✕✗✘❌]",
    "[×✖⨯] ", // vitest, eslint
    "● ", // jest
    "E {2,3}\\S", // pytest
    "E\\s*,? ?\\[\\d", // Ruby logger
    "npm ERR!",
    "npm error\\b",
    "ERR_[A-Z_]+",
    "ELIFECYCLE",
    "Traceback \\(most recent call last\\)",
    "Caused by:",
    "Exception in thread",
    "panic:",
    "fatal( error)?:",
    "FATAL\\b",
    "CRITICAL\\b",
    "SEVERE\\b",
    "error\\b[:\\[(!]",
    "Error\\b",
    "Failed (?:to|with|at|in)\\b",
    "Failed:",
    "Failed \\S{1,300} \\[\\d", // dotnet test
    "Failure/Error:", // rspec
    "\\d{1,3}\\) \\S", // mocha, playwright, phpunit, exunit number their failures
    "\\[ +FAILED +\\]", // googletest
    "\\(fail\\) ", // bun
    "── (?:Failure|Error)", // testthat
    "[Ww]ould reformat\\b", // black, ruff
    "Diff in /", // rustfmt
    "\\[warn\\] \\S+\\.\\w+$", // prettier
    "failed: \\[", // ansible
    "\\d+:\\d+ +error\\b", // eslint
    "e: (?:file|/)", // kotlinc
    "[\\w./@-]{1,200}\\.go:\\d+:\\d+: ", // go build and vet name no level
    "│ Error:", // terraform
    "╷",
    "not ok \\d", // TAP
    "Segmentation fault",
    "[EF]\\d{4} \\d\\d:", // klog
    "Killed$",
    "Aborted\\b",
    "make(\\[\\d+\\])?: \\*\\*\\*",
    "ninja: build stopped",
    "CMake Error",
    "\\* What went wrong:", // gradle
    "Execution failed for task",
    "collect2: error",
    "BUILD FAIL",
    "Build FAILED",
    "Test (run )?failed",
    "Failures?:",
    "failures:$", // cargo test
    "panicked at",
    "SUMMARY: \\w{1,20}Sanitizer",
    "Expected\\b", // jest, vitest, cargo
    "Received\\b(?! \\d)", // and not `Received 83886080 of 297581456`, a download
    "Actual\\b",
    "Command failed",
    "command failed",
  ].join("|")})`,
);

/** The same, anywhere in the line. */
export const FAILURE_INSIDE: readonly RegExp[] = [
  new RegExp(
    [
      "##\\[error\\]",
      "npm ERR!",
      " \\*\\*\\* ",
      "\\.\\.\\. ?(?:Failed|FAILED|FAIL|ERROR|Error|failed)\\b", // pre-commit, cargo, cmake, nose
      "(?:^|[:)-] )(?:fatal |internal compiler )?[Ee]rror\\b(?:[:\\[]| [A-Z]{1,4}\\d)", // gcc, clang, javac, mypy, tsc, msbuild
      ":\\d+:\\d+: [EF]\\d{3,4}\\b", // pylint, flake8, ruff
      '\\b(?:level|lvl|severity)"?[=:] ?"?(?:error|fatal|critical|panic|crit|alert|emerg|[56]0\\b)',
      "\\b[Ee]xit(?:ed)?(?: with)? ?(?:code|status)?:? ?[1-9]",
    ].join("|"),
  ),
  new RegExp(
    [
      "\\b(?:exit|return|returned|exited) (?:code|status|with)(?: code| status)?:? ?[1-9-]",
      "\\bnon-?zero exit",
      "\\bstatus code:? [45]\\d\\d",
      'HTTP/\\d(?:\\.\\d)?" 5\\d\\d\\b',
      "\\bpanicked at\\b",
      "\\[(?:crit|emerg|alert|error|fatal)\\]", // nginx, httpd
      "\\*\\*\\*(?:Failed|Exception|Timeout|Not Run)\\b", // ctest
      "\\((?:Failed|SEGFAULT|Timeout|ABORTED|Not Run)\\)",
      "<<< (?:FAILURE|ERROR)!", // surefire
      "\\.\\w{1,4}:\\d+: Failure$", // googletest
      "' failed \\(\\d", // xctest
      " \\[E\\]$", // flutter
      "\\b(?:CrashLoopBackOff|ImagePullBackOff|ErrImagePull|FailedScheduling)\\b",
      "\\b[Ss]egmentation fault\\b",
      "\\bcore dumped\\b",
      "\\b[Oo]ut of memory\\b",
      "\\bOOM\\b",
    ].join("|"),
  ),
  new RegExp(
    [
      "\\bOOMKilled\\b",
      "\\bSIG(?:ABRT|BUS|FPE|ILL|INT|KILL|SEGV|TERM|TRAP)\\b",
      "\\bundefined reference\\b",
      "\\b[Nn]o such file or directory\\b",
      "\\b[Cc]ommand not found\\b",
      "\\b[Pp]ermission denied\\b",
      "\\b[Cc]onnection (?:refused|reset)\\b",
      "\\b[Cc]ould not\\b",
    ].join("|"),
  ),
  new RegExp(
    [
      "\\bcouldn't\\b",
      "\\b[Uu]nable to\\b",
      "\\bE(?:ACCES|CONNREFUSED|CONNRESET|NOENT|NOTFOUND|PERM|RESOLVE|TIMEDOUT|ADDRINUSE)\\b",
      "\\bdid not match\\b",
      "\\bdoes not exist\\b",
      "\\b(?:[Nn]ot|no tests) found\\b",
      "\\bNo module named\\b",
      "\\b[Tt]im(?:ed out|eout) (?:after|waiting|exceeded|while)",
      "\\btimed out\\b",
    ].join("|"),
  ),
];

/** Whole words that name an error. The scanner checks what stands around them. */
export const ERROR_WORDS: RegExp =
  /\b(?:errors?|fatal|critical|panic(?:ked)?|exceptions?|traceback|crash(?:ed)?|fail(?:s|ed|ure|ures|ing)?|aborted|assertion|unhandled|uncaught|denied|refused|rejected|invalid|broken|missing|conflict|corrupt(?:ed)?|unreachable|violations?|vulnerabilit(?:y|ies)|emerg|alert|severe)\b/gi;

/** `ValueError`, `java.io.IOException`, `DataFault`: the name of a thrown type, followed by an end. */
export const THROWN_TYPE: RegExp =
  /[A-Za-z](?:Error|Exception|Failure|Fault|Panic)(?:$|[\s:'"`)\],(])/;

/** A passed test, in the marks of the common runners. */
export const PASS_LINE: RegExp = new RegExp(
  [
    "^[✓✔√☑]",
    "^(?:ok|PASS|PASSED|SUCCESS|OK)\\b",
    "^--- PASS",
    "^=== (?:RUN|PAUSE|CONT|NAME)\\b",
    "^(?:test|doctest) .{1,300} \\.\\.\\. ok$",
    "\\.\\.\\. (?:ok|ignored|passed|PASSED|success)$",
    "\\bPASSED\\b",
    "\\.\\.\\.\\.(?:Passed|Skipped)\\b",
    "^\\[ +(?:OK|RUN) +\\]", // googletest
    " PASS ?\\[ ", // nextest
    "^PASS \\[",
  ].join("|"),
);

/** Counts of nothing: `0 errors`, `failed=0`, `no failures`. */
export const NONE_BEFORE: RegExp =
  /(?:^|[^\w.])(?:0|no|without|zero|non|ignore|ignoring|any|if|on) ?$/i;
export const NONE_AFTER: RegExp = /^(?:\(s\))?"? ?[=:] ?"?(?:0|none|null|false|no|true)\b/i;

export const WARNING: RegExp = /\b(?:warn(?:ings?)?|deprecat(?:ed|ion))\b|^W[\s/,]|##\[warning\]/i;

/** A text that speaks of an error or a warning, whatever it says about it. */
export const SPEAKS_OF_ERROR: RegExp = /error|fail|fatal|exception|panic|warn|denied|refused/i;

/** Lines that sum a run up. */
export const SUMMARY: RegExp = new RegExp(
  [
    "\\b\\d+ (?:passed|failed|skipped|errors?|failures?|warnings?|passing|failing|pending|tests?|problems?|vulnerabilities)\\b",
    "^(?:Tests?|Test Suites|Test Files|Snapshots|Tests run|Ran \\d+|Suites|Summary|Total|Totals|Result|Results|Finished|Duration)\\b",
    "^(?:BUILD|Build) (?:SUCCESS|SUCCESSFUL|FAILED|FAILURE|succeeded|complete)",
    "^test result:",
    "^={3,} .{1,300} ={3,}$",
    "^(?:Plan|Apply complete|Destroy complete)",
    "^added \\d+ packages",
    "^(?:Done|Completed|Compiled|Successfully) ",
    "\\bexit(?:ed)? (?:code|status|with)",
    "\\bProcess completed\\b",
    "^Found \\d+ ",
    "^All checks\\b",
  ].join("|"),
);

/** Detail that belongs to the line above: gutters, carets, assertions, chained causes, hints. Tried on the trimmed line. */
export const DETAIL: RegExp = new RegExp(
  `^(?:${[
    "E {2,}",
    "[|│┃]",
    "\\d+ ?[|│]",
    "[>^~]",
    "[+-] ",
    "-->",
    "= (?:note|help)",
    "(?:note|help|hint|Note|Hint|info|Reason|reason|Caused|Details?)\\b",
    "(?:Expected|Received|Actual|expected|received|actual|got|want|left|right)\\b",
    "\\.\\.\\. \\d+ more",
    "During handling of",
    "The above exception",
    "at ",
    "in ",
    'File "',
    "from ",
    "required (?:by|from)",
    "Diff:",
    "Snapshot",
    "\\* ",
    "\\?\\?",
  ].join("|")})`,
);

/** A line that marks a place in the line above. */
export const CARETS: RegExp = /^[\s\d|│.]{0,40}[\^~][\^~\s─-]*$/;

/** The lines of a record that goes on about the one above, behind their own stamps: PostgreSQL. */
export const RECORD_DETAIL: RegExp = /[\s\]:](?:DETAIL|HINT|CONTEXT|STATEMENT|QUERY|LOCATION): /;

/** A script printed before it runs, in the colour GitHub Actions gives it: code, not output. Tried on the raw line. */
export const ECHOED_SCRIPT = "[36;1m";

/** How lines of logs begin: level, unit, date. Used for detection only. */
export const LEVEL_START: RegExp =
  /^[[(<]?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|SEVERE|trace|debug|info|warn|error|fatal)\b[\])>:|\s]/;
export const LEVEL_INSIDE: RegExp =
  /[\s[(|](?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|SEVERE)[\])|:\s]|\blevel=(?:trace|debug|info|warn|error|fatal)\b/;

/** Lines that only build tools, package managers and test runners print. Used for detection only. */
export const TOOL_LINE: readonly RegExp[] = [
  new RegExp(
    `^(?:${[
      "##\\[",
      "::(?:group|endgroup|error|warning)",
      "\\[command\\]",
      "[✓✔√✕✗✘×❯] ",
      "(?:PASS|FAIL|RUNS) ",
      "● ",
      "(?:ok|not ok) \\d+",
      "(?:ok|FAIL|---|\\?) {0,3}\\t\\S",
      "--- (?:PASS|FAIL|SKIP)",
      "=== (?:RUN|PAUSE|CONT)",
    ].join("|")})`,
  ),
  new RegExp(
    `^(?:${[
      "={3,} .+ ={3,}$",
      "_{3,} .+ _{3,}$",
      "E {3}\\S",
      "(?:FAILED|ERROR|PASSED|SKIPPED) \\S",
      "\\S+ (?:PASSED|FAILED|SKIPPED|XFAIL)\\b",
      "collected \\d+ item",
      "platform (?:linux|darwin|win32) --",
      "test .+ \\.\\.\\. (?:ok|FAILED|ignored)",
      "running \\d+ tests?$",
      "test result: ",
      "(?:error|warning)(?:\\[[A-Z]?\\d+\\])?: ",
    ].join("|")})`,
  ),
  new RegExp(
    `^(?:${[
      "-->",
      "\\d* +\\|",
      "\\d+:\\d+ +(?:error|warning) ", // eslint
      "(?:[╷╵]|│[^│]*$)", // terraform; a line of a box has a second side
      "[^\\s:]+: (?:Still )?(?:Creati|Destr|Modif|Refresh|Reading)",
      "= (?:note|help): ",
      "(?:Compiling|Checking|Downloading|Downloaded|Finished|Running|Building|Updating|Installing|Collecting|Unpacking|Fetching|Linking|Preparing|Resolving|Extracting|Pulling|Created|Creating|Processing|Generating|Copying|Selecting|Successfully|Requirement) \\S",
      "Setting up \\S+ \\(",
      "(?:Get|Hit|Ign):\\d+ ",
      "npm (?:ERR!|error|warn|WARN|http|info|verb|notice|timing|sill)",
      "gyp (?:info|verb|ERR!|WARN)",
    ].join("|")})`,
  ),
  new RegExp(
    `^(?:${[
      "(?:yarn|pnpm|bun) (?:install|run|add|audit) v",
      "\\[\\d+/\\d+\\] ",
      "\\[ *\\d+%\\] ",
      "#\\d+ (?:\\d|\\[|sha|DONE|CACHED|ERROR|extracting|transferring)",
      "Step \\d+/\\d+ :",
      "> Task :",
      "\\[(?:INFO|WARNING|ERROR|DEBUG)\\] ",
      "make(?:\\[\\d+\\])?: ",
      "(?:cc|gcc|g\\+\\+|clang|clang\\+\\+|c\\+\\+|rustc|ld) ",
      "(?:CC|CXX|LD|AR) ",
      "Terraform ",
    ].join("|")})`,
  ),
  new RegExp(
    `^(?:${[
      "# \\S+ (?:will be|must be|has been)",
      "[+~-] (?:resource|provider|data) ",
      "Traceback \\(most",
      'File "[^"]{1,300}", line \\d',
      "at \\S+ ?\\(",
      "Caused by: ",
      "goroutine \\d+ \\[",
      "thread '[^']*' ",
      "\\+{1,4} \\S",
      "remote: ",
      "hint: ",
      "(?:ok|changed|skipping|fatal|failed|unreachable): \\[", // ansible
      "(?:PLAY|TASK|RUNNING HANDLER) \\[",
    ].join("|")})`,
  ),
];

/** A position of a diagnostic: `src/a.c:12:5: error`, `a.ts(3,4): error`. */
export const DIAGNOSTIC: RegExp =
  /^[^\s:()]+(?::\d+(?::\d+)?|\(\d+,\d+\)):? ?-? ?(?:error|warning|note|fatal error|info|Error|Warning|[A-Z]{1,4}\d{2,5})\b/;

/** A web server's access line. */
export const ACCESS_LINE: RegExp =
  /^\S{1,200} \S{1,100} \S{1,100} \[[^\]]{1,60}\] "[A-Z]{3,10} |"(?:GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH) \S{1,2000} HTTP\/\d/;

/** Headings that have no decoration, or one of their own kind: groups of CI, steps of builds, packages. */
export const HEADING_START: RegExp = new RegExp(
  `^(?:${[
    "##\\[(?:group|section)\\]", // GitHub Actions, Azure Pipelines
    "::group::",
    "section_start:", // GitLab
    "travis_fold:start",
    "#\\d{1,4} \\[", // BuildKit
    "Step \\d{1,3}/\\d{1,3} :", // docker build
    "> Task :", // gradle
    "> [@\\w./-]{1,80}@\\d", // npm run
    "\\[INFO\\] -{2,} ", // maven
    "\\[INFO\\] Building ",
    "(?:make|gmake)(?:\\[\\d+\\])?: Entering directory",
    " ?(?:Running|Doc-tests) (?:unittests |tests/)?\\S{1,200} ?\\(?", // cargo test
    "[\\w.@-]{1,100} \\| [A-Z]{4,12}!? (?:\\| rc=\\d+ )?(?:>>|=>)", // ansible
    "\\*{3} ",
    "==> ", // tail, homebrew
  ].join("|")})`,
);

/** The line that names a step of a job, which may have groups of its own; */
export const JOB_STEP: RegExp = /^##\[(?:group\]Run |section\]Starting: )/;
/** the steps behind the last one of a job, which clean up. */
export const JOB_OVER: RegExp = /^(?:Post job cleanup|Cleaning up |##\[section\]Finishing: )/;
/** The line that names a group of CI or a step of an image, whose output follows; */
export const GROUP_START: RegExp = new RegExp(
  `^(?:${[
    "##\\[(?:group|section)\\]",
    "::group::",
    "section_start:",
    "travis_fold:start",
    "#\\d{1,4} \\[",
    "Step \\d{1,3}/\\d{1,3} :",
    "Post job cleanup",
  ].join("|")})`,
);
/** and a command that is echoed before it runs. */
export const COMMAND_START: RegExp = /^(?:\[command\]|[$+>] [\w./~-])/;

/** An option of a command. */
export const OPTION: RegExp = / '?-{1,2}[A-Za-z]/g;

/** A word of a line shape that stands for a time stamp or another value at the start of lines. */
export const STAMP_PART: RegExp = /^[[(]?\*[*:,.TZ+/()[\]-]*$/;

/** A value that names one thing: letters and digits, six or more. */
export const OPAQUE_ID: RegExp = /^(?=[a-z_-]{0,40}\d)(?=[\d_-]{0,40}[a-z])[\w-]{6,80}$/i;
/** What stands before a value that names one thing. */
export const ID_NAME: RegExp =
  /(?:id|trace|span|request|req|key|uuid|hash|session|order|job|user|txn|correlation)["']?[=:# ]{1,2}["'[(]?$/i;

/** The level of a line, as a word of its own near its start: in capitals, */
export const LEVEL_WORD: RegExp =
  /(?:^|[\s[(<|:"])(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|SEVERE|PANIC)(?=[\])>|:\s]|$)/;
/** or in small letters before a bracket, a colon or a column of blanks, */
export const LEVEL_MARK: RegExp =
  /(?:^|[\s[(<|])(trace|debug|info|notice|warn|warning|error|fatal|crit|critical|alert|emerg)(?=[\])>|:]| {2})/;
/** or as the first or second word: `npm warn`, `gyp info`. */
export const LEVEL_AT_START: RegExp =
  /^(?:\S{1,12} )?(trace|debug|info|notice|warn|warning|error|fatal|verb|http|sill) /;
/** The level of a line, as a field. */
export const LEVEL_FIELD: RegExp =
  /\b(?:level|lvl|levelname|severity)"?[=:] ?"?([A-Za-z]{3,9}|[1-6]0)\b/i;

/** Levels of which a reader wants to see every line. */
export const SEVERE_LEVEL: RegExp =
  /^(?:error|fatal|critical|crit|severe|panic|alert|emerg|emergency|50|60)$/i;

/** The code of a diagnostic: `TS2322`, `[-Wunused]`, `(no-console)`, `E0425`, the rule at the end of an eslint line. */
export const FINDING_CODE: readonly RegExp[] = [
  /\[(-W[\w+=-]{1,60})\]/, // gcc, clang
  /\b(?:error|warning)\[([A-Z]{1,3}\d{2,5})\]/, // rustc
  /\b(?:error|warning) ([A-Z]{1,4}\d{2,5}):/, // tsc, msbuild
  /:\d{1,7}: ([A-Z]{1,3}\d{3,5})\b/, // flake8, ruff, pylint
  /(?:error|warning|note): .{1,400} {1,2}\[([a-z][\w-]{1,60})\]$/, // mypy, javac
  /^\s{0,8}\d{1,7}:\d{1,5} {1,8}(?:error|warning) .{1,400} {2}((?:@[\w-]{1,40}\/)?[\w/-]{1,60})$/, // eslint
];

/** Behind the path of a request in an access log. */
export const HTTP_STATUS: RegExp = /^ HTTP\/\d(?:\.\d)?"? ([1-5]\d\d)\b/;

/** Numbers with a unit of time, at a word's end: `12ms`, `1.5 s`, `1h30m`. */
export const DURATIONS: RegExp =
  /(?<=^|[\s([=:"])(\d[\d.]{0,12} ?(?:ns|us|µs|ms|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)(?:\d{1,5}(?:ms|m|s)){0,2})(?=$|[\s,;)\]"])/g;
