"""What the programs have in common: they run scenarios and print what they saw as JSON."""

import asyncio
import inspect
import json
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

from world import World

SCENARIOS: dict[str, Callable[..., Any]] = {}


def scenario(run: Callable[..., Any]) -> Callable[..., Any]:
    """A function that gets the question and the tools, and returns what it saw."""
    SCENARIOS[run.__name__] = run
    return run


class Gaps:
    """How long streams took from their first text to their end: nothing, where they were held back.

    The first one does not count: the client loads what it needs, and nothing is shortened in its request yet.
    """

    def __init__(self) -> None:
        self.ended = 0
        self.shortest: float | None = None
        self.began: float | None = None

    def text(self) -> None:
        self.began = self.began or time.monotonic()

    def end(self) -> None:
        self.ended += 1
        if self.began is not None and self.ended > 1:
            gap = time.monotonic() - self.began
            self.shortest = gap if self.shortest is None else min(self.shortest, gap)
        self.began = None


def leaks(text: str) -> bool:
    """Whether anything of ours is in what a program sees or keeps."""
    return "headroom_retrieve" in text or "[[hr" in text


def failure(error: BaseException) -> dict[str, Any]:
    """What a program sees of an error."""
    cause = error.__cause__
    return {
        "error": type(error).__name__,
        "status": getattr(error, "status_code", None),
        "request_id": getattr(error, "request_id", None),
        "message": str(error),
        "cause": type(cause).__name__ if cause else None,
    }


def configured() -> dict[str, Any]:
    """What the configuration in the page defines. It comes as the first line of the input, the folder of the world as the second."""
    names: dict[str, Any] = {}
    exec(json.loads(sys.stdin.readline()), names)
    return names


def run_all() -> None:
    folder = json.loads(sys.stdin.readline())
    wanted = json.loads(sys.stdin.readline())
    # One for all: clients keep their connections in it.
    loop = asyncio.new_event_loop()
    for name, run in SCENARIOS.items():
        if wanted and name not in wanted:
            continue
        world = World(folder)
        gaps = Gaps()
        try:
            seen = run(f"[{name}] Is the package in order, and do the tests pass?", world, gaps)
            if inspect.isawaitable(seen):
                seen = loop.run_until_complete(seen)
        except Exception as error:
            seen = failure(error)
            if wanted:
                traceback.print_exc()
        line = {"name": name, "seen": seen, "executed": world.executed, "gap": gaps.shortest}
        print("SCENARIO " + json.dumps(line), flush=True)
