"""What a member writes in a case, and the files that come with it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from billing.services import CleanFile, FileRefused, clean_file
from billing.services.attachments import MAX_FILES
from portal.shared.throttle import allow

MAX_TEXT = 4000  # characters


class FilesInput(forms.ClearableFileInput):
    """A box for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Up to five files; what it gives is a list of uploads, not looked into yet."""

    widget = FilesInput

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Files"),
            required=False,
            help_text=gettext_lazy("Up to five: PDF, JPEG or PNG, 10 MB each. For example, a photo of a letter."),
            widget=FilesInput({"accept": "application/pdf,image/jpeg,image/png"}),
            error_messages={"empty": gettext_lazy("One file is empty. Choose another one.")},
        )

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        uploads = [super(FilesField, self).clean(one, initial) for one in data or []]
        if len(uploads) > MAX_FILES:
            raise ValidationError(
                ngettext(
                    "You chose %(count)s file. Choose five or fewer.",
                    "You chose %(count)s files. Choose five or fewer.",
                    len(uploads),
                )
                % {"count": len(uploads)}
            )
        return uploads


def text_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    """Return a box for a member's own words."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=MAX_TEXT,
        widget=forms.Textarea({"rows": 6}),
        error_messages={
            "required": gettext_lazy("Tell us in your own words. A short sentence is enough."),
            "max_length": gettext_lazy("That is too long. Use 4,000 characters or fewer, or send the rest as a file."),
        },
    )


class KeyField(forms.CharField):
    """The key of one form that was shown; None where there is none that one of our forms could have had."""

    def __init__(self) -> None:
        super().__init__(required=False, initial=uuid4, widget=forms.HiddenInput)

    def clean(self, value: Any) -> UUID | None:
        try:
            return UUID(f"{value}")
        except ValueError:
            return None


class AnswerForm(forms.Form):
    """A member's own words, with files. `cleaned_data["attachments"]` holds the files saved anew, ready to be kept.

    Files are looked into last, when all else is right, and only as many a day as one log-in may send.
    Each form has a key of its own: what is sent by pressing twice comes in once.
    """

    text = text_field(gettext_lazy("Your message"))
    attachments = FilesField()
    form_key = KeyField()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def full_clean(self) -> None:
        super().full_clean()
        uploads = self.cleaned_data.get("attachments") if self.is_bound and not self.errors else None
        if uploads:
            self._look_into(uploads)
        if self.is_bound and self.errors and self.files and "attachments" not in self.errors:
            self.add_error("attachments", _("Choose your files again. The browser could not keep them."))

    def _look_into(self, uploads: "Sequence[UploadedFile[Any]]") -> None:
        clean: list[CleanFile] = []
        for number, upload in enumerate(uploads, start=1):
            try:
                if not allow("case-files", str(self.user.pk)):
                    raise FileRefused("often")
                clean.append(clean_file(upload))
            except FileRefused as refused:
                self.add_error("attachments", _refusal(refused.why) % {"number": number})
        self.cleaned_data["attachments"] = clean


class CaseForm(AnswerForm):
    """What a member reports."""

    text = text_field(
        gettext_lazy("What is wrong?"),
        gettext_lazy("Please do not type card numbers, bank account numbers or passwords."),
    )


def _refusal(why: str) -> str:
    """Return why a file is not taken, and what helps."""
    return {
        "big": _("File %(number)s is larger than 10 MB. Choose a smaller one, or take a smaller photo."),
        "too big": _("File %(number)s is a picture with too many pixels. Take a smaller photo."),
        "too long": _("File %(number)s has more than 200 pages. Choose only the pages that matter."),
        "type": _("File %(number)s is not a PDF, JPEG or PNG. Choose a file of one of these kinds."),
        "encrypted": _("File %(number)s is locked with a password. Save it without a password and choose it again."),
        "virus": _("File %(number)s did not pass our virus check. Choose another file."),
        "unscanned": _("We could not check file %(number)s for viruses just now. Try again later, or send no file."),
        "often": _("You sent many files today. File %(number)s was not taken. Send it tomorrow, or call us."),
    }.get(why, _("We could not open file %(number)s. It may be damaged. Save it again or take a photo of it."))
