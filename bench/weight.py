"""What a page weighs on the wire: the answer as it is compressed, its headers, and the files that it brings along."""

import gzip
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.test import Client

FIRST, LATER = 30_000, 10_000  # bytes; the first page with an empty cache, a later one with style, scripts, font there
FILE_HEADERS = 400  # bytes that come with a file, about
STATIC = re.compile(r'(?:href|src)="/static/([^"]+)"')
LETTERS = "fonts/noto-sans-latin.woff2"  # what every page needs; other letters come when a page has them


def of_page(client: Client, address: str) -> int:
    """Return the bytes of the answer to one GET: body as a browser gets it, and headers."""
    answer = client.get(address, headers={"accept-encoding": "gzip, br"})
    assert answer.status_code == 200, (address, answer.status_code)
    return len(answer.content) + sum(len(f"{name}: {value}\r\n") for name, value in answer.items())


def of_file(name: str) -> int:
    """Return the bytes of a static file as WhiteNoise sends it: packed, where that makes it smaller."""
    data = Path(finders.find(name)).read_bytes()
    return min(len(data), len(gzip.compress(data, 9))) + FILE_HEADERS


def first_visit(client: Client, address: str) -> dict[str, int]:
    """Return what a browser that was never here fetches for this page, and the bytes of each."""
    files = sorted({LETTERS, *STATIC.findall(client.get(address).content.decode())})
    return {address: of_page(client, address)} | {name: of_file(name) for name in files}
