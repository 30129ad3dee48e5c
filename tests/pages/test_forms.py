"""How the template pack shows a form: every control is named, its hint and its error are tied to it."""

import re

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Div, Fieldset, Layout, Row, Submit
from django import forms
from django.template import Context, Template, loader

CRISPY = "{% load crispy_forms_tags %}"


class Sample(forms.Form):
    secret_note = forms.CharField(widget=forms.HiddenInput, required=False, initial="n")
    name = forms.CharField(
        label="Name", help_text="As on <your> card", error_messages={"required": "Enter the name on the card."}
    )
    nick = forms.CharField(label="Nickname", required=False)
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    method = forms.ChoiceField(
        label="How do you pay?",
        help_text="There is no fee",
        choices=[("card", "Card"), ("bank", "Bank")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a card or a bank account."},
    )
    born = forms.DateField(
        label="Born",
        widget=forms.SelectDateWidget(years=[1970]),
        error_messages={"required": "Enter your date of birth."},
    )
    agree = forms.BooleanField(label="I agree", error_messages={"required": "Tick the box to go on."})


class Whole(Sample):
    helper = FormHelper()
    helper.layout = Layout(
        Fieldset("Who you are", Row(Column("name"), Column("nick")), "password"), Div("method", "born", "agree")
    )
    helper.add_input(Submit("go", "Continue"))


def shown(form: forms.Form) -> str:
    return Template(CRISPY + "{{ form|crispy }}").render(Context({"form": form}))


def summary(form: forms.Form) -> str:
    return loader.render_to_string("components/error_summary.html", {"form": form})


def element(page: str, ident: str) -> str:
    return re.search(rf'<(?:input|select|textarea)[^>]*\bid="{ident}"[^>]*>', page)[0]


def described_by(tag: str) -> list[str]:
    return re.search(r'aria-describedby="([^"]*)"', tag)[1].split()


def test_a_control_names_its_hint_before_and_its_hint_and_error_after_a_mistake():
    assert described_by(element(shown(Sample()), "id_name")) == ["id_name_helptext"]
    page = shown(Sample({}))
    assert described_by(element(page, "id_name")) == ["id_name_helptext", "id_name_error"]
    assert 'aria-invalid="true"' in element(page, "id_name")
    assert 'id="id_name_helptext"' in page
    assert 'id="id_name_error"' in page


def test_label_hint_error_and_control_come_in_this_order():
    page = shown(Sample({}))
    marks = ['for="id_name"', 'id="id_name_helptext"', 'id="id_name_error"', 'id="id_name"']
    places = [page.index(mark) for mark in marks]
    assert places == sorted(places)


def test_a_group_is_a_fieldset_whose_legend_hint_and_error_are_heard():
    page = shown(Sample({}))
    group = next(part for part in re.findall(r"<fieldset.*?</fieldset>", page, re.S) if "How do you pay?" in part)
    opening = group.split(">", 1)[0]
    assert described_by(opening) == ["id_method_helptext", "id_method_error"]
    assert re.search(r"<legend[^>]*>How do you pay\?\s*</legend>", group)
    for number, word in enumerate(["Card", "Bank"]):
        assert re.search(rf'<label for="id_method_{number}">{word}</label>', group)


def test_every_control_has_a_label_or_a_legend():
    page = shown(Sample())
    ids = re.findall(r'<(?:input|select)(?![^>]*type="hidden")[^>]*\bid="([^"]+)"', page)
    labels = set(re.findall(r'<label[^>]*for="([^"]+)"', page))
    assert {ident for ident in ids if not ident.startswith("id_born_")} <= labels
    assert re.search(r"<fieldset[^>]*>\s*<legend[^>]*>Born", page)


def test_only_fields_that_may_stay_empty_are_marked():
    page = shown(Sample())
    assert page.count("(optional)") == 1
    assert re.search(r"Nickname <span[^>]*>\(optional\)</span>", page)


def test_each_message_begins_with_error_for_the_ear():
    assert re.search(r'<span class="ma__visually-hidden">Error: </span>Enter the name on the card\.', shown(Sample({})))


def test_what_was_typed_comes_back_escaped_and_a_password_never():
    page = shown(Sample({"name": '"><b>me', "password": "maple canoe orbit lantern"}))
    assert "&quot;&gt;&lt;b&gt;me" in page
    assert "maple canoe" not in page


def test_a_hint_cannot_bring_markup_along():
    assert "As on &lt;your&gt; card" in shown(Sample())


def test_a_password_field_carries_the_words_for_its_show_button():
    field = re.search(r'<div class="ma__field"[^>]*data-show-password[^>]*>.*?</div>', shown(Sample()), re.S)[0]
    assert 'data-show-password="Show" data-hide-password="Hide"' in field
    assert 'id="id_password"' in field


def test_the_summary_leads_from_each_error_to_its_control():
    form = Sample({})
    page = shown(form)
    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary(form))
    assert ("id_name", "Enter the name on the card.") in links
    assert ("id_method_0", "Choose a card or a bank account.") in links
    assert ("id_born_month", "Enter your date of birth.") in links
    assert ("id_agree", "Tick the box to go on.") in links
    assert all(element(page, target) for target, _ in links)


def test_the_summary_can_take_the_focus_and_is_announced():
    opening = summary(Sample({})).split(">", 1)[0]
    assert 'role="alert"' in opening
    assert 'tabindex="-1"' in opening


@pytest.mark.parametrize("form", [Sample(), None])
def test_without_a_mistake_there_is_no_summary(form):
    assert summary(form).strip() == ""


def test_an_error_of_the_whole_form_is_in_the_summary():
    form = Sample({})
    form.add_error(None, "These <two> do not fit.")
    assert "<li>These &lt;two&gt; do not fit.</li>" in summary(form)


def test_a_form_with_a_layout_brings_its_own_frame_token_and_button():
    page = Template(CRISPY + "{% crispy form %}").render(Context({"form": Whole({}), "csrf_token": "abc"}))
    assert re.search(r'<form[^>]*method="post"[^>]*novalidate', page)
    assert 'name="csrfmiddlewaretoken" value="abc"' in page
    assert "<legend>Who you are</legend>" in page
    assert re.search(r'<input type="submit" name="go" value="Continue" class="ma__button"', page)
    assert described_by(element(page, "id_name")) == ["id_name_helptext", "id_name_error"]
