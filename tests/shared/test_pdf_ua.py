"""The check of tests/pdf_ua.py sees each fault that is made on purpose in a document that has none."""

from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from portal.shared.pdf import compiled
from tests import pdf_ua
from tests.shared.test_pdf import letter


def first(document, kind):
    """The first part of this kind in reading order."""
    parts = pdf_ua._parts(document.Root.StructTreeRoot, document.Root)
    return next(part for part, _above in parts if part.get("/S") == f"/{kind}")


def repaint(document, before, after):
    """Change what the first page paints."""
    page = document.pages[0]
    page.contents_coalesce()
    painted = page.Contents.read_bytes()
    assert before in painted
    page.Contents.write(painted.replace(before, after, 1))


def a_font(document):
    return next(iter(document.pages[0].Resources.Font.values()))


def without_title(document):
    xmp = document.Root.Metadata
    xmp.write(xmp.read_bytes().replace(b">A bill<", b"><"))


def without_claim(document):
    xmp = document.Root.Metadata
    xmp.write(xmp.read_bytes().replace(b"pdfuaid:part", b"pdfuaid:none"))


def with_a_lost_header(document):
    first(document, "TD").A[0].Headers = Array([pikepdf.String("nobody")])


def with_a_figure(document):
    first(document, "H2").S = Name.Figure


def with_a_deep_heading(document):
    first(document, "H2").S = Name.H4


def with_a_foreign_kind(document):
    first(document, "H2").S = Name.Banner


def with_a_stray_cell(document):
    first(document, "LI").S = Name.TD


def with_a_short_row(document):
    row = first(document, "TR")
    row.K = Array(list(row.K)[:-1])


def without_scope(document):
    del first(document, "TH").A[0].Scope


def without_a_font_file(document):
    described = a_font(document).DescendantFonts[0].FontDescriptor
    for key in {"/FontFile2", "/FontFile3"} & set(described.keys()):
        del described[key]


def without_a_letter(document):
    said = a_font(document).ToUnicode
    said.write(said.read_bytes().replace(b"\n<0001> <", b"\n<FFFF> <"))


def with_an_open_piece(document):
    owner = first(document, "H1")
    owner.K = Array()


BREAKS = {
    "is not marked": lambda pdf: pdf.Root.__delitem__("/MarkInfo"),
    "has no language": lambda pdf: pdf.Root.__delitem__("/Lang"),
    "has no title": without_title,
    "shows its file name": lambda pdf: pdf.Root.__delitem__("/ViewerPreferences"),
    "does not say that it is PDF/UA-1": without_claim,
    "has scripts or forms": lambda pdf: pdf.Root.__setitem__("/OpenAction", Dictionary(S=Name.JavaScript)),
    "does not tab in the order of its tree": lambda pdf: pdf.pages[0].__delitem__("/Tabs"),
    "has annotations": lambda pdf: pdf.pages[0].__setitem__("/Annots", Array()),
    "Banner is no standard kind": with_a_foreign_kind,
    "TD stands in L": with_a_stray_cell,
    "a figure has no words": with_a_figure,
    "H4 comes after level 1": with_a_deep_heading,
    "H1 does not know what it is in": lambda pdf: first(pdf, "H1").__setitem__("/P", first(pdf, "Table")),
    "the rows of a table are not equally wide": with_a_short_row,
    "a header does not say whether it is of a row or a column": without_scope,
    "a cell names a header that is none": with_a_lost_header,
    "page 1: TJ paints what is not marked": lambda pdf: repaint(pdf, b"BDC", b"BDC EMC /P BMC"),
    "page 1: the tree does not hold what is marked": with_an_open_piece,
    "page 1: marks are not closed, or stand twice": lambda pdf: repaint(pdf, b"EMC", b""),
    "page 1: font /f0 does not come along": without_a_font_file,
    "page 1: font /f0 does not say its letters": lambda pdf: a_font(pdf).__delitem__("/ToUnicode"),
    "page 1: font /f0 shows a sign that is no letter": without_a_letter,
}


@pytest.mark.parametrize("fault", BREAKS)
def test_a_fault_is_seen(fault):
    whole = compiled(letter())
    assert pdf_ua.faults(whole) == []
    broken = BytesIO()
    with pikepdf.open(BytesIO(whole)) as document:
        BREAKS[fault](document)
        document.save(broken)
    assert fault in pdf_ua.faults(broken.getvalue())
