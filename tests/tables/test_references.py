"""References: one entry for each work stated, keys of their own, nothing that is not one BibTeX entry."""

import re
from pathlib import Path

import pytest

from sim.citations import BibtexEntry, bare_doi, read_entry
from sim.faults import InvalidInput
from sim.scenario.load import load
from sim.tables.references import bibliography
from tests.builders import parameter, scenario_text, write_scenario
from tests.tables.builders import PRIORS, hostile

ALWAYS = ("langenkamp2022", "langenkamp2022data", "simsoftware")
UNIFORM = 'distribution = "uniform"\nlow = 1\nhigh = 2'
A = "@misc{a, author = {A}, year = 2001}"
BRACED = (
    '@article{b_1,\n  title = {{Ein Ü} "ist" {\\"u}berall},\n  journal = "J {of} B",\n  doi={10.1000/B},\n}'
)


def stating(*lines: str) -> str:
    parts = [
        parameter(f"p{place}", UNIFORM, f'source = "s{place}"\n{line}') for place, line in enumerate(lines)
    ]
    return scenario_text(*parts)


def entries_of(folder: Path, *lines: str) -> tuple[BibtexEntry, ...]:
    return bibliography(load(write_scenario(folder, stating(*lines)))).entries[len(ALWAYS) :]


def test_the_paper_is_one_entry_however_it_is_cited() -> None:
    found = bibliography(load(PRIORS / "default.toml"))
    assert [entry.key for entry in found.entries] == [*ALWAYS, "bcg"]
    cited = {text: key for text, key in found.keys.items() if text.startswith("Langenkamp")}
    assert len(cited) == 4
    assert set(cited.values()) == {"langenkamp2022"}
    assert "doi = {10.1145/3514094.3534167}" in found.as_bibtex()


def test_an_entry_is_read_with_its_braces_and_quotation_marks() -> None:
    entry = read_entry(BRACED)
    assert (entry.kind, entry.key, entry.doi) == ("article", "b_1", "10.1000/b")
    assert dict(entry.fields)["title"] == '{Ein Ü} "ist" {\\"u}berall'
    assert dict(entry.fields)["journal"] == "J {of} B"
    assert read_entry(str(entry)) == entry


@pytest.mark.parametrize(
    "text",
    [
        "", "a report", "@misc{a}", "@misc{a, }", "@misc{, title = {A}}", "@misc{a b, title = {A}}",
        "@misc{a, title = {A}", "@misc{a, title = {A}}}", "@misc{a, title = {{A}, year = 1}",
        "@misc{a, title = A B}", '@misc{a, title = "A}', "@string{a, b = {c}}", f"{A} {A}", f"{A} % end",
    ],
)  # fmt: skip
def test_what_is_not_one_entry_is_a_fault_of_its_key(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"BibTeX|balance"):
        read_entry(text)
    with pytest.raises(InvalidInput) as caught:
        load(write_scenario(tmp_path, stating(f"bibtex = '''{text}'''")))
    assert [fault.key for fault in caught.value.faults] == ["parameters.p0.bibtex"]


@pytest.mark.parametrize("text", ["", "10.1000", "10.12/x", "11.1000/x", "10.1000/a b", "see 10.1000/x"])
def test_what_is_no_doi_is_a_fault_of_its_key(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        load(write_scenario(tmp_path, stating(f'doi = ["10.1000/182", "{text}"]')))
    assert [fault.key for fault in caught.value.faults] == ["parameters.p0.doi"]


def test_a_doi_alone_is_an_entry_under_the_words_of_its_source(tmp_path: Path) -> None:
    (entry,) = entries_of(tmp_path, 'doi = "https://doi.org/10.1000/X_y(1)z"')
    assert dict(entry.fields) == {"author": "{s0}", "year": "n.d.", "doi": "10.1000/x_y(1)z"}
    assert bare_doi("doi:10.1000/X_y(1)z") == entry.doi


def test_a_doi_that_an_entry_states_is_that_entry_wherever_it_stands(tmp_path: Path) -> None:
    found = bibliography(
        load(write_scenario(tmp_path, stating('doi = "10.1000/b"', f"bibtex = ['''{BRACED}''', '{A}']")))
    )
    assert [entry.key for entry in found.entries] == [*ALWAYS, "b_1", "a"]
    assert found.keys == {"s0": "b_1", "s1": "b_1,a"}


def test_works_that_share_a_key_get_letters_and_the_same_work_does_not(tmp_path: Path) -> None:
    others = [f"bibtex = '@misc{{a, author = {{A}}, year = {2001 + place}}}'" for place in range(30)]
    keys = [entry.key for entry in entries_of(tmp_path, *others, *others[:3])]
    assert keys[:3] + keys[26:] == ["a", "aa", "ab", "az", "aaa", "aab", "aac"]
    taken = "bibtex = '@misc{simsoftware, title = {Another}}'"
    assert [entry.key for entry in entries_of(tmp_path, taken)] == ["simsoftwarea"]


def test_an_overlay_that_states_another_source_drops_what_cited_the_old_one(tmp_path: Path) -> None:
    write_scenario(tmp_path, stating(f"bibtex = '{A}'", 'doi = "10.1000/b"'), "base.toml")
    text = 'extends = "base.toml"\n[parameters.p0]\nsource = "another"\n[parameters.p1]\nlow = 0.5\n'
    found = bibliography(load(write_scenario(tmp_path, text)))
    assert found.keys == {"s1": "doi-10-1000-b"}


def test_words_of_a_source_are_safe_in_an_entry(tmp_path: Path) -> None:
    for entry in bibliography(hostile(tmp_path)).entries:
        for _, value in entry.fields:
            assert value.isascii()
            assert value.count("{") == value.count("}")


@pytest.mark.parametrize("path", sorted(PRIORS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_source_of_every_shipped_scenario_is_cited(path: Path) -> None:
    scenario = load(path)
    found = bibliography(scenario)
    keys = [entry.key for entry in found.entries]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch("[a-z0-9]+", key) for key in keys)
    for stated in scenario.parameters.values():
        if stated.source:  # type: ignore[attr-defined]
            cited = found.keys[" ".join(stated.source.split())].split(",")  # type: ignore[attr-defined]
            assert set(cited) <= set(keys)
