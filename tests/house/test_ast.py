"""House rules that import contracts cannot see, read from the source itself."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("portal.shared", "accounts", "billing", "payments")  # from the floor up
MAX_LINES, MAX_FUNCTION_LINES = 300, 40


def sources(*folders: str) -> list[Path]:
    """Return the Python files of these folders, without what Django generates."""
    files = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]
    return [file for file in files if "migrations" not in file.parts and file.read_text().strip()]


def nodes(file: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(file.read_text()))


def at(file: Path, node: ast.AST) -> str:
    return f"{file.relative_to(ROOT)}:{node.lineno}"


def room_of(file: Path) -> str:
    parts = file.relative_to(ROOT).parts
    return "portal.shared" if parts[:2] == ("portal", "shared") else parts[0]


def floor(name: str) -> int:
    """Return how high the room stands; the roof stands above all."""
    return ROOMS.index(name) if name in ROOMS else len(ROOMS)


OURS = sources("portal", "accounts", "billing", "payments")
ALL = sources("portal", "accounts", "billing", "payments", "sandbox", "tests", "bench")


def test_every_file_says_in_one_sentence_what_it_is_for():
    silent = [
        str(f.relative_to(ROOT))
        for f in ALL
        if f.name != "__init__.py" and not ast.get_docstring(ast.parse(f.read_text()))
    ]
    assert silent == []


def test_no_file_is_too_long():
    long = {str(f.relative_to(ROOT)): len(f.read_text().splitlines()) for f in ALL}
    assert {name: lines for name, lines in long.items() if lines > MAX_LINES} == {}


def test_no_function_is_too_long():
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    long = [
        f"{at(file, node)} {node.name}: {node.end_lineno - node.lineno + 1}"
        for file in ALL
        for node in nodes(file)
        if isinstance(node, functions) and node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES
    ]
    assert long == []


def test_views_ask_selectors_and_services_not_the_database():
    views = [file for file in OURS if file.name == "views.py" or "views" in file.parts]
    asked = [at(f, n) for f in views for n in nodes(f) if isinstance(n, ast.Attribute) and n.attr == "objects"]
    assert asked == []


def test_nobody_reaches_upward_through_the_app_registry():
    reached = []
    for file in OURS:
        for node in nodes(file):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get_model"
            ):
                continue
            label = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else ""
            if floor(label.split(".")[0]) > floor(room_of(file)):
                reached.append(at(file, node))
    assert reached == []


def test_only_services_set_the_status_of_a_payment():
    set_elsewhere = []
    for file in sources("payments"):
        parts = file.relative_to(ROOT).parts
        if parts[1] in ("services.py", "services", "gateway"):
            continue
        for node in nodes(file):
            targets = node.targets if isinstance(node, ast.Assign) else []
            if any(isinstance(t, ast.Attribute) and t.attr == "status" for t in targets):
                set_elsewhere.append(at(file, node))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
                set_elsewhere += [at(file, node) for k in node.keywords if k.arg == "status"]
    assert set_elsewhere == []


def _points_down(file: Path, target: ast.expr) -> bool:
    """Return whether the first argument of a foreign key names a model of a lower room."""
    if isinstance(target, ast.Attribute):  # settings.AUTH_USER_MODEL
        return floor(room_of(file)) > floor("accounts")
    if isinstance(target, ast.Constant):
        return "." in target.value and floor(target.value.split(".")[0]) < floor(room_of(file))
    here = {n.name for f in models_of(room_of(file)) for n in nodes(f) if isinstance(n, ast.ClassDef)}
    return isinstance(target, ast.Name) and target.id not in here


def models_of(room: str) -> list[Path]:
    return [file for file in sources(room) if file.name == "models.py" or "models" in file.parts]


@pytest.mark.parametrize("room", ["billing", "payments"])
def test_no_lower_room_gets_an_accessor_that_leads_up(room):
    """`household.payment_set` would let a lower room look upward; `related_name="+"` leaves none."""
    led = []
    for file in models_of(room):
        for node in nodes(file):
            is_key = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if (
                not is_key
                or node.func.attr not in ("ForeignKey", "OneToOneField")
                or not _points_down(file, node.args[0])
            ):
                continue
            names = [
                k.value.value for k in node.keywords if k.arg == "related_name" and isinstance(k.value, ast.Constant)
            ]
            if names != ["+"]:
                led.append(at(file, node))
    assert led == []


def test_the_environment_is_read_in_settings_alone():
    """The embedded database and the start scripts come before the settings; they name what the settings read."""
    before = {
        "portal/embedded.py",
        "portal/wsgi.py",
        "portal/celery.py",
        "portal/deploy_check.py",
        "portal/demo/processes.py",
    }
    read = [
        at(file, node)
        for file in OURS
        for node in nodes(file)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv") and "settings" not in file.parts
    ]
    assert [place for place in read if place.split(":")[0] not in before] == []


def test_money_is_never_a_float():
    floats = [
        at(file, node)
        for file in sources("billing", "payments") + sources("portal/shared")
        for node in nodes(file)
        if isinstance(node, ast.Attribute) and node.attr in ("FloatField", "DecimalField")
    ]
    assert floats == []


def test_no_path_of_one_machine_is_written_down():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    home = re.compile(r"(?<![\w.:/])/(?:home|Users|work|root)/\w")
    texts = [ROOT / name for name in listed if Path(name).suffix in (".py", ".md", ".toml", ".html", ".txt", ".js", "")]
    found = [str(f.relative_to(ROOT)) for f in texts if f.is_file() and home.search(f.read_text(errors="ignore"))]
    assert found == []
