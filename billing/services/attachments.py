"""Files that come with a case: judged, scanned, saved anew outside the web root, and forgotten with the case."""

import logging
import os
import shlex
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.module_loading import import_string

from billing.models import CaseAttachment, CaseMessage

log = logging.getLogger(__name__)
MAX_FILES = 5  # with one message
MAX_BYTES = 10 * 1024 * 1024
WAIT_SECONDS = 60
LOST_AFTER_SECONDS = 86_400  # a file this old that no row names lost its transaction
_CLEANING = Path(__file__).with_name("cleaning.py")
_REFUSALS = ("type", "encrypted", "too big", "too long")
_at_once = threading.BoundedSemaphore(2)  # in one process; each may take the memory that cleaning.py names


class FileRefused(Exception):
    """A file is not taken; `why` is big, virus, unscanned, unreadable, or one of _REFUSALS."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class CleanFile:
    """A file saved anew, not yet kept."""

    content_type: str
    content: bytes


def clean_file(upload: "UploadedFile[Any]") -> CleanFile:
    """Return what may be kept of an upload; raises FileRefused. Neither its name nor its named type counts."""
    if (upload.size or 0) > MAX_BYTES:
        raise FileRefused("big")
    content = upload.read()
    with _at_once:
        _scan(content)
        return _cleaned(content)


def keep(message: CaseMessage, files: Iterable[CleanFile]) -> None:
    """Store files with a message. Call inside the message's transaction: a file of one that fails is swept later."""
    for file in files:
        name = uuid.uuid4().hex
        _write(_folder() / name, file.content)
        CaseAttachment.objects.create(
            message=message, content_type=file.content_type, size=len(file.content), stored_name=name
        )


def opened(attachment: CaseAttachment) -> BinaryIO:
    """Open a stored file for reading; raises FileNotFoundError."""
    return (_folder() / attachment.stored_name).open("rb")


def forget(names: Iterable[str]) -> None:
    """Remove stored files whose rows are gone."""
    for name in names:
        (_folder() / name).unlink(missing_ok=True)


def forget_lost() -> int:
    """Remove stored files that no row names, once they are a day old; return how many."""
    old = [file for file in _folder().iterdir() if time.time() - file.stat().st_mtime > LOST_AFTER_SECONDS]
    named = set(CaseAttachment.objects.filter(stored_name__in=[file.name for file in old]).values_list("stored_name"))
    lost = [file.name for file in old if (file.name,) not in named]
    forget(lost)
    return len(lost)


def _folder() -> Path:
    folder = Path(settings.ATTACHMENTS_FOLDER)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def _cleaned(content: bytes) -> CleanFile:
    """Let a program of its own open the file, so that a hostile one costs no more than that program."""
    command = [sys.executable, "-I", str(_CLEANING)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, by its path
            command, input=content, capture_output=True, timeout=WAIT_SECONDS, env={}, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise FileRefused("unreadable") from error
    if done.returncode == 0:
        kind, _, clean = done.stdout.partition(b"\n")
        if len(clean) > MAX_BYTES:
            raise FileRefused("big")
        return CleanFile(kind.decode(), clean)
    why = done.stdout.decode(errors="replace")
    raise FileRefused(why if why in _REFUSALS else "unreadable")


def _scan(content: bytes) -> None:
    """Ask the virus scanner, if one is set; raises FileRefused when it says no, and when it cannot answer."""
    if not settings.ATTACHMENT_SCANNER:
        return
    try:
        is_clean = _ask_scanner(settings.ATTACHMENT_SCANNER, content)
    except Exception as error:  # whatever happened to the scanner, an unscanned file is not taken
        log.error("the virus scanner did not answer: %s", type(error).__name__)
        raise FileRefused("unscanned") from error
    if not is_clean:
        log.warning("the virus scanner refused a file")
        raise FileRefused("virus")


def _ask_scanner(scanner: str, content: bytes) -> bool:
    """A path ("/usr/bin/clamdscan -") gets the file on its input: 0 is clean, 1 is not. Else a function."""
    if not scanner.startswith("/"):
        return bool(import_string(scanner)(content))
    done = subprocess.run(  # noqa: S603 - named in the settings
        shlex.split(scanner), input=content, capture_output=True, timeout=WAIT_SECONDS, check=False
    )
    if done.returncode not in (0, 1):
        raise OSError(done.returncode)
    return done.returncode == 0
