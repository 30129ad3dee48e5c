"""Documents: every language and name prints, what is tagged stays tagged, and nobody waits long for one."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.utils import translation

from portal.shared import pdf
from portal.shared.pdf import Busy, Document, compiled, framed, tongue
from tests.papers import Paper, sound

SAMPLES = {  # title, sentence: each with letters of its own
    "en": ("Bill for November 2026", "What you owe, and why."),
    "es": ("Factura de noviembre de 2026", "¿Qué año? Señora, mañana pagará dieciséis dólares."),
    "pt-br": ("Fatura de novembro de 2026", "Não há cobrança; a correção está à disposição."),
    "ht": ("Bòdwo pou mwa novanm 2026", "Poukisa w ap resevwa fakti sa a? Ou gen dwa pou jwenn èd pou peye."),
    "vi": ("Hóa đơn tháng 11 năm 2026", "Quý vị còn nợ bao nhiêu, và vì sao? Đường Nguyễn Huệ, phường Bến Nghé."),
    "zh-hans": ("2026年11月账单", "您应付的金额及其原因。请在到期日之前付款。"),
    "zh-hant": ("2026年11月帳單", "您應付的金額及其原因。請在到期日之前付款。"),
    "ru": ("Счёт за ноябрь 2026 года", "Сколько вы должны и почему. Объявление, подъезд, Їжак, Љубав."),
}
NAMES = [
    "Łucja Ðurić-O’Ñáñez",
    "Þórdís Ægisdóttir",
    "Nguyễn Thị Ánh",
    "Щукина Юлия",
    "张伟",
    "張偉",
    "İpek Şahin",
    "Œuvre Ǻ ẞ",
]
PDF_LANGUAGE = {"pt-br": "pt-BR", "zh-hans": "zh-CN", "zh-hant": "zh-TW"}


def letter(title="A bill", *, lead=(), names=("Testa Beispiel",), note="Monthly premium", **frame):
    """A statement with these names on its lines."""
    data = framed(
        title=title,
        foot="Bill B-1",
        lead=list(lead),
        facts=[["Bill number", "B-1"]],
        lines_title="Lines",
        lines_head=["Person", "What", "Amount"],
        lines=[[name, note, "$24.00"] for name in names],
        lines_total=["Total", "$24.00"],
        standing_title="Today",
        standing=[],
        help_title="Questions?",
        help=["Call."],
    )
    return Document("sample", "statement", data | frame)


def squeezed(text):
    """Without spaces: Chinese is set without them, and a line may end anywhere."""
    return "".join(text.split())


@pytest.mark.parametrize("language", SAMPLES)
def test_every_language_prints_and_is_named_for_a_screen_reader(language):
    title, sentence = SAMPLES[language]
    with translation.override(language):
        paper = sound(compiled(letter(title, lead=[sentence], names=NAMES)))
    assert paper.language == PDF_LANGUAGE.get(language, language)
    assert paper.title == title
    assert paper.shows_title
    assert paper.claims_ua
    assert paper.is_tagged
    assert squeezed(sentence) in squeezed(paper.text)
    for name in NAMES:
        assert squeezed(name) in squeezed(paper.text)


def test_a_language_is_named_as_typst_names_it():
    assert tongue("zh-hant") == {"lang": "zh", "region": "TW"}
    assert tongue("zh-Hans") == {"lang": "zh", "region": "CN"}
    assert tongue("pt-br") == {"lang": "pt", "region": "BR"}
    assert tongue("es") == {"lang": "es", "region": ""}


def test_a_letter_that_our_fonts_lack_costs_the_mark_but_not_the_tags_and_names_nobody_in_the_log(caplog):
    with caplog.at_level(logging.WARNING):
        paper = Paper(compiled(letter(names=["សុខា Testa"])))
    assert paper.is_tagged
    assert {"H1", "Table", "TH", "TD"} <= set(paper.tags)
    assert paper.language == "en"
    assert paper.title == "A bill"
    assert not paper.claims_ua
    assert "Testa" in paper.text
    assert caplog.messages == ["Our fonts lack a letter of a document (statement): set without the PDF/UA mark."]


def test_what_a_person_is_called_is_never_read_as_markup():
    typed = [
        '#read("parts.typ")',
        "*strong* _soft_",
        "$ x^2 $",
        "= Heading",
        "#let data = 1",
        "// gone",
        "<label> @ref",
    ]
    paper = Paper(compiled(letter(names=typed, note="#import")))
    for name in typed:
        assert name in paper.text
    assert paper.tags.count("H1") == 1


def test_a_table_says_which_cells_are_headers_and_repeats_them_on_every_page():
    paper = sound(compiled(letter(names=[f"Testa Beispiel {n}" for n in range(120)])))
    assert len(paper.reader.pages) > 2
    assert paper.scopes() == ["Column"] * 3 + ["Row"] * 121  # the total is a row too
    assert paper.lines.count("Person What Amount") == len(paper.reader.pages)
    assert paper.tags[:4] == ["Document", "P", "P", "H1"]


def test_a_mistake_in_a_template_is_not_taken_for_a_missing_letter():
    with pytest.raises(Exception, match="dictionary does not contain key"):
        compiled(Document("sample", "statement", framed(title="x", foot="")))


def test_only_a_missing_letter_may_cost_the_mark():
    with pytest.raises(Exception, match="PDF/UA-1 error"):
        compiled(letter(title=""))


def test_when_every_compiler_is_at_work_the_wait_ends():
    pool = pdf._compilers()
    taken = [pool.get() for _ in range(pool.qsize())]
    try:
        with pytest.raises(Busy):
            compiled(letter(), wait=0.01)
    finally:
        for compiler in taken:
            pool.put(compiler)
    assert Paper(compiled(letter())).claims_ua


def test_an_archive_for_which_no_compiler_comes_free_midway_is_never_begun(rf, settings):
    settings.PDF_WAIT_SECONDS = 0.01
    pool, taken = pdf._compilers(), []

    def documents():
        yield letter()
        taken.extend(pool.get() for _ in range(pool.qsize()))
        yield letter()

    try:
        answer = pdf.archive(rf.get("/"), "all", documents())
    finally:
        for compiler in taken:
            pool.put(compiler)
    assert len(taken) == 2
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    whole = pdf.archive(rf.get("/"), "all", [letter()])
    assert int(whole["Content-Length"]) == len(b"".join(whole.streaming_content)) > 1000


def test_a_compiler_comes_back_when_a_document_cannot_be_set():
    before = pdf._compilers().qsize()
    with pytest.raises(Exception, match="No such file"):
        compiled(Document("sample", "no such template", {}))
    assert pdf._compilers().qsize() == before


def test_the_site_says_that_it_is_not_official_until_it_is(settings):
    assert "not an official document" in Paper(compiled(letter())).text
    settings.SITE_OFFICIAL = True
    assert "official" not in Paper(compiled(letter())).text


def test_many_at_once_each_get_their_own_document_from_two_compilers():
    names = [f"Testa Beispiel{n:02}" for n in range(16)]
    with ThreadPoolExecutor(8) as threads:
        papers = [Paper(content) for content in threads.map(lambda name: compiled(letter(names=[name])), names)]
    for name, paper in zip(names, papers, strict=True):
        assert [other for other in names if other in paper.text] == [name]
    assert pdf._compilers().qsize() == 2
