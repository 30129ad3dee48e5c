"""Runs commands of manage.py, each in a process of its own, without starting anew for each: a line of JSON asks."""

import json
import os
import sys

import django
from django.core.management import execute_from_command_line


def main() -> None:
    """Fork for every line; answer with the exit status. The line names folder and files."""
    django.setup()
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            os.chdir(asked["folder"])
            _say_into(asked["out"], asked["err"])
            execute_from_command_line(["manage.py", *asked["arguments"]])
            return
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201 (the answer)


def _say_into(*files: str) -> None:
    for number, file in enumerate(files, start=1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)


if __name__ == "__main__":
    main()
