"""What is wrong with a page: by axe-core in every look, by our own list of duties, and by html-validate."""

import re
import subprocess
from html import unescape
from pathlib import Path

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.utils import translation

from tests.bars.stage import BY_LOOK, Stage

FOLDER = Path(__file__).resolve().parent
PHONE, DESK = 320, 1280  # pixels
DOUBLE = 640  # pixels that are left of 1280 at 200%
FURTHER = {"en": [("dark", PHONE), ("dark", DESK), ("light", DESK)]}
STRUCTURE, REACH = ((FOLDER / f"{name}.js").read_text().split("\n", 1)[1] for name in ("structure", "reach"))
WIDER = "(width) => document.documentElement.scrollWidth > width"
TITLE = re.compile(r"<title>(.*?)</title>", re.S)
LIVE = re.compile(r'role="(?:status|alert)">(.*?)</div>', re.S)
MISTAKE = re.compile(r'id="error-summary"|ma__alert--error" role="alert">')


def said_wrong(answer: HttpResponse, language: str) -> list[str]:
    """Return what a page does not say: in its title that there is a mistake, and in a live region what was done."""
    text = answer.content.decode()
    with translation.override(language):
        starts = f"{translation.gettext('Error:')} "
    faults = [] if unescape(TITLE.search(text)[1]).count(starts) == bool(MISTAKE.search(text)) else ["the title"]
    heard = unescape(" ".join(LIVE.findall(text)))
    faults += [f"not announced: {one}" for one in get_messages(answer.wsgi_request) if str(one) not in heard]
    return faults if f'<html lang="{language}"' in text else [*faults, "the language"]


def seen_wrong(stage: Stage, language: str) -> list[str]:
    """Return what is wrong with the page on the stage: all of it on a phone in the light, the rest by its look."""
    faults = stage.axe() + sideways(stage, PHONE)
    for look in FURTHER.get(language, [("dark", DESK)]):
        stage.look(*look)
        faults += [f"{look}: {fault}" for fault in stage.axe(BY_LOOK)]
    faults += sideways(stage, DESK) + stage.page.evaluate(STRUCTURE)
    return faults + out_of_reach(stage) if language == "en" else faults


def out_of_reach(stage: Stage) -> list[str]:
    """Return what cannot be used on a phone with a finger or the keyboard, and whether it is too wide at 200%."""
    stage.look("light", DOUBLE)
    faults = sideways(stage, DOUBLE)
    stage.look("light", PHONE)
    return faults + stage.page.evaluate(REACH)


def sideways(stage: Stage, width: int) -> list[str]:
    return [f"it scrolls sideways at {width}"] if stage.page.evaluate(WIDER, width) else []


def written_wrong(npm: Path, pages: Path) -> str:
    """Return what html-validate says of the files in this folder."""
    command = [npm / "html-validate", "--config", FOLDER / "htmlvalidate.json", "--formatter", "text", pages]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    said = checked.stdout + checked.stderr
    return said or (f"it ended with {checked.returncode}" if checked.returncode else "")
