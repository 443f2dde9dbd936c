"""The tests' own browser plays by the rules that a real one meets."""

import socket

import pytest


def test_a_stranger_is_sent_to_sign_in(client):
    response = client.get("/me")
    assert response.status_code == 302
    assert "/sign-in" in response.location


def test_a_browser_of_a_person_is_signed_in(client_as, rep):
    assert client_as(rep).get("/me").status_code == 200


def test_a_form_with_the_token_is_taken(client_as, rep, session):
    response = client_as(rep).post("/language", data={"language": "zh"})
    assert response.status_code == 302
    session.rollback()
    assert rep.language == "zh"


def test_a_form_without_the_token_is_refused(client_as, rep):
    assert client_as(rep).post("/language", data={"language": "zh"}, csrf=False).status_code == 400
    assert rep.language is None


def test_two_browsers_are_two_people(client_as, rep, lead):
    first, second = client_as(rep), client_as(lead)
    assert rep.name in first.get("/me").text
    assert lead.name in second.get("/me").text


def test_queries_are_counted(client_as, rep, query_counter):
    browser = client_as(rep)
    with query_counter() as queries:
        browser.get("/me")
    assert queries


def test_the_network_is_out_of_reach():
    with socket.socket() as outside, pytest.raises(PermissionError, match="network"):
        outside.connect(("192.0.2.1", 80))
