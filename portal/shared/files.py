"""Files that commands hand to others: whole or not there, and harmless in a spreadsheet."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO

from django.http import FileResponse

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe_cell(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula, also one typed wide (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


@contextmanager
def written_whole(path: Path | None, standard: Any) -> Iterator[IO[str]]:
    """Give what is written to: standard output, or a file that appears when all of it is on the disk.

    Only its owner can read it. Raises ValueError where something else than a file is in its place, and OSError.
    """
    if path is None:
        yield standard
        return
    if path.exists() and not path.is_file():
        raise ValueError("The output must be a file: a device, a pipe or a folder cannot be put in place whole.")
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=path.name, delete=False, newline="") as out:
        try:
            yield out
            out.flush()
            os.fsync(out.fileno())
            os.replace(out.name, path)
        except BaseException:
            os.unlink(out.name)
            raise


def as_download(content: BinaryIO, name: str) -> FileResponse:
    """Return what somebody sent as a file to keep: no browser shows it here, or guesses what it is."""
    answer = FileResponse(content, as_attachment=True, filename=name, content_type="application/octet-stream")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
