"""References: one entry for each work, keys of their own, nothing that unbalances BibTeX."""

import re
from pathlib import Path

import pytest

from sim.scenario.load import load
from sim.tables.references import bibliography
from tests.builders import parameter, scenario_text, write_scenario
from tests.tables.builders import PRIORS, hostile

ALWAYS = ("langenkamp2022", "langenkamp2022data", "simsoftware")
UNIFORM = 'distribution = "uniform"\nlow = 1\nhigh = 2'


def keys_of(folder: Path, *sources: str) -> tuple[str, ...]:
    parts = [parameter(f"p{place}", UNIFORM, f'source = "{source}"') for place, source in enumerate(sources)]
    return tuple(
        reference.key
        for reference in bibliography(load(write_scenario(folder, scenario_text(*parts)))).references
    )[len(ALWAYS) :]


def test_the_paper_is_one_entry_however_it_is_cited() -> None:
    found = bibliography(load(PRIORS / "default.toml"))
    assert [reference.key for reference in found.references] == [*ALWAYS, "bcg"]
    cited = {text: key for text, key in found.keys.items() if text.startswith("Langenkamp")}
    assert len(cited) == 4
    assert set(cited.values()) == {"langenkamp2022"}
    assert "doi = {10.1145/3514094.3534167}" in found.as_bibtex()


def test_keys_are_name_and_year_with_letters_where_shared(tmp_path: Path) -> None:
    assert keys_of(
        tmp_path, "Rao & Wu (1988), JASA", "Rao (1988): another", "Owen, 1997", "Rao & Wu (1988), JASA"
    ) == ("rao1988a", "rao1988b", "owen1997")
    assert keys_of(tmp_path, "Langenkamp (2022): a thesis", "Owena, 1997", "Owen") == (
        "langenkamp2022a",
        "owena1997",
        "owen",
    )


def test_many_shared_keys_stay_distinct(tmp_path: Path) -> None:
    keys = keys_of(tmp_path, *(f"Rao (1988): {place}" for place in range(30)), "Rao (1988)a: odd")
    assert len(set(keys)) == 31
    assert keys[25:28] == ("rao1988z", "rao1988aa", "rao1988ab")


def test_words_that_name_two_works_make_two_entries(tmp_path: Path) -> None:
    text = (
        "Goldman Sachs (2023): 1.25 points; Aghion and Bunel (2024), doi:10.1000/182; the rest is judgement"
    )
    found = bibliography(
        load(write_scenario(tmp_path, scenario_text(parameter("p", UNIFORM, f'source = "{text}"'))))
    )
    assert found.keys == {text: "goldman2023,aghion2024"}
    second = dict(found.references[-1].fields)
    assert second["author"] == "{Aghion} and {Bunel}"
    assert (second["year"], second["doi"]) == ("2024", "10.1000/182")


def test_addresses_are_verbatim_and_safe(tmp_path: Path) -> None:
    found = bibliography(hostile(tmp_path))
    fields = [dict(reference.fields) for reference in found.references]
    # RFC 3986 percent-encodes braces; underscore, percent, hash and tilde stand as they are in \url
    assert [entry["url"] for entry in fields if "url" in entry] == [
        "https://example.org/a_b%20c#d~e?f=1&g=%7Bh%7D"
    ]
    assert "10.1000/x_y(1)z" in [entry.get("doi") for entry in fields]
    for entry in fields:
        for value in entry.values():
            assert value.isascii()
            assert value.count("{") == value.count("}")


@pytest.mark.parametrize("path", sorted(PRIORS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_source_of_every_shipped_scenario_is_cited(path: Path) -> None:
    scenario = load(path)
    found = bibliography(scenario)
    keys = [reference.key for reference in found.references]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch("[a-z0-9]+", key) for key in keys)
    for stated in scenario.parameters.values():
        if stated.source:  # type: ignore[attr-defined]
            cited = found.keys[" ".join(stated.source.split())].split(",")  # type: ignore[attr-defined]
            assert set(cited) <= set(keys)
