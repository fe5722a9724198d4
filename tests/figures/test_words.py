"""The catalogues of words agree with each other, and captions say what they must."""

import string
from dataclasses import fields, replace

import pytest

from sim.figures import captions
from sim.figures.about import About
from sim.figures.words import ENGLISH, LANGUAGES, Words
from tests.figures import made_up

CAPTIONS = {
    "distribution": (captions.distribution, made_up.distribution()),
    "tornado": (captions.tornado, made_up.tornado()),
    "sobol": (captions.sobol, made_up.sensitivity_indices()),
    "acceptability": (captions.acceptability, made_up.acceptability()),
    "threshold_map": (captions.threshold_map, made_up.threshold_map()),
    "convergence": (captions.convergence, made_up.convergence()),
    "drivers": (captions.drivers, made_up.drivers()),
    "prior_posterior": (captions.prior_posterior, made_up.prior_posterior()),
    "by_choice": (captions.by_choice, made_up.cost_by_method()),
}
WITH_INTERVAL = ("distribution", "convergence", "by_choice")
ABOUT = replace(made_up.ABOUT, outcome="Net benefit", unit="USD/year", kind="hdi", probability=0.9)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def strings(words: Words) -> dict[str, str]:
    found = {}
    for part in ("labels", "captions"):
        catalogue = getattr(words, part)
        found |= {f"{part}.{field.name}": getattr(catalogue, field.name) for field in fields(catalogue)}
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_placeholders_agree_with_english(lang: str):
    other = strings(LANGUAGES[lang])
    for name, text in strings(ENGLISH).items():
        assert placeholders(other[name]) == placeholders(text), name
        assert other[name].strip()
    assert LANGUAGES[lang].suffixes.keys() == ENGLISH.suffixes.keys()


@pytest.mark.parametrize("name", CAPTIONS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_captions_name_unit_draws_seed_and_interval(name: str, lang: str):
    function, table = CAPTIONS[name]
    text = function(table, replace(ABOUT, words=LANGUAGES[lang]))
    assert "Net benefit" in text
    assert "USD/year" in text
    assert "65,536" in text
    assert "2022" in text
    assert "{" not in text
    if name in WITH_INTERVAL:
        assert "90 %" in text
        assert "hdi" in text
    if name in ("tornado", "sobol"):
        assert "95 %" in text


def test_the_caption_of_unsettled_ranks_explains_the_dagger():
    table = made_up.sensitivity_indices()
    assert "dagger" in captions.sobol(table, ABOUT)
    assert "dagger" not in captions.sobol(table.assign(settled=True), ABOUT)


def test_numbers_are_cut_to_their_monte_carlo_error():
    about = About("BCR", median=119.4, errors={"median": 0.3})
    # twice the error, 0.6, is more than half a unit of the last digit of 119 and less than half of ten
    assert about.statistic("median") == "120"


def test_the_numbers_of_a_choice_are_explained():
    text = captions.drivers(made_up.drivers(), ABOUT)
    assert "Cost method: 1 = Commits pytorch, 2 = Contributors, 3 = Lines pytorch." in text
