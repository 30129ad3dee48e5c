"""Gives the tables of a PDF their row headers, for which Typst has no word yet: the first cell of each row is one."""

from collections.abc import Iterator
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, Object, ObjectStreamMode, String


def with_row_headers(content: bytes) -> bytes:
    """Return the document with a header at the head of each row, named by the row's other cells; packed more closely.

    Nothing that is seen changes. Tables have their first row as header and a body, as Typst tags them.
    """
    packed = BytesIO()
    with pikepdf.open(BytesIO(content)) as document:
        tree = document.Root.StructTreeRoot
        for number, row in enumerate(_rows(tree)):
            _give_header(row, String(f"row{number}"), NameTree(tree.IDTree))
        document.save(packed, object_stream_mode=ObjectStreamMode.generate, fix_metadata_version=False)
    return packed.getvalue()


def _rows(node: Object) -> Iterator[Object]:
    """Yield the rows below a part of the tree that are not in the head of a table."""
    for child in _children(node):
        kind = child.get("/S")
        if kind == Name.TR:
            yield child
        elif kind != Name.THead:
            yield from _rows(child)


def _children(node: Object) -> list[Object]:
    """Return the parts right below a part; what is no part, such as the number of a piece of a page, is left out."""
    below = node.get("/K", Array())
    return [child for child in (below if isinstance(below, Array) else [below]) if isinstance(child, Dictionary)]


def _give_header(row: Object, name: String, names: NameTree) -> None:
    first, *others = _children(row)
    first.S, first.ID = Name.TH, name
    _of_table(first).Scope = Name.Row
    names[str(name)] = first
    for cell in others:
        _of_table(cell).Headers.append(name)


def _of_table(cell: Object) -> Object:
    """Return what a cell says of its place in the table."""
    return next(said for said in cell.A if said.get("/O") == Name.Table)
