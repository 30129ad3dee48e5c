"""What becomes of a stranger's file: judged by its content, saved anew without what acts or tells, or refused."""

import io
import os
import stat
import struct
import time
import zlib

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from billing import services, tasks
from billing.models import Case, CaseAttachment
from billing.services import FileRefused, clean_file
from tests import factories
from tests.billing.uploads import document, picture


def refused(upload) -> str:
    with pytest.raises(FileRefused) as error:
        clean_file(upload)
    return error.value.why


def opened(clean) -> Image.Image:
    return Image.open(io.BytesIO(clean.content))


def test_a_picture_is_known_by_its_content_whatever_it_is_called(folder):
    assert clean_file(picture("PNG", name="malware.exe")).content_type == "image/png"
    assert clean_file(picture("JPEG", name="letter.pdf")).content_type == "image/jpeg"


@pytest.mark.parametrize("content", [b"MZ\x90\x00", b"<html><script>", b"GIF89a", b"PK\x03\x04", b"<svg/>"])
def test_any_other_kind_of_file_is_refused_even_when_it_is_called_a_picture(folder, content):
    assert refused(SimpleUploadedFile("photo.png", content, content_type="image/png")) == "type"


def test_a_file_that_only_begins_like_a_picture_is_refused(folder):
    assert refused(SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n<?php evil")) == "unreadable"
    assert refused(SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0 nothing more")) == "unreadable"
    assert refused(SimpleUploadedFile("a.pdf", b"%PDF-1.7 nothing more")) == "unreadable"


def test_a_photo_loses_where_and_with_what_it_was_taken_and_stays_upright(folder):
    exif = Image.Exif()
    exif[0x0110], exif[0x0112] = "Camera of Testa", 6  # model; turned by 90 degrees
    clean = clean_file(picture("JPEG", exif=exif.tobytes(), icc_profile=b"profile of Testa", comment=b"note of Testa"))
    image = opened(clean)
    assert image.size == (20, 40)
    assert not image.getexif()
    assert b"Testa" not in clean.content
    red, white = image.getpixel((10, 5)), image.getpixel((10, 35))
    assert red[0] > 150 > red[1]
    assert min(white) > 200


def test_what_follows_a_pictures_end_is_left_behind(folder):
    upload = picture("PNG")
    upload.seek(0, 2)
    upload.write(b"PK\x03\x04 hidden archive")
    upload.seek(0)
    assert b"hidden" not in clean_file(SimpleUploadedFile("a.png", upload.read())).content


def test_a_large_photo_is_made_smaller_and_one_with_too_many_pixels_is_refused(folder):
    assert max(opened(clean_file(picture("JPEG", (4000, 1000)))).size) == 3000
    assert refused(picture("PNG", (10_000, 6_000))) == "too big"


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb(width: int, height: int, *more: bytes) -> SimpleUploadedFile:
    """A PNG of a few kilobytes that says it is this large."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(bytes(3_000_000)))
    content = b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + body + chunk(b"IEND", b"")
    assert len(content) < 200_000
    return SimpleUploadedFile("photo.png", content)


def test_a_small_file_that_would_unpack_to_gigabytes_is_refused_before_it_does(folder):
    assert refused(bomb(60_000, 60_000)) == "too big"
    text = zlib.compress(bytes(100_000_000))  # behind a name, in a chunk of text
    assert refused(bomb(1000, 1000, chunk(b"zTXt", b"Comment\x00\x00" + text))) == "unreadable"


def test_a_file_above_ten_megabytes_is_refused(folder):
    assert refused(SimpleUploadedFile("a.pdf", b"%PDF-1.7" + bytes(10 * 1024 * 1024))) == "big"


def add_everything_active(pdf) -> None:
    """What a PDF can do by itself, on the document, on a page, in a note, in a form."""
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert('evil')"))
    pdf.Root.OpenAction = script
    pdf.Root.AA = Dictionary(WC=script)
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("run"), script])))
    pdf.attachments["evil.exe"] = b"MZ evil program"
    page = pdf.pages[0].obj
    page.AA = Dictionary(O=Dictionary(S=Name.Launch, F=String("evil.exe")))
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("name"), V=String("Testa"), A=script,
            Rect=Array([10, 100, 200, 120]), DA=String("/Helv 12 Tf 0 g"),
        )
    )  # fmt: skip
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=Dictionary(S=Name.Launch))
    page.Annots = Array([field, pdf.make_indirect(link)])
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([field]),
        XFA=String("<xfa>evil</xfa>"),
        NeedAppearances=True,
        DR=Dictionary(Font=Dictionary(Helv=font)),
    )
    image = pdf.make_stream(
        b"0 0 m", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]), AF=Array([script])
    )
    page.Resources = Dictionary(XObject=Dictionary(X=image))


def test_a_pdf_loses_everything_that_acts_and_keeps_what_is_to_be_seen(folder):
    clean = clean_file(document(add_everything_active))
    assert clean.content_type == "application/pdf"
    pdf = pikepdf.open(io.BytesIO(clean.content))
    assert sorted(pdf.Root.keys()) == ["/Pages", "/Type"]
    assert set(pdf.pages[0].obj.keys()) <= {"/Type", "/MediaBox", "/Resources", "/Contents", "/Parent"}
    plain = pdf_text(pdf)
    for word in (b"evil", b"JavaScript", b"Launch", b"XFA", b"/AF", b"/AA"):
        assert word not in plain
    assert b"Testa" in plain  # what was written into the form is still there to read


def pdf_text(pdf) -> bytes:
    """Everything in a PDF, unpacked."""
    out = io.BytesIO()
    pdf.save(out, stream_decode_level=pikepdf.StreamDecodeLevel.all, compress_streams=False)
    return out.getvalue()


def test_a_locked_pdf_is_refused_with_or_without_a_password_to_open_it(folder):
    for user_password in ("", "secret"):
        lock = pikepdf.Encryption(owner="owner", user=user_password)
        assert refused(document(encryption=lock)) == "encrypted"


def test_a_pdf_of_too_many_pages_is_refused(folder):
    assert refused(document(pages=201)) == "too long"


def test_a_pdf_that_is_nested_deeper_than_any_page_is_refused(folder):
    bomb = io.BytesIO()
    pdf = pikepdf.Pdf.new()
    pdf.add_blank_page()
    pdf.pages[0].obj.Contents = pdf.make_stream(b"q Q ")
    for _ in range(70):
        pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(X=pdf.pages[0].obj.get("/Resources", Dictionary())))
    pdf.save(bomb)
    assert refused(SimpleUploadedFile("a.pdf", bomb.getvalue())) == "unreadable"


# --- the virus scanner --------------------------------------------------------------------------------------------
def is_picture(content: bytes) -> bool:
    return content.startswith(b"\x89PNG")


def is_never_clean(content: bytes) -> bool:
    return False


@pytest.mark.parametrize(
    ("scanner", "why"),
    [
        ("/bin/sh -c 'cat >/dev/null; exit 1'", "virus"),
        ("/bin/sh -c 'cat >/dev/null; exit 2'", "unscanned"),
        ("/nowhere/scanner", "unscanned"),
        ("nowhere.scanner", "unscanned"),
        ("tests.billing.test_attachments.is_picture", ""),
        ("tests.billing.test_attachments.is_never_clean", "virus"),
        ("/bin/sh -c 'cat >/dev/null'", ""),
    ],
)
def test_a_file_is_taken_only_when_the_scanner_says_that_it_is_clean(folder, settings, scanner, why):
    settings.ATTACHMENT_SCANNER = scanner
    if why:
        assert refused(picture()) == why
    else:
        assert clean_file(picture()).content_type == "image/png"


# --- where it lies ------------------------------------------------------------------------------------------------
@pytest.fixture
def case(db, folder) -> Case:
    return services.open_case(factories.user(), kind="other", text="See file", files=[clean_file(picture())])


def test_a_file_is_kept_for_its_owner_alone_under_a_name_of_chance(case, folder):
    (stored,) = folder.iterdir()
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stored.name == CaseAttachment.objects.get().stored_name
    assert "photo" not in stored.name


def test_a_case_is_forgotten_with_its_files_when_its_time_is_over_and_not_before(case, folder, time_machine, settings):
    time_machine.move_to("2026-11-25 15:00:00+00:00", tick=False)
    services.reply_to_case(factories.user(is_staff=True), case, text="Done", status="closed")
    time_machine.move_to("2033-11-20 15:00:00+00:00")
    tasks.purge_cases()
    assert len(list(folder.iterdir())) == Case.objects.count() == 1
    time_machine.move_to("2033-11-27 15:00:00+00:00")
    tasks.purge_cases()
    assert len(list(folder.iterdir())) == Case.objects.count() == 0


def test_an_open_case_is_never_forgotten(case, folder, time_machine):
    time_machine.move_to("2046-11-25 15:00:00+00:00")
    tasks.purge_cases()
    assert Case.objects.count() == 1


def test_a_stored_file_that_no_case_names_is_swept_after_a_day(case, folder):
    kept = CaseAttachment.objects.get().stored_name
    old = time.time() - 90_000
    for name, when in (("lost", old), ("young", time.time()), (kept, old)):
        (folder / name).touch()
        os.utime(folder / name, (when, when))
    assert services.forget_lost_files() == 1
    assert {file.name for file in folder.iterdir()} == {"young", kept}
