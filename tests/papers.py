"""Reads a PDF as a screen reader would: its text, and the tree that says what each part is."""

import re
from io import BytesIO
from zipfile import ZipFile

import pypdf

from tests import pdf_ua


class Paper:
    """One PDF document."""

    def __init__(self, content: bytes) -> None:
        self.reader = pypdf.PdfReader(BytesIO(content))
        self.root = self.reader.trailer["/Root"]

    @property
    def lines(self) -> list[str]:
        """The lines of all pages, in reading order."""
        text = "\n".join(page.extract_text() for page in self.reader.pages)
        return [" ".join(line.split()) for line in text.splitlines() if line.strip()]

    @property
    def text(self) -> str:
        return " ".join(self.lines)

    @property
    def language(self) -> str:
        return self.root["/Lang"]

    @property
    def title(self) -> str:
        return self.reader.metadata.title

    @property
    def is_tagged(self) -> bool:
        return self.root["/MarkInfo"]["/Marked"].value and not self.root["/MarkInfo"]["/Suspects"].value

    @property
    def shows_title(self) -> bool:
        return self.root["/ViewerPreferences"]["/DisplayDocTitle"].value

    @property
    def claims_ua(self) -> bool:
        """Whether the document says of itself that it is PDF/UA-1."""
        return "<pdfuaid:part>1</pdfuaid:part>" in self.root["/Metadata"].get_object().get_data().decode()

    @property
    def tags(self) -> list[str]:
        """The kinds of its parts, in reading order: Document, H1, P, L, Table, THead, TH..."""
        return [kind for kind, _attributes in self._parts(self.root["/StructTreeRoot"])]

    def scopes(self) -> list[str]:
        """What each header cell is the header of: a column or a row."""
        heads = [attributes for kind, attributes in self._parts(self.root["/StructTreeRoot"]) if kind == "TH"]
        return [re.sub("^/", "", str(part["/Scope"])) for some in heads for part in some if "/Scope" in part]

    def languages_within(self) -> set[str]:
        """The languages of parts that are not in the document's own."""
        return set(self._languages(self.root["/StructTreeRoot"]))

    def _languages(self, node: object) -> list[str]:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            return [found for child in node for found in self._languages(child)]
        if not isinstance(node, dict):
            return []
        return ([str(node["/Lang"])] if "/Lang" in node else []) + self._languages(node.get("/K", []))

    def _parts(self, node: object) -> list[tuple[str, list]]:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            return [part for child in node for part in self._parts(child)]
        if not isinstance(node, dict):
            return []
        kind = str(node.get("/S", "")).removeprefix("/")
        attributes = node.get("/A", [])
        own = [(kind, attributes if isinstance(attributes, list) else [attributes])] if kind else []
        return own + self._parts(node.get("/K", []))


def paper(response) -> Paper:
    """Return the PDF that a page answered with; it must be as PDF/UA-1 wants it."""
    assert response.status_code == 200, response.status_code
    assert response["Content-Type"] == "application/pdf"
    return sound(response.content)


def sound(content: bytes) -> Paper:
    """Return a PDF in which nothing is against PDF/UA-1."""
    assert pdf_ua.faults(content) == []
    return Paper(content)


def unzipped(response) -> dict[str, Paper]:
    """Return the PDFs of a ZIP that a page answered with, by their names."""
    assert response.status_code == 200, response.status_code
    assert response["Content-Type"] == "application/zip"
    with ZipFile(BytesIO(b"".join(response.streaming_content))) as packed:
        assert packed.testzip() is None
        return {name: sound(packed.read(name)) for name in packed.namelist()}
