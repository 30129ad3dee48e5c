"""What a machine can see of PDF/UA-1 (ISO 14289-1): marks, names, fonts and the tree of a document, read by pikepdf."""

import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name

PAINTS = {"Tj", "TJ", "'", '"', "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh", "Do", "INLINE IMAGE"}
SHOWS = {"Tj", "TJ", "'", '"'}
HEADINGS = {"H1", "H2", "H3"}
TEXTS = {"P", "L", "LI", "Lbl", "LBody", "Span", "Link", "Figure"}
TABLES = {"Table", "THead", "TBody", "TFoot", "TR", "TH", "TD"}
STANDARD = {"Document", "Part", "Sect", "Div"} | HEADINGS | TEXTS | TABLES  # those that ours may need
MAY_STAND_IN = {
    "LI": {"L"},
    "LBody": {"LI"},
    "THead": {"Table"},
    "TBody": {"Table"},
    "TFoot": {"Table"},
    "TR": {"THead", "TBody", "TFoot", "Table"},
    "TH": {"TR"},
    "TD": {"TR"},
}
MAPPED = re.compile(rb"^<(\w+)> *<(\w+)>$", re.M)
MAPPED_RUN = re.compile(rb"^<(\w+)> *<(\w+)> *<(\w+)>$", re.M)


def faults(content: bytes) -> list[str]:
    """Return what is wrong with a document; nothing when all that is looked at is as PDF/UA-1 wants it."""
    with pikepdf.open(BytesIO(content)) as document:
        parts = list(_parts(document.Root.get("/StructTreeRoot", Dictionary()), document.Root))
        found = [*_of_the_whole(document), *_of_the_tree(document, parts), *_of_tables(document, parts)]
        for number, page in enumerate(document.pages, 1):
            found += [f"page {number}: {fault}" for fault in (*_of_marks(document, page), *_of_fonts(page))]
    return found


def _of_the_whole(document: pikepdf.Pdf) -> Iterator[str]:
    root = document.Root
    xmp = root.Metadata.read_bytes().decode() if "/Metadata" in root else ""
    facts = {
        "is not marked": root.get("/MarkInfo", {}).get("/Marked", False),
        "marks are suspect": not root.get("/MarkInfo", {}).get("/Suspects", False),
        "has no language": str(root.get("/Lang", "")),
        "has no title": re.search(r"<dc:title>\s*<rdf:Alt>\s*<rdf:li[^>/]*>[^<]+<", xmp),
        "shows its file name": root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False),
        "does not say that it is PDF/UA-1": "<pdfuaid:part>1</pdfuaid:part>" in xmp,
        "has no tree": "/StructTreeRoot" in root,
        "is locked": not document.is_encrypted,
        "has scripts or forms": not {"/AcroForm", "/OpenAction", "/AA"} & set(root.keys()),
        "does not tab in the order of its tree": all(page.get("/Tabs") == Name.S for page in document.pages),
        "has annotations": not any("/Annots" in page for page in document.pages),
    }
    return (fault for fault, is_right in facts.items() if not is_right)


def _parts(node: pikepdf.Object, above: pikepdf.Object) -> Iterator[tuple[pikepdf.Object, pikepdf.Object]]:
    """Yield each part of the tree with the one above it, in reading order."""
    if "/S" in node:
        yield node, above
    for child in _below(node):
        if isinstance(child, Dictionary) and "/S" in child:
            yield from _parts(child, node)


def _below(node: pikepdf.Object) -> list:
    below = node.get("/K", Array())
    return list(below) if isinstance(below, Array) else [below]


def _of_the_tree(document: pikepdf.Pdf, parts: list) -> Iterator[str]:
    roles = document.Root.get("/StructTreeRoot", {}).get("/RoleMap", {})
    level = 0
    for part, above in parts:
        kind, within = _kind(part, roles), _kind(above, roles)
        if kind not in STANDARD:
            yield f"{kind} is no standard kind"
        if kind in MAY_STAND_IN and within not in MAY_STAND_IN[kind]:
            yield f"{kind} stands in {within}"
        if kind == "Figure" and not str(part.get("/Alt", "")):
            yield "a figure has no words"
        if part.P.objgen != above.objgen and within:
            yield f"{kind} does not know what it is in"
        if re.fullmatch("H[1-6]", kind):
            if int(kind[1]) > level + 1:
                yield f"{kind} comes after level {level}"
            level = int(kind[1])


def _kind(part: pikepdf.Object, roles: pikepdf.Object) -> str:
    kind = str(part.get("/S", "")).removeprefix("/")
    return str(roles.get(f"/{kind}", f"/{kind}")).removeprefix("/")


def _of_tables(document: pikepdf.Pdf, parts: list) -> Iterator[str]:
    tree = document.Root.get("/StructTreeRoot", Dictionary())
    names = {str(name): part for name, part in pikepdf.NameTree(tree.IDTree).items()} if "/IDTree" in tree else {}
    for part, _above in parts:
        if part.get("/S") == Name.Table and len(set(_widths(part))) != 1:
            yield "the rows of a table are not equally wide"
        if part.get("/S") == Name.TH and _said(part, "/Scope") is None:
            yield "a header does not say whether it is of a row or a column"
        if part.S in (Name.TH, Name.TD):
            heads = [names.get(str(name)) for name in _said(part, "/Headers") or ()]
            if any(head is None or head.S != Name.TH for head in heads):
                yield "a cell names a header that is none"


def _widths(table: pikepdf.Object) -> Iterator[int]:
    for part, _above in _parts(table, table):
        if part.S == Name.TR:
            yield sum(int(_said(cell, "/ColSpan") or 1) for cell in _below(part))


def _said(cell: pikepdf.Object, what: str) -> object:
    return next((said[what] for said in cell.get("/A", Array()) if what in said), None)


def _of_marks(document: pikepdf.Pdf, page: pikepdf.Page) -> Iterator[str]:
    """Whatever is painted is a part of the tree, once, or an ornament that is marked as one."""
    marked: Counter[int] = Counter()
    open_marks: list[str | int] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) in ("BDC", "BMC"):
            number = (
                operands[1].get("/MCID") if str(operator) == "BDC" and isinstance(operands[1], Dictionary) else None
            )
            open_marks.append(str(operands[0]) if number is None else int(number))
            marked.update(mark for mark in open_marks[-1:] if isinstance(mark, int))
        elif str(operator) == "EMC":
            open_marks.pop()
        elif str(operator) in PAINTS and not any(mark == "/Artifact" or isinstance(mark, int) for mark in open_marks):
            yield f"{operator} paints what is not marked"
    if open_marks or any(times > 1 for times in marked.values()):
        yield "marks are not closed, or stand twice"
    if set(_in_the_tree(document, page)) != set(marked):
        yield "the tree does not hold what is marked"


def _in_the_tree(document: pikepdf.Pdf, page: pikepdf.Page) -> Iterator[int]:
    """Yield the numbers of the pieces of this page that the tree holds, by the way back that the page keeps."""
    owners = pikepdf.NumberTree(document.Root.StructTreeRoot.ParentTree)[int(page.StructParents)]
    for number, owner in enumerate(owners):
        if isinstance(owner, Dictionary) and number in (_number(piece) for piece in _below(owner)):
            yield number


def _number(piece: object) -> int:
    """Return the number of a piece of a page, -1 for a part of the tree."""
    return int(piece.get("/MCID", -1)) if isinstance(piece, Dictionary) else int(piece)


def _of_fonts(page: pikepdf.Page) -> Iterator[str]:
    """Each font comes along and says which letter each of its signs is."""
    fonts = page.Resources.get("/Font", {})
    for name, font in fonts.items():
        inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(inner.get("/FontDescriptor", {}).keys()):
            yield f"font {name} does not come along"
        if "/ToUnicode" not in font:
            yield f"font {name} does not say its letters"
    shown = _shown(page)
    for name, codes in shown.items():
        if name in fonts and "/ToUnicode" in fonts[name] and not codes <= _letters(fonts[name]):
            yield f"font {name} shows a sign that is no letter"


def _shown(page: pikepdf.Page) -> dict[str, set[int]]:
    """Return which signs of each font the page shows; a sign is two bytes, as in every font that Typst makes."""
    shown: dict[str, set[int]] = {}
    font = ""
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            font = str(operands[0])
        elif str(operator) in SHOWS:
            texts = operands[0] if isinstance(operands[0], Array) else operands
            raw = b"".join(bytes(text) for text in texts if isinstance(text, pikepdf.String))
            shown.setdefault(font, set()).update(int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2))
    return shown


def _letters(font: pikepdf.Object) -> set[int]:
    """Return the signs for which the font names a letter, and not the one that means none."""
    said = font.ToUnicode.read_bytes()
    singles = {int(code, 16) for code, letter in MAPPED.findall(said) if letter.upper() not in (b"0000", b"FFFD")}
    runs = [(int(first, 16), int(last, 16)) for first, last, _letter in MAPPED_RUN.findall(said)]
    return singles.union(*(range(first, last + 1) for first, last in runs))
