"""The language in which a member reads pages and gets messages."""

from accounts.models import User


def keep_language(user: User, language: str) -> None:
    """Keep the language on the account: for messages, and for pages wherever the member logs in."""
    User.objects.filter(pk=user.pk).update(language=language)
    user.language = language
