"""The page of all components, the choice of light or dark, and the pages of errors."""

import pytest
from flask import render_template
from flask_babel import force_locale

from repcrm.app import EXPLANATIONS, TITLES
from repcrm.web.components import form_errors
from repcrm.web.design import SampleForm


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "每个组件的每种状态"), ("en", "Every component in every state")]
)
def test_every_component_renders_in_both_languages(client_as, admin, language, words):
    page = client_as(admin).get("/design?toasts=1", headers={"Accept-Language": language})
    assert page.status_code == 200
    assert words in page.text


def test_the_components_are_not_for_reps(client_as, rep):
    assert client_as(rep).get("/design").status_code == 403


def test_no_component_needs_inline_style_or_script(client_as, admin):
    text = client_as(admin).get("/design?toasts=1").text
    assert " style=" not in text
    assert "<style" not in text
    assert "javascript:" not in text
    assert text.count("<script") == text.count('<script type="module" src="/assets/')


def test_the_theme_is_remembered_and_drawn_by_the_server(client):
    response = client.post("/theme", data={"theme": "dark", "next": "/sign-in"})
    assert response.status_code == 302
    assert response.location == "/sign-in"
    assert 'data-theme="dark"' in client.get("/sign-in").text


@pytest.mark.parametrize("elsewhere", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", ""])
def test_choosing_a_theme_leads_nowhere_else(client, elsewhere):
    assert client.post("/theme", data={"theme": "light", "next": elsewhere}).location == "/"


def test_an_unknown_theme_is_not_remembered(client):
    assert "theme=" not in client.post("/theme", data={"theme": "pink"}).headers.get("Set-Cookie", "")


def test_the_combobox_finds_by_a_part_of_the_name(client_as, admin):
    options = client_as(admin).get("/design/options?q=cardio", headers={"Accept-Language": "en"})
    assert options.text.count('role="option"') == 1
    assert "Cardiology" in options.text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("status", sorted(TITLES))
def test_every_error_says_what_happened_and_what_to_do(app, status, language):
    with app.test_request_context("/somewhere"), force_locale(language):
        page = render_template(
            "errors/error.html", status=status, title=TITLES[status], message=EXPLANATIONS[status], reference="4f2a"
        )
        assert str(TITLES[status]) in page
        assert str(EXPLANATIONS[status]) in page
        assert "4f2a" in page
        assert 'href="/"' in page


def test_the_summary_of_errors_links_to_the_fields(app):
    with app.test_request_context("/", method="POST"):
        form = SampleForm(meta={"csrf": False}, formdata=None)
        form.name.errors = ["Enter a name."]
        form.form_errors.append("Nothing was chosen.")
        assert form_errors(form) == [("Nothing was chosen.", None), ("Enter a name.", "#name")]
