"""Every form of every page, sent empty: the title says so first, the summary leads to each field, nothing is a 500."""

import re

import pytest
from django.test import Client

from bench.pages import Member
from tests.walking import pages_of

pytestmark = pytest.mark.django_db
TITLE = re.compile(r"<title>Error: [^<]+ - MassHealth Bill Pay</title>")
BY_ITSELF = re.compile(r'<form method="post"(?![^>]* action=)')


def faults_of(page: str) -> list[str]:
    """Return what a page that shows a mistake leaves out."""
    links = re.findall(r'<a href="#([^"]+)"', page.split('id="error-summary"')[1].partition("</ul>")[0])
    faults = [f"nothing has the id {target}" for target in links if f'id="{target}"' not in page]
    faults += [] if TITLE.search(page) else ["the title does not begin with Error:"]
    faults += [] if links or "<li>" in page.split('id="error-summary"')[1] else ["the summary is empty"]
    return faults + (
        [] if page.index('id="error-summary"') < page.index("<h1") else ["the summary is below the heading"]
    )


@pytest.mark.parametrize(("who", "least"), [("stranger", 5), ("member", 6)])
def test_each_form_that_is_sent_empty_says_what_is_wrong_and_where(who, least):
    member = Member.with_bills(2) if who == "member" else None
    client = member.client if member else Client()
    seen, faults = [], {}
    for name, address in pages_of(client, member).items():
        if not BY_ITSELF.search(client.get(address).content.decode()):
            continue
        answer = client.post(address, {})
        assert answer.status_code < 500, name
        page = answer.content.decode()
        if 'class="ma__error"' in page or 'id="error-summary"' in page:
            seen.append(name)
            found = faults_of(page) if 'id="error-summary"' in page else ["there is no summary"]
            faults |= {name: found} if found else {}
    assert faults == {}
    assert len(seen) >= least, seen
