"""What the bars bring along from npm names its versions, and no place to fetch them from."""

import json
import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "bars"


def test_every_version_is_exact_and_the_lock_names_no_address():
    wanted = json.loads((FOLDER / "package.json").read_text())["devDependencies"]
    assert [version for version in wanted.values() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    lock = (FOLDER / "package-lock.json").read_text()
    assert re.findall(r"\"resolved\"|://", lock) == []
    packages = json.loads(lock)["packages"]
    assert [name for name, facts in packages.items() if name and "integrity" not in facts] == []
    assert "omit-lockfile-registry-resolved=true" in (FOLDER / ".npmrc").read_text()
