"""The pages that belong to no room, and what is shown when something went wrong."""

from django.urls import reverse

from portal.helping import TOPICS
from tests.pages.every_page.registry import Ask, Desk, page, plain

for _name in ("home", "help", "help_languages", "rights", "language"):
    plain(_name)


@page("language", "unknown language")
def _(desk: Desk) -> Ask:
    return Ask(reverse("language"), {"language": "xx"}, 400)


@page("help", "logged in")
def _(desk: Desk) -> str:
    assert desk.user
    return reverse("help")


for _status in (400, 403, 404, 405, 413, 429, 500, 503):
    page("went_wrong", str(_status))(
        lambda desk, status=_status: Ask(reverse("went_wrong", args=[status]), status=status)
    )


@page("went_wrong", "form without its token")
def _(desk: Desk) -> Ask:
    return Ask(reverse("went_wrong", args=[4031]), status=403)


for _topic in [topic for topic in TOPICS if not topic.has_own_page]:

    @page("help_topic", _topic.slug)
    def _(desk: Desk, slug: str = _topic.slug) -> str:
        return reverse("help_topic", args=[slug])


for _typed in ("password", "xyzzy"):

    @page("help", f"search for {_typed}")
    def _(desk: Desk, typed: str = _typed) -> str:
        return f"{reverse('help')}?q={typed}"
