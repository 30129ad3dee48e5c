"""PDF documents: set by Typst from our templates, tagged (PDF/UA-1), by a few compilers that all requests share."""

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from queue import Empty, LifoQueue
from tempfile import SpooledTemporaryFile
from typing import Any, TypeVar
from zipfile import ZIP_DEFLATED, ZipFile

import typst
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.shared.row_headers import with_row_headers

log = logging.getLogger(__name__)
Response = TypeVar("Response", bound=HttpResponseBase)
REGIONS = {"hans": "CN", "hant": "TW"}  # Typst knows a script of Chinese by where it is written
SPOOL = 1024 * 1024  # bytes of an archive that lie in memory; a larger one goes to the disk
NO_GLYPH = "could not be displayed"


class Busy(Exception):
    """Every compiler is at work, and none came free in time."""


@dataclass(frozen=True)
class Document:
    """What is to be set: the name of its file, its template, and what the template prints, as plain text."""

    name: str
    template: str
    data: Mapping[str, Any]

    @property
    def file_name(self) -> str:
        return f"{self.name}.pdf"


def framed(title: str, foot: str, **data: Any) -> dict[str, Any]:
    """Return a document's data with its frame: language, title, sender, and what stands at the foot of each page."""
    official = settings.SITE_OFFICIAL
    return tongue(get_language() or "en") | {
        "title": title,
        "foot": foot,
        "page": _("Page"),
        "sender": settings.SITE_NAME,
        "notice": "" if official else _("Demonstration. This is not an official document."),
        **data,
    }


def tongue(language: str) -> dict[str, str]:
    """Return a language as Typst names it: 'zh-hant' is 'zh' in 'TW', 'pt-br' is 'pt' in 'BR'."""
    lang, _dash, rest = language.lower().partition("-")
    return {"lang": lang, "region": REGIONS.get(rest, rest.upper() if len(rest) == 2 else "")}


def compiled(document: Document, *, wait: float | None = None) -> bytes:
    """Return the document as PDF. Raises Busy after `wait` seconds, PDF_WAIT_SECONDS when it is not given.

    Compiling lets go of Python's lock; so other requests go on meanwhile, and as many compile at once as there are
    compilers. Data reaches the template as JSON and is never read as markup.
    """
    pool = _compilers()
    try:
        compiler = pool.get(timeout=settings.PDF_WAIT_SECONDS if wait is None else wait)
    except Empty as error:
        raise Busy from error
    try:
        return _set(compiler, document)
    finally:
        pool.put(compiler)


def answer(request: HttpRequest, document: Document) -> HttpResponse:
    """Return the document as a file to keep, or a page that says when to try again."""
    try:
        content = compiled(document)
    except Busy:
        return busy(request)
    return _as_file(HttpResponse(content, content_type="application/pdf"), document.file_name)


def archive(request: HttpRequest, name: str, documents: Iterable[Document]) -> HttpResponseBase:
    """Return the documents as one ZIP, or a page that says when to try again: nothing is sent before all are made."""
    packed = SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115  # the answer closes it
    try:
        with ZipFile(packed, "w", ZIP_DEFLATED) as files:
            for document in documents:
                files.writestr(document.file_name, compiled(document))
    except Busy:
        packed.close()
        return busy(request)
    packed.seek(0)
    response = FileResponse(packed, content_type="application/zip")
    response["Content-Encoding"] = "identity"  # packed already
    return _as_file(response, f"{name}.zip")


def busy(request: HttpRequest) -> HttpResponse:
    """Return the page that says that documents cannot be made at this moment, and when to try again."""
    response = render(request, "pages/documents_busy.html", status=503)
    response["Retry-After"] = str(settings.PDF_RETRY_SECONDS)
    return response


def _as_file(response: Response, name: str) -> Response:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex"
    return response


@cache
def _compilers() -> LifoQueue[typst.Compiler]:
    folder = settings.PDF_FOLDER
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder / "fonts")])
    pool: LifoQueue[typst.Compiler] = LifoQueue()
    for _number in range(settings.PDF_COMPILERS):
        pool.put(typst.Compiler(root=str(folder), font_paths=fonts, ignore_system_fonts=True))
    return pool


def _set(compiler: typst.Compiler, document: Document) -> bytes:
    inputs = {"data": json.dumps(document.data, cls=DjangoJSONEncoder)}
    path = str(settings.PDF_FOLDER / f"{document.template}.typ")
    try:
        return _pdf(compiler.compile(path, format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"]))
    except typst.TypstError as error:
        if NO_GLYPH not in error.message:
            raise
    # what the letter is, and so whose name it may stand in, is not written down
    log.warning("Our fonts lack a letter of a document (%s): set without the PDF/UA mark.", document.template)
    return _pdf(compiler.compile(path, format="pdf", sys_inputs=inputs, pdf_standards=[]))


def _pdf(made: bytes | list[bytes] | None) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError(f"Typst made {type(made).__name__} instead of one file.")
    return with_row_headers(made)
