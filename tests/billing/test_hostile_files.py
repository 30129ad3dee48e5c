"""Files that are two things at once, that unpack without end, or that are as large as may be."""

import resource
import zlib

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import Case, CaseAttachment
from billing.services import FileRefused, clean_file
from tests.billing.uploads import document, picture

MEGABYTE = 1024 * 1024
PAGE = b"<html><script>alert(document.cookie)</script></html>"
ARCHIVE = b"PK\x03\x04 hidden archive"


def content_of(upload: SimpleUploadedFile) -> bytes:
    return upload.read()


@pytest.mark.parametrize(("before", "after"), [(PAGE, b""), (ARCHIVE, PAGE), (b"MZ\x90\x00", ARCHIVE), (b"", PAGE)])
def test_a_pdf_that_is_something_else_too_is_a_pdf_alone_afterwards(folder, before, after):
    both = before + b"\n" + content_of(document()) + after
    clean = clean_file(SimpleUploadedFile("letter.html", both))
    assert clean.content_type == "application/pdf"
    assert clean.content.startswith(b"%PDF-")
    assert b"script" not in clean.content
    assert b"hidden" not in clean.content


@pytest.mark.parametrize(("kind", "starts"), [("PNG", b"\x89PNG"), ("JPEG", b"\xff\xd8\xff")])
@pytest.mark.parametrize("tail", [PAGE, ARCHIVE, b"%PDF-1.7 /OpenAction"])
def test_a_picture_that_is_something_else_too_is_a_picture_alone_afterwards(folder, kind, starts, tail):
    clean = clean_file(SimpleUploadedFile("photo.html", content_of(picture(kind)) + tail))
    assert clean.content.startswith(starts)
    assert tail not in clean.content


def endless(megabytes: int) -> bytes:
    """Return a small stream (deflate) of so many megabytes of zeros, made without packing them all."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    one = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    check = (megabytes * MEGABYTE % 65521) << 16 | 1  # Adler-32 of zeros
    return b"\x78\x01" + one * megabytes + b"\x03\x00" + check.to_bytes(4, "big")


def test_the_endless_stream_is_one():
    assert zlib.decompress(endless(3)) == bytes(3 * MEGABYTE)


@pytest.mark.parametrize("place", ["/Contents", "/Im0", "/N"])
def test_a_pdf_that_would_unpack_to_gigabytes_costs_little_and_harms_nothing(folder, place):
    def fill(pdf: pikepdf.Pdf) -> None:
        packed = zlib.compress(endless(4000))
        stream = pikepdf.Stream(pdf, packed)
        stream.Filter = pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode])
        page = pdf.pages[0]
        if place == "/Contents":
            page.obj.Contents = stream
            return
        stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        stream.BBox = pikepdf.Array([0, 0, 10, 10])
        if place == "/Im0":
            page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=stream))
            page.obj.Contents = pikepdf.Stream(pdf, b"/Im0 Do")
            return
        look = pikepdf.Dictionary(N=stream)
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=[0, 0, 10, 10], AP=look)
        page.obj.Annots = pikepdf.Array([pdf.make_indirect(note)])

    upload = document(fill, compress_streams=False)
    assert upload.size < 100_000
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(FileRefused, match="unreadable"):
        clean_file(upload)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 5  # seconds of the processor; without a limit it would be a minute


def padded(upload: SimpleUploadedFile, size: int) -> SimpleUploadedFile:
    content = content_of(upload)
    return SimpleUploadedFile(upload.name, content + bytes(size - len(content)))


def send(client, files):
    return client.post("/cases/new/other/", {"text": "Here is all of it.", "attachments": files}, follow=True)


def test_five_files_of_ten_megabytes_come_with_one_message(member_client, folder):
    files = [padded(picture("JPEG"), 10 * MEGABYTE) for _ in range(4)] + [padded(document(), 10 * MEGABYTE)]
    assert send(member_client, files).redirect_chain
    kinds = CaseAttachment.objects.filter(message__case=Case.objects.get()).values_list("content_type", flat=True)
    assert list(kinds) == ["image/jpeg"] * 4 + ["application/pdf"]


def test_one_byte_more_is_too_large_and_what_was_typed_stays(member_client, folder):
    page = send(member_client, [picture(), padded(picture("JPEG"), 10 * MEGABYTE + 1)]).content.decode()
    assert "File 2 is larger than 10 MB. Choose a smaller one, or take a smaller photo." in page
    assert "Here is all of it." in page
    assert not Case.objects.exists()
