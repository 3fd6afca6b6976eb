"""Problems: what a catalogue promises."""

import pytest

from kaohe.core.problems import CATALOGUE, N_, FolderRefused, Problem, declare, errors_in


def test_a_code_is_never_given_twice():
    taken = next(iter(CATALOGUE))

    with pytest.raises(ValueError, match=taken):
        declare("error", {taken: ("again", "again")})


def test_a_refusal_names_its_problems_in_the_order_of_their_places():
    late = Problem("scheme-unknown-key", "b", None, "", {"key": "x", "allowed": "y"})
    early = Problem("scheme-unknown-key", "a", None, "", {"key": "z", "allowed": "y"})

    refusal = FolderRefused([late, early])

    assert refusal.problems == [early, late]
    assert "“z”" in str(refusal)


def test_only_errors_refuse():
    error = Problem("scheme-unknown-key")

    assert errors_in([error])
    assert not errors_in([])


def test_a_sentence_is_said_in_another_language_with_the_same_facts():
    problem = Problem("scheme-unknown-key", facts={"key": "wieght", "allowed": "weight"})

    assert "wieght" in problem.sentence(lambda text: f"«{text}»")
    assert problem.remedy(lambda text: f"«{text}»").startswith("«")
    assert N_("text") == "text"
