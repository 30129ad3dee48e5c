"""The language in which a member reads pages and gets messages."""

from accounts.models import ContactKind, User
from accounts.services.contact import change_contact


def keep_language(user: User, language: str, *, address: str | None = None) -> None:
    """Keep the language on the account: for messages, and for pages wherever the member logs in.

    A member's is one of the contact details: in their history, and handed to the agency. No email tells of it,
    wherever it is chosen.
    """
    if user.member_id:
        change_contact(user=user, kind=ContactKind.LANGUAGE, new={"language": language}, address=address)
    else:
        User.objects.filter(pk=user.pk).update(language=language)
    user.language = language
