"""Saves a stranger's file anew without what it could do: a program of its own, with little memory and little time.

Run by path with the file on its input. It writes the type and the new file and ends with 0, or writes why it is
refused (type, encrypted, unreadable, too big, too long) and ends with 1. It knows neither Django nor a secret.
"""

import io
import resource
import sys
import zlib

import pikepdf
from PIL import Image, ImageOps

MAX_PIXELS = 50_000_000
Image.MAX_IMAGE_PIXELS = None  # the library's own limit would say "unreadable"; ours is asked before a pixel is drawn
LONG_SIDE = 3000  # pixels of a saved picture: enough to read a letter
MAX_PAGES = 200
MEMORY, SECONDS = 1_500_000_000, 10
MAX_UNPACKED = 64_000_000  # bytes of one stream of drawing: more than any page needs
PAGE_KEYS = {"/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents", "/Group"}
ACTIVE = ("/JS", "/JavaScript", "/AA", "/A", "/OpenAction", "/Launch", "/EF", "/EmbeddedFiles", "/AF", "/XFA")
HIDDEN = ("/Metadata", "/PieceInfo", "/OPI", "/Ref", "/LastModified")
DEPTH = 60


class Refused(Exception):
    """The file cannot be taken; the first argument says why in a word or two."""


def kind_of(content: bytes) -> str:
    """Return the media type that the content itself shows; '' for any other."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return "application/pdf" if b"%PDF-" in content[:1024] else ""


def cleaned(content: bytes) -> tuple[str, bytes]:
    """Return the type and the content saved anew; raises Refused, or anything else for a broken file."""
    kind = kind_of(content)
    if kind == "application/pdf":
        return kind, _pdf(content)
    if kind:
        return kind, _picture(content, kind)
    raise Refused("type")


def _picture(content: bytes, kind: str) -> bytes:
    """Draw the pixels on a fresh picture, upright: no metadata, no colour profile, no second frame comes along."""
    image: Image.Image = Image.open(io.BytesIO(content), formats=["JPEG", "PNG"])
    if image.width * image.height > MAX_PIXELS:
        raise Refused("too big")
    image.draft("RGB", (LONG_SIDE, LONG_SIDE))  # a large JPEG is decoded smaller at once
    image = ImageOps.exif_transpose(image)
    mode = "RGBA" if kind == "image/png" and image.has_transparency_data else "RGB"
    image = image.convert(mode)
    image.thumbnail((LONG_SIDE, LONG_SIDE))
    fresh = Image.new(mode, image.size)
    fresh.paste(image)
    out = io.BytesIO()
    fresh.save(out, format=kind.removeprefix("image/").upper(), quality=85)
    return out.getvalue()


def _pdf(content: bytes) -> bytes:
    """Put what is to be seen of each page into a fresh document; forms become plain drawing, all else stays behind."""
    try:
        source = pikepdf.open(io.BytesIO(content))
    except pikepdf.PasswordError as error:
        raise Refused("encrypted") from error
    if source.is_encrypted:
        raise Refused("encrypted")
    if len(source.pages) > MAX_PAGES:
        raise Refused("too long")
    if not len(source.pages):
        raise Refused("unreadable")
    source.generate_appearance_streams()
    source.flatten_annotations("screen")
    fresh = pikepdf.Pdf.new()
    fresh.pages.extend(source.pages)
    for page in fresh.pages:
        for key in set(page.obj.keys()) - PAGE_KEYS:
            del page.obj[key]
        _strip(page.obj.get("/Resources"), set(), 0)
        drawing: object = page.obj.get("/Contents")
        for stream in drawing.as_list() if isinstance(drawing, pikepdf.Array) else [drawing]:
            _refuse_endless(stream)
    fresh.remove_unreferenced_resources()
    out = io.BytesIO()
    fresh.save(out, deterministic_id=True)
    return out.getvalue()


def _strip(thing: object, seen: set[tuple[int, int]], depth: int) -> None:
    """Take out of everything below a page whatever acts or hides. Raises Refused for what is nested without end."""
    if depth > DEPTH:
        raise Refused("unreadable")
    if not isinstance(thing, pikepdf.Object) or thing._type_code not in _CONTAINERS:
        return
    if thing.is_indirect:
        if thing.objgen in seen:
            return
        seen.add(thing.objgen)
    if isinstance(thing, pikepdf.Array):
        parts = list(thing.as_list())
    else:
        holder = thing.stream_dict if isinstance(thing, pikepdf.Stream) else thing
        if isinstance(thing, pikepdf.Stream) and holder.get("/Subtype") != "/Image":  # a picture is never unpacked here
            _refuse_endless(thing)
        for key in (*ACTIVE, *HIDDEN):
            if key in holder:
                del holder[key]
        parts = [holder[key] for key in list(holder.keys())]
    for part in parts:
        _strip(part, seen, depth + 1)


def _refuse_endless(stream: object) -> None:
    """Raise Refused for drawing that unpacks to more than any page needs; nothing more than that is unpacked for it."""
    if not isinstance(stream, pikepdf.Stream):
        return
    content, filters = stream.read_raw_bytes(), stream.stream_dict.get("/Filter", pikepdf.Array())
    for name in filters if isinstance(filters, pikepdf.Array) else [filters]:
        if name not in ("/FlateDecode", "/Fl"):
            return
        try:
            content = zlib.decompressobj().decompress(content, MAX_UNPACKED)
        except zlib.error:
            return
        if len(content) >= MAX_UNPACKED:
            raise Refused("unreadable")


_CONTAINERS = (pikepdf.ObjectType.array, pikepdf.ObjectType.dictionary, pikepdf.ObjectType.stream)


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        kind, content = cleaned(sys.stdin.buffer.read())
    except Refused as refused:
        sys.stdout.write(str(refused))
        return 1
    sys.stdout.buffer.write(kind.encode() + b"\n" + content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
