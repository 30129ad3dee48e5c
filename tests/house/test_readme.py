"""The README tells the truth: its commands exist and take these arguments, its files and variables are there."""

import ast
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import load_command_class
from django.core.management.base import CommandParser

from portal import deploy_check

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.S)
COMMANDS = [shlex.split(line, comments=True) for block in BLOCKS for line in block.splitlines() if line.strip()]
PROGRAM = {"gunicorn": ["--check-config"], "celery": ["--help"]}  # what makes a server look at its arguments and end
NOT_FILES = re.compile(r"^(/|https?:|rediss?:|postgresql:|smtp|127\.|.*<)|\.data/|\s|^\d|\*$")


def words(command: list[str]) -> list[str]:
    """Return a command without the variables set before it."""
    return [word for word in command if not re.match(r"[A-Z_]+=", word)]


def commands_of(program: str) -> list[list[str]]:
    return [words(command) for command in COMMANDS if words(command)[0] == program]


def test_every_command_is_of_a_kind_that_is_checked_here():
    assert {words(command)[0] for command in COMMANDS} == {"make", "python", "gunicorn", "celery"}


@pytest.mark.parametrize("command", commands_of("make"), ids=" ".join)
def test_make_knows_the_target(command):
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert command[1] in {line.split()[0] for line in listed.splitlines()}
    dry = subprocess.run([*command, "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert dry.returncode == 0, dry.stderr


@pytest.mark.parametrize("command", commands_of("python"), ids=" ".join)
def test_django_knows_the_command_and_takes_the_arguments(command):
    assert command[1] == "manage.py"
    name, arguments = command[2], command[3:]
    apps = {"check": "django.core", "migrate": "django.core", "collectstatic": "django.contrib.staticfiles"}
    rooms = ("portal", "accounts", "billing", "payments")
    app = apps.get(name) or next(r for r in rooms if (ROOT / r / "management" / "commands" / f"{name}.py").exists())
    parser = load_command_class(app, name).create_parser("manage.py", name)
    assert isinstance(parser, CommandParser)
    parser.parse_args(arguments)


@pytest.mark.parametrize("command", [*commands_of("gunicorn"), *commands_of("celery")], ids=" ".join)
def test_the_servers_take_their_arguments_on_the_production_settings(command):
    program = Path(sys.executable).parent / command[0]
    result = subprocess.run(
        [program, *command[1:], *PROGRAM[command[0]]],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **deploy_check.ENVIRONMENT},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr


def read_by(*modules: str) -> dict[str, bool]:
    """Return the variables that these settings read, and whether each one must be set."""
    found: dict[str, bool] = {}
    for module in modules:
        for node in ast.walk(ast.parse((ROOT / "portal" / "settings" / f"{module}.py").read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if isinstance(node.func.value, ast.Name) and node.func.value.id == "env" and node.args:
                name = getattr(node.args[0], "value", "")
                needed = not any(keyword.arg == "default" for keyword in node.keywords)
                found[str(name)] = needed or found.get(str(name), False)
    return found


def test_the_table_of_variables_is_what_the_settings_read():
    rows = re.findall(r"^\| ((?:`[A-Z_]+`(?:, )?)+) \| ?(\w*) ?\|", README, re.M)
    told = {name: need for names, need in rows for name in re.findall(r"`([A-Z_]+)`", names)}
    assert told.pop("DJANGO_SETTINGS_MODULE") == "needed"
    read = read_by("base", "production")
    assert set(told) == set(read)
    assert {name for name, need in told.items() if need == "needed"} == {name for name, must in read.items() if must}


def test_the_ports_can_be_named_as_told():
    named = {word.split("=")[0] for command in COMMANDS for word in command if re.match(r"[A-Z_]+_PORT=", word)}
    assert named == {name for name in read_by("development") if name.endswith("_PORT")} != set()


def test_every_file_and_folder_named_is_there():
    prose = re.sub(r"```.*?```", "", README, flags=re.S)
    named = [n for n in re.findall(r"`([^`\n]+)`", prose) if "/" in n or re.search(r"\.(py|in|txt|toml)$", n)]
    named = [name for name in named if not NOT_FILES.search(name)]
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert len(named) > 10
    assert [name for name in [*named, *pictures] if not (ROOT / name).exists()] == []
