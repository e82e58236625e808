"""What the agents of the other programs look at: outputs of real commands, made once, and tools that give them.

Run as a program, it writes the outputs into a folder. A run without the proxy and one through it read the same ones.
"""

import json
import os
import re
import subprocess
import sys

TOOLS = {
    "list_packages": "Lists the installed packages with their metadata.",
    "find_files": "Lists the files of a package with their sizes.",
    "list_orders": "Lists all orders as JSON.",
    "search": "Searches the source of a package for raise statements.",
    "read_file": "Reads a source file with line numbers.",
    "run_tests": "Runs the tests.",
}


class World:
    """The tools, and which of them were really called."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.executed: list[str] = []

    def call(self, name: str, place: str = "") -> str:
        self.executed.append(f"{name}({place})")
        with open(os.path.join(self.folder, f"{name}.txt"), encoding="utf-8") as file:
            return file.read()

    # Plain functions with docstrings: agents read their signatures.
    def functions(self) -> list:
        world = self

        def list_packages(place: str) -> str:
            """Lists the installed packages with their metadata."""
            return world.call("list_packages", place)

        def find_files(place: str) -> str:
            """Lists the files of a package with their sizes."""
            return world.call("find_files", place)

        def list_orders(place: str) -> str:
            """Lists all orders as JSON."""
            return world.call("list_orders", place)

        def search(place: str) -> str:
            """Searches the source of a package for raise statements."""
            return world.call("search", place)

        def read_file(place: str) -> str:
            """Reads a source file with line numbers."""
            return world.call("read_file", place)

        def run_tests(place: str) -> str:
            """Runs the tests."""
            return world.call("run_tests", place)

        return [list_packages, find_files, list_orders, search, read_file, run_tests]


TESTS = """
import unittest

class Orders(unittest.TestCase):
    pass

def test(number):
    def run(self):
        if number % 97 == 13:
            self.assertEqual({"order": number, "state": "shipped"}, {"order": number, "state": "lost"})
    return run

for number in range(400):
    setattr(Orders, f"test_order_{number:03}_is_shipped", test(number))

unittest.main(verbosity=2)
"""


def make(folder: str) -> None:
    package = os.path.dirname(__import__("pydantic").__file__)
    site = os.path.dirname(package)
    sources = sorted(
        os.path.join(where, name)
        for where, _, names in os.walk(package)
        for name in names
        if name.endswith(".py")
    )

    everything = sorted(
        os.path.join(where, name)
        for where, _, names in os.walk(site)
        for name in names
        if name.endswith(".py")
    )[:1_500]

    def write(name: str, text: str) -> None:
        with open(os.path.join(folder, f"{name}.txt"), "w", encoding="utf-8") as file:
            file.write(text)

    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "inspect", "--local"]
    inspected = json.loads(subprocess.run(pip, capture_output=True, check=True).stdout)
    short = [
        {**one, "metadata": {k: v for k, v in one["metadata"].items() if k != "description"}}
        for one in inspected["installed"]
    ]
    listed = json.dumps(short[:25], indent=2).replace(site, "site-packages")
    write("list_packages", listed)
    write(
        "find_files",
        "\n".join(f"{os.path.getsize(path):>8} {os.path.relpath(path, site)}" for path in everything),
    )
    found = []
    for path in sources:
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if re.search(r"\braise \w", line):
                    found.append(f"{os.path.relpath(path, site)}:{number}:{line.rstrip()}")
    write("search", "\n".join(found))
    with open(os.path.join(package, "fields.py"), encoding="utf-8") as file:
        write("read_file", "".join(f"{n:>6}\t{line}" for n, line in enumerate(file, 1)))
    ran = subprocess.run([sys.executable, "-c", TESTS], capture_output=True, text=True)
    write("run_tests", ran.stderr)
    orders = [
        {"id": n, "sku": f"SKU-{n * 7_919 % 9_973}", "state": "shipped", "customer": f"C-{n * 31 % 977}"}
        for n in range(1_000)
    ]
    write("list_orders", json.dumps(orders))


if __name__ == "__main__":
    make(sys.argv[1])
