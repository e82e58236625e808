/** The word lists, entry by entry: each line is there for one entry of its list, and stops matching without it. */
import { describe, expect, it } from "vitest";
import {
  ACCESS_LINE,
  DETAIL,
  DIAGNOSTIC,
  DURATIONS,
  ERROR_WORDS,
  FAILURE_INSIDE,
  FAILURE_START,
  LEVEL_INSIDE,
  LEVEL_START,
  matchesAny,
  NONE_AFTER,
  NONE_BEFORE,
  PASS_LINE,
  SUMMARY,
  THROWN_TYPE,
  TOOL_LINE,
  WARNING,
} from "./patterns.ts";

/** Lists of lines that match and of lines that do not, one a line. */
function describeList(
  name: string,
  matches: (line: string) => boolean,
  yes: string,
  no: string,
): void {
  const lines = (list: string): readonly string[] => list.split("\n").filter((line) => line !== "");
  describe(name, () => {
    it.each(lines(yes))("has %s", (line) => expect(matches(line)).toBe(true));
    it.each(lines(no))("has not %s", (line) => expect(matches(line)).toBe(false));
  });
}

describeList(
  "a failure by its start",
  (line) => FAILURE_START.test(line),
  `
##[error]Process completed
::error file=a.ts::no
--- FAIL: TestA
FAIL src/a.test.ts
FAILED tests/test_a.py
FAILURE: Build
[FAIL] a
• [FAILED] b
[PANICKED] c
[TIMEDOUT] d
[ERROR] e
[FATAL] f
[error] g
[CRITICAL] h
ERROR x
ERRORED x
✕ adds
✗ adds
✘ adds
❌ adds
× adds
✖ adds
⨯ adds
● sum › adds
E   assert 1 == 2
E, [2024-05-01T10:00:00 #1]
E [2024
npm ERR! code
npm error code
ERR_MODULE_NOT_FOUND here
ELIFECYCLE Command
Traceback (most recent call last):
Caused by: x
Exception in thread "main"
panic: runtime
fatal: not a git repository
fatal error: x.h
FATAL x
CRITICAL x
SEVERE: x
error: x
error[E0308]: x
error(TS1): x
error! x
Error x
Failed to start
Failed with result
Failed at step
Failed in 3 s
Failed: x
Failed Adds.Numbers [3 ms]
Failure/Error: expect
1) adds
12) adds
[  FAILED  ] Net.Close
(fail) adds
── Failure (test.R:1)
── Error (test.R:1)
Would reformat a.py
would reformat a.py
Diff in /src/a.rs
[warn] src/a.ts
failed: [host]
3:5  error  no-undef
e: file:///a.kt
e: /a.kt
src/a-b.go:3:5: undefined
│ Error: x
╷
not ok 3 - adds
Segmentation fault
E0102 15:04:05
F0102 15:04:05
Killed
Aborted (core
make: *** [all]
make[2]: *** [all]
ninja: build stopped
CMake Error at
* What went wrong:
Execution failed for task
collect2: error
BUILD FAILED
Build FAILED
Test run failed
Test failed
Failure:
Failures:
failures:
panicked at
SUMMARY: AddressSanitizer
Expected: 1
Received: 2
Actual: 2
Command failed
command failed
`,
  `
FAILOVER done
ERRORS=0
×adds
●sum
E assert
E, done
Error_count
Failedly
failed to start
1)adds
Expectedly
Killed 3
not ok
e: done
error.log was rotated
make: done
`,
);

describeList(
  "a failure within",
  (line) => matchesAny(FAILURE_INSIDE, line),
  `
x ##[error]y
x npm ERR! y
x *** y
a ... Failed
a ...FAILED
a ... FAIL
a ... ERROR
a ... Error
a ... failed
a.c: error: x
(1) error[2]
a - fatal error: x
a: internal compiler error: x
a: Error TS2322
a.py:1:2: E501 long
a.py:1:2: F401 unused
level=error x
lvl=fatal x
severity: critical
level="panic"
level=crit
level: "alert
level=emerg
exit code 1
Exited with code 2
exited 3
exit status: 4
return code 5
returned status 1
exited with 7
exit code: -9
non-zero exit
nonzero exit
status code 404
status code: 503
HTTP/1.1" 503 12
HTTP/2" 500 0
thread panicked at a
a [crit] b
a [emerg] b
a [alert] b
a [error] b
a [fatal] b
a ***Failed b
a ***Exception b
a ***Timeout b
a ***Not Run b
a (Failed)
a (SEGFAULT)
a (Timeout)
a (ABORTED)
a (Not Run)
a <<< FAILURE!
a <<< ERROR!
a.cc:12: Failure
'a' failed (3 s
a [E]
CrashLoopBackOff x
ImagePullBackOff x
ErrImagePull x
FailedScheduling x
a Segmentation fault
a segmentation fault
core dumped
Out of memory
out of memory
killed by OOM
OOMKilled
SIGABRT
SIGBUS
SIGFPE
SIGILL
SIGINT
SIGKILL
SIGSEGV
SIGTERM
SIGTRAP
undefined reference to
No such file or directory
no such file or directory
Command not found
command not found
Permission denied
permission denied
Connection refused
connection reset
Could not open
could not open
I couldn't open
Unable to open
unable to open
EACCES x
ECONNREFUSED x
ECONNRESET x
ENOENT x
ENOTFOUND x
EPERM x
ERESOLVE x
ETIMEDOUT x
EADDRINUSE x
did not match
does not exist
Not found
not found
no tests found
No module named x
Timed out after 3 s
timeout waiting for
Timeout exceeded
timeout while
it timed out
`,
  `
a ... ok
a.c: warning: x
level=info x
exit code 0
return code 0
status code 200
HTTP/1.1" 404 12
a [info] b
a (Passed)
a.cc:12: Success
SIGUSR1
undefined here
a module named x
timeouts after
`,
);

describeList(
  "a test that passed",
  (line) => PASS_LINE.test(line),
  `
✓ adds
✔ adds
√ adds
☑ adds
ok 1
PASS src/a
PASSED adds
SUCCESS x
OK x
--- PASS: TestA
=== RUN TestA
=== PAUSE TestA
=== CONT TestA
=== NAME TestA
test a::b ... ok
doctest a ... ok
adds ... ok
adds ... ignored
adds ... passed
adds ... PASSED
adds ... success
a PASSED [ 3%]
a ....Passed
a ....Skipped
[       OK ] Net
[ RUN      ] Net
        PASS [   0.1s] a
PASS [   0.1s] a
`,
  `
adds ✓
okay
=== FAIL
adds ... FAILED
BYPASSED
a ...Passed
[  FAILED  ] Net
`,
);

describeList(
  "a warning",
  (line) => WARNING.test(line),
  `
WARN x
warning: x
2 Warnings
deprecated
a deprecation
W x
W, x
W/x
##[warning]x
`,
  `
forewarned
Wx
depreciated
`,
);

describeList(
  "a sum",
  (line) => SUMMARY.test(line),
  `
3 passed
3 failed
3 skipped
1 error
2 errors
1 failure
2 failures
1 warning
2 warnings
3 passing
3 failing
3 pending
1 test
2 tests
1 problem
2 problems
3 vulnerabilities
Test: x
Tests: x
Test Suites: x
Test Files  x
Snapshots: x
Tests run: x
Ran 3 of x
Suites: x
Summary: x
Total: x
Totals: x
Result: x
Results: x
Finished x
Duration x
BUILD SUCCESS
Build SUCCESSFUL
BUILD FAILED
Build FAILURE
Build succeeded
Build complete
test result: ok
=== 1 done in 1 s ===
Plan: 1
Apply complete
Destroy complete
added 3 packages
Done in 1 s
Completed x
Compiled x
Successfully x
x exited with 0
x exit code 0
x exit status 0
x Process completed
Found 3 files
All checks passed
`,
  `
passed 3
Testing
Replan
== x ==
Found files
Donely
exits with
`,
);

describeList(
  "a detail of the line above",
  (line) => DETAIL.test(line),
  `
E   assert
| x
│ x
┃ x
12 | x
12│x
> x
^
~~~
+ x
- x
--> a.rs
= note: x
= help: x
note: x
help: x
hint: x
Note: x
Hint: x
info: x
Reason: x
reason: x
Caused by
Detail: x
Details: x
Expected x
Received x
Actual x
expected x
received x
actual x
got x
want x
left: x
right: x
... 3 more
During handling of
The above exception
at a.b
in a.b
File "a.py"
from a.rb
required by x
required from x
Diff: x
Snapshot x
* x
??
`,
  `
E assert
notes
gotten
+x
-x
... 3 fewer
atom
inner
fromage
`,
);

describeList(
  "a line of a tool",
  (line) => matchesAny(TOOL_LINE, line),
  `
##[group]x
::group::x
::endgroup::
::error x
::warning x
[command]x
✓ x
✔ x
√ x
✕ x
✗ x
✘ x
× x
❯ x
PASS x
FAIL x
RUNS x
● x
ok 1
not ok 1
ok \tx
FAIL\tx
---\tx
?   \tx
--- PASS
--- FAIL
--- SKIP
=== RUN
=== PAUSE
=== CONT
=== x ===
___ x ___
E   x
FAILED x
ERROR x
PASSED x
SKIPPED x
x PASSED
x FAILED
x SKIPPED
x XFAIL
collected 3 items
platform linux -- x
platform darwin -- x
platform win32 -- x
test x ... ok
test x ... FAILED
test x ... ignored
running 1 test
running 2 tests
test result: x
error: x
warning: x
error[E1]: x
--> x
12 | x
 | x
1:2  error  x
1:2 warning x
│ x
╷
╵
x: Creating
x: Still Creating
x: Destroying
x: Modifying
x: Refreshing
x: Reading
= note: x
= help: x
Compiling x
Checking x
Downloading x
Downloaded x
Finished x
Running x
Building x
Updating x
Installing x
Collecting x
Unpacking x
Fetching x
Linking x
Preparing x
Resolving x
Extracting x
Pulling x
Created x
Creating x
Processing x
Generating x
Copying x
Selecting x
Successfully x
Requirement x
Setting up x (1)
Get:1 x
Hit:1 x
Ign:1 x
npm ERR! x
npm error x
npm warn x
npm WARN x
npm http x
npm info x
npm verb x
npm notice x
npm timing x
npm sill x
gyp info x
gyp WARN x
gyp verb x
gyp ERR! x
yarn install v1
pnpm run v1
bun add v1
yarn audit v1
[1/4] x
[ 12%] x
#1 0.1 x
#1 [1/2] x
#1 sha256
#1 DONE
#1 CACHED
#1 ERROR
#1 extracting
#1 transferring
Step 1/2 : x
> Task :x
[INFO] x
[WARNING] x
[ERROR] x
[DEBUG] x
make: x
make[1]: x
cc x
gcc x
g++ x
clang x
clang++ x
c++ x
rustc x
ld x
CC x
CXX x
LD x
AR x
Terraform x
# x will be
# x must be
# x has been
+ resource x
~ provider x
- data x
Traceback (most x
File "a.py", line 1
at a.b(c)
at a.b (c)
Caused by: x
goroutine 1 [x
thread 'main' x
+ x
++++ x
remote: x
hint: x
`,
  `
##x
:: x
✓x
collected items
running tests
x: Created
Compilingx
Compiling
npm x
yarn 1
[1-4] x
#1 x
Step 1 : x
CCX x
# x is
+++++ x
at a.b
`,
);

describeList(
  "a level at the start",
  (line) => LEVEL_START.test(line),
  "[INFO] x\n(DEBUG) x\n<WARN> x\nTRACE x\nNOTICE: x\nWARNING|x\nERROR x\nFATAL x\nCRITICAL x\nSEVERE x\ntrace x\ndebug x\ninfo x\nwarn x\nerror x\nfatal x",
  "INFOS x\nnotice x\nINFO-x\n[[INFO] x",
);

describeList(
  "a level within",
  (line) => LEVEL_INSIDE.test(line),
  "x INFO y\nx [DEBUG] y\nx (WARN) y\nx|TRACE|y\nx NOTICE: y\nx WARNING y\nx ERROR y\nx FATAL y\nx CRITICAL y\nx SEVERE y\nlevel=trace\nlevel=debug\nlevel=info\nlevel=warn\nlevel=error\nlevel=fatal",
  "xINFO y\nx info y\nlevel=x",
);

describeList(
  "a thrown type",
  (line) => THROWN_TYPE.test(line),
  "ValueError\njava.io.IOException: x\nDataFault x\nBuildFailure)\nKernelPanic,",
  "Error\nValueErrors\nException",
);

describeList(
  "an access line",
  (line) => ACCESS_LINE.test(line),
  '10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /\n"GET /a HTTP/1.1"\n"POST /a HTTP/1\n"PUT /a HTTP/2\n"HEAD /a HTTP/1\n"DELETE /a HTTP/1\n"OPTIONS /a HTTP/1\n"PATCH /a HTTP/1',
  '10.0.0.1 - [x] "GET /\n"GET /a"\n"TRACE /a HTTP/1',
);

describeList(
  "a position of a diagnostic",
  (line) => DIAGNOSTIC.test(line),
  "src/a.c:12:5: error\na.ts(3,4): error TS1\na:1: warning: x\na:1:2 - note x\na:1: fatal error\na:1: info\na:1: Error\na:1: Warning\na:1:2: E501 x\na:1: TS12345",
  "a: error\na b:1: error\na:1: notes\na:1: E1 x",
);

describe("counts of nothing", () => {
  it.each([
    "0 ",
    "no ",
    "without ",
    "zero ",
    "non ",
    "ignore ",
    "ignoring ",
    "any ",
    "if ",
    "on ",
    "x No ",
  ])("%s before", (text) => expect(NONE_BEFORE.test(text)).toBe(true));
  it.each(["10 ", "1.0 ", "now ", "one "])("not %s before", (text) =>
    expect(NONE_BEFORE.test(text)).toBe(false),
  );
  it.each(["=0", ": 0", '": none', "=null", "(s): false", " = no", "=true"])("%s after", (text) =>
    expect(NONE_AFTER.test(text)).toBe(true),
  );
  it.each(["=1", ": 01", "0", "=nothing"])("not %s after", (text) =>
    expect(NONE_AFTER.test(text)).toBe(false),
  );
});

describe("words that name an error", () => {
  const words =
    "error errors fatal critical panic panicked exception exceptions traceback crash crashed fail fails failed failure failures failing aborted assertion unhandled uncaught denied refused rejected invalid broken missing conflict corrupt corrupted unreachable violation violations vulnerability vulnerabilities emerg alert severe";
  it.each(words.split(" "))("%s", (word) => {
    ERROR_WORDS.lastIndex = 0;
    expect(ERROR_WORDS.exec(`a ${word} b`)?.[0]).toBe(word);
  });
});

describe("durations", () => {
  const found = (text: string): readonly string[] =>
    [...text.matchAll(DURATIONS)].map((match) => match[1] ?? "");
  it.each([
    ["took 12 ms", "12 ms"],
    ["took 1.5s", "1.5s"],
    ["(3 sec)", "3 sec"],
    ["[7 seconds]", "7 seconds"],
    ["t=9us,", "9us"],
    ["t:9µs;", "9µs"],
    ["2m", "2m"],
    ["2 min", "2 min"],
    ["12 hours", "12 hours"],
    ["1h30m", "1h30m"],
    ["2m3s", "2m3s"],
    [`"elapsed":"1d"`, "1d"],
  ])("%s", (text, duration) => expect(found(text)).toEqual([duration]));
  it("are all found", () => expect(found("queued 3s, ran 1h in all")).toEqual(["3s", "1h"]));
  it.each(["12 msx", "a12 ms", "12 horses", "10:00:05"])("not %s", (text) =>
    expect(found(text)).toEqual([]),
  );
});
