"""What a page weighs on the wire: the answer as it is compressed, its headers, and the files that it brings along."""

import gzip
import re
from html import unescape
from pathlib import Path

from django.contrib.staticfiles import finders
from django.test import Client

FIRST, LATER = 30_000, 10_000  # bytes; the first page with an empty cache, a later one with style, scripts, font there
FILE_HEADERS = 400  # bytes that come with a file, about
STATIC = re.compile(r'(?:href|src)="/static/([^"]+)"')
FACE = re.compile(r'font-family: "(Noto Sans[^"]*)";.*?/(fonts/[\w-]+\.woff2).*?unicode-range: ([^;]+);')
SPEAKS = re.compile(r'<html lang="([\w-]+)"')
FAMILIES = {"vi": ("Noto Sans Vietnamese", "Noto Sans")}  # --sans in mayflower.css, where it is not the usual one
NAMES = re.compile(r'<span class="ma__utility__names">.*?</a>', re.S)  # of languages: in letters of the system


def of_page(client: Client, address: str) -> int:
    """Return the bytes of the answer to one GET: body as a browser gets it, and headers."""
    answer = client.get(address, headers={"accept-encoding": "gzip, br"})
    assert answer.status_code == 200, (address, answer.status_code)
    return len(answer.content) + sum(len(f"{name}: {value}\r\n") for name, value in answer.items())


def of_file(name: str) -> int:
    """Return the bytes of a static file as WhiteNoise sends it: packed, where that makes it smaller."""
    data = Path(finders.find(name)).read_bytes()
    return min(len(data), len(gzip.compress(data, 9))) + FILE_HEADERS


def letters_of(page: str) -> list[str]:
    """Return the files of letters that a browser fetches for this page: of each letter the first that holds it."""
    return _fetched(page)[0]


def letters_of_the_system(page: str) -> str:
    """Return the letters of this page that none of our files holds."""
    return "".join(sorted(letter for letter in map(chr, _fetched(page)[1]) if letter.isalpha()))


def _fetched(page: str) -> tuple[list[str], set[int]]:
    left = {ord(letter) for letter in unescape(re.sub(r"<[^>]*>", "", NAMES.sub("", page)))}
    faces = FACE.findall(Path(finders.find("css/mayflower.css")).read_text())
    fetched = []
    for wanted in FAMILIES.get(SPEAKS.search(page)[1], ("Noto Sans",)):
        for name, ranges in [face[1:] for face in faces if face[0] == wanted]:
            if left & _points(ranges):
                fetched.append(name)
                left -= _points(ranges)
    return fetched, left


def _points(ranges: str) -> set[int]:
    """Return the code points of a `unicode-range`."""
    ends = [[int(end, 16) for end in one.strip().removeprefix("U+").split("-")] for one in ranges.split(",")]
    return {point for first, *last in ends for point in range(first, (last or [first])[0] + 1)}


def first_visit(client: Client, address: str) -> dict[str, int]:
    """Return what a browser that was never here fetches for this page, and the bytes of each."""
    page = client.get(address).content.decode()
    files = sorted({*letters_of(page), *STATIC.findall(page)})
    return {address: of_page(client, address)} | {name: of_file(name) for name in files}
