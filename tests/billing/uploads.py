"""Files as members send them."""

import io

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(
    kind: str = "PNG", size: tuple[int, int] = (40, 20), name: str = "photo.png", **options
) -> SimpleUploadedFile:
    """A picture: its left half is red, its right half white."""
    image = Image.new("RGB", size, "white")
    image.paste((200, 0, 0), (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, format=kind, **options)
    return SimpleUploadedFile(name, out.getvalue())


def document(change=lambda pdf: None, *, pages: int = 1, **saving) -> SimpleUploadedFile:
    """A PDF of blank pages; `change` may do something to it."""
    pdf = pikepdf.Pdf.new()
    for _ in range(pages):
        pdf.add_blank_page()
    change(pdf)
    out = io.BytesIO()
    pdf.save(out, **saving)
    return SimpleUploadedFile("letter.pdf", out.getvalue())
