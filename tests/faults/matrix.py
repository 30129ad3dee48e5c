"""Makes the last two columns of docs/fault-matrix.md from a run of the tests: `python -m tests.faults.matrix`.

The first three columns are written by people and kept. With REQUIRE_BROWSER and REQUIRE_BROKER set nothing is left out.
"""

import ast
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "fault-matrix.md"
NAME = re.compile(r"test_row_(\d\d)_\w+")
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \| (.*?) \| (.*?) \|$", re.M)
NOT_YET = "not yet"


def tests_by_row() -> dict[int, list[str]]:
    """Return the names of the tests of every row, from their source, in order."""
    found: dict[int, list[str]] = defaultdict(list)
    for file in sorted((ROOT / "tests" / "faults").rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef) and (match := NAME.fullmatch(node.name)):
                found[int(match[1])].append(node.name)
    return {row: sorted(names) for row, names in found.items()}


def rows(text: str) -> list[tuple[int, str, str, str, str]]:
    """Return number, fault, what the portal does, tests and result of every row of the document."""
    return [(int(row[1]), row[2], row[3], row[4], row[5]) for row in ROW.finditer(text)]


def cell(names: list[str]) -> str:
    """Return the cell that names these tests."""
    return "<br>".join(f"`{name}`" for name in names) or NOT_YET


def results(report: Path) -> dict[int, Counter[str]]:
    """Return how many cases of every row passed, failed or were skipped in a run."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 (our own report)
        if match := NAME.match(case.get("name", "")):
            outcomes = {child.tag for child in case} & {"failure", "error", "skipped"}
            found[int(match[1])][outcomes.pop() if outcomes else "passed"] += 1
    return found


def rewritten(text: str, names: dict[int, list[str]], counts: dict[int, Counter[str]]) -> str:
    """Return the document with the tests and the results of this run."""

    def row(match: re.Match[str]) -> str:
        number = int(match[1])
        said = ", ".join(f"{count} {what}" for what, count in sorted(counts.get(number, {}).items())) or NOT_YET
        return f"| {number} | {match[2]} | {match[3]} | {cell(names.get(number, []))} | {said} |"

    return ROW.sub(row, text)


def main() -> int:
    """Run the tests of the faults and write down what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "tests/faults", f"--junit-xml={report}", *sys.argv[1:]]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        DOCUMENT.write_text(rewritten(DOCUMENT.read_text(), tests_by_row(), results(report)))
    return code


if __name__ == "__main__":
    sys.exit(main())
