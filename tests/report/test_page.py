"""The page as text: what it says, that it says it again, and that no text becomes anything else."""

import base64
import hashlib
import json
import re
from collections import Counter
from copy import copy
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from sim.faults import InvalidInput
from sim.figures.moving_histogram import panel_of
from sim.report.page import render_report
from sim.report.page.answer import answer_of, chance, likelihood, percent
from sim.report.page.appendix import assumed, error_table, settling_table
from sim.report.page.drivers import chance_table, driver_sentences, driver_table
from sim.report.page.script_data import page_draws
from sim.run_record import Run
from sim.summary.row import Row
from sim.tables.formats import sort_number
from tests.report.conftest import told_text
from tests.report.scenarios import CONSTANT, EVIL, SIGNED

VOID = {"meta", "link", "input", "br", "img"}


class Read(HTMLParser):
    """Elements with attributes, text by element, and whether tags close in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append((self.open[-1] if self.open else "", data))

    def inside(self, tag: str) -> str:
        return "".join(data for name, data in self.text if name == tag)


@pytest.fixture(scope="module")
def page(default: Run) -> str:
    return render_report([default])


def test_the_same_run_gives_the_same_bytes(default: Run, page: str):
    assert render_report([default]) == page
    assert len(page.encode()) < 3_000_000


def test_tags_close_and_ids_are_unique(page: str, default: Run):
    for text in (page, render_report([default, default])):
        read = Read(text)
        assert read.open == []
        ids = Counter(attributes["id"] for _, attributes in read.elements if attributes.get("id"))
        assert {name: count for name, count in ids.items() if count > 1} == {}
        refers = re.findall(r"(?:href=\"#|url\(#|for=\")([^\")]+)", text)
        assert set(refers) <= set(ids)


def test_nothing_is_loaded(page: str):
    for tag, attributes in Read(page).elements:
        assert "src" not in attributes
        assert tag not in {"img", "iframe", "object", "embed", "base", "form"}
        if tag != "a" and (target := attributes.get("href")):
            assert target.startswith(("#", "data:"))
    assert "@import" not in page
    assert "font-family: 'DejaVu" not in page


def test_the_policy_lets_one_script_run(page: str):
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page.replace("&#39;", "'")
    assert "default-src 'none'" in page


def test_the_answer_has_the_summarys_numbers(default: Run, page: str):
    """Numbers counted here from the draws; the full default scenario has a median of 120."""
    draws = default.variable("bcr")
    median = re.search(r"about ([\d,]+) US dollars of benefit", Read(page).inside("p"))
    assert float(median[1].replace(",", "")) == pytest.approx(float(np.median(draws)), rel=0.05)
    above = default.statistics.find("bcr", "p_above", at=100.0)
    # the summary integrates a factor out; draws counted lie within 4 sd of 0.55 points, what 8,192 allow
    assert above.value == pytest.approx(np.mean(draws > 100), abs=0.022)
    values = Read(page).inside("span")
    assert percent(above.value, above.mc_error) in values
    assert "about as likely as not" in values


def test_text_and_tables_say_the_same_number_with_the_same_digits(default: Run):
    """What stands in two places of a page is printed once: of thresholds, shares, statistics, statements."""
    answer = answer_of(default)
    chances = {str(row[0]): row[1] for row in chance_table(default).sections[0].rows}
    assert chances["100"] == answer.chances[-1].value
    table = driver_table(default) or pytest.fail("no table")
    sentence = driver_sentences(default)[0]
    for row in table.sections[0].rows[:2]:
        assert f"{row[2]} comes from “{row[0]}”" in sentence
    settled = settling_table(default) or pytest.fail("no table")
    found = [default.statistics.find("bcr", name).text for name in ("median", "low", "high", "mean")]
    assert list(settled.sections[0].rows[-1][1:]) == found
    errors = [row[1] for row in error_table(default).sections[0].rows]
    assert errors == found
    salary = assumed(default).sections[0].rows[0]
    assert "median 300 K, 95 % quantile 365 K" in salary[1]
    assert salary[3:5] == ("300 K", "365 K")


def test_a_zero_is_printed_only_for_a_zero():
    """A share of 6 in 10,000, known to 5, had been 0 %; an end of an interval likewise."""
    assert chance(0.0006, 0.0005) == "≈ 0.06 %"
    assert percent(0.0, 0.001) == "0 %"
    assert Row("cost", "", "low", 0.95, 2e-9, 1e-8, "USD").text == "≈ 2e-09"
    assert Row("cost", "", "p_above", 10.0, 3e-5, 2e-5, "1").text == "≈ 3e-05"
    assert Row("cost", "", "low", 0.95, 0.0, 1e-8, "USD").text.strip("0.") == ""


def test_embedded_draws_are_the_first_of_each_randomisation(default: Run, page: str):
    content = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    data = json.loads(content[1])
    values = np.frombuffer(base64.b64decode(data["values"]), "<f8")
    draws = default.variable("bcr")
    np.testing.assert_array_equal(values, draws[:, : 4096 // len(draws)].ravel())
    assert set(data["priors"]) == {"salary", "ai_value", "attribution.algorithms"}
    assert len(data["held"]) == 5


def test_every_source_is_on_the_page(default: Run, page: str):
    said = re.sub(r"\s+", " ", "".join(data for _, data in Read(page).text))
    for parameter in default.scenario.parameters.values():
        assert " ".join(parameter.source.split()) in said
        assert " ".join(parameter.rationale.split()) in said


def test_hostile_texts_stay_text(hostile: Run):
    page = render_report([hostile, hostile])
    read = Read(page)
    assert {tag for tag, _ in read.elements} & {"img", "iframe"} == set()
    assert [tag for tag, _ in read.elements].count("script") == 2
    assert not any(name.startswith("on") for _, attributes in read.elements for name in attributes)
    links = [attributes["href"] for tag, attributes in read.elements if tag == "a"]
    assert not any(link.startswith("javascript:") for link in links)
    words = EVIL.replace("\\\\", "\\")
    for tag in ("h1", "title", "pre", "caption"):
        assert words.split(" $")[0] in read.inside(tag)
    assert "{{ 7*7 }}" in read.inside("h1")


def test_a_result_that_does_not_vary(tmp_path: Path):
    page = render_report([told_text(CONSTANT, tmp_path)])
    assert "Nothing that it depends on is uncertain here." in page
    assert 'class="prior"' not in page


def test_a_result_of_either_sign(tmp_path: Path):
    told = told_text(SIGNED, tmp_path)
    panel = panel_of(page_draws(told).values)
    assert not panel.log
    assert panel.low < 0 < panel.high
    assert "0" in [tick.label for tick in panel.ticks]
    above = told.statistics.find("total", "p_above", at=0.0)
    # P(N(1, 2) > 0) = Phi(0.5) = 0.69146; five errors of 15 degrees of freedom: false alarms 1.6e-4
    assert above.value == pytest.approx(0.69146, abs=5 * above.mc_error + 1e-5)
    assert percent(above.value, above.mc_error) in Read(render_report([told])).inside("span")


def test_runs_without_a_common_outcome_are_refused(default: Run, families: Run):
    with pytest.raises(InvalidInput) as refused:
        render_report([default, families])
    assert "outcomes.bcr: no such outcome" in str(refused.value)


def test_scenarios_stand_side_by_side_with_the_numbers_of_their_own_pages(default: Run):
    other = copy(default)
    other.scenario = default.scenario.model_copy(update={"name": "other"})
    page = render_report([default, other])
    table = page[page.index('id="scenarios-table"') :]
    table = table[: table.index("</table>")]
    cells = [data.strip() for tag, data in Read(table.partition(">")[2]).text if tag == "td" and data.strip()]
    one, two = cells[: len(cells) // 2], cells[len(cells) // 2 :]
    assert (one[0], two[0]) == ("default", "other")
    assert one[1:] == two[1:]
    cards = [data for tag, data in Read(page).text if tag == "span"]
    assert set(one[1:]) <= set(cards)


def test_another_interval_is_computed_from_draws(tmp_path: Path):
    """The first scenario's interval is laid on the second: the quartiles of a normal, 1 -+ 2 x 0.6745."""
    first = told_text(SIGNED + "interval = { probability = 0.5 }", tmp_path)
    second = told_text(SIGNED, tmp_path)
    page = render_report([first, second])
    intervals = re.findall(r"-0\.3\d* to 2\.3\d*", page)
    assert len(intervals) >= 3  # card, sentence apart, and both rows of the table


@pytest.mark.parametrize(
    ("text", "number"), [("233.7 M", 233.7e6), ("0.028", 0.028), ("−3 to 4", -3.0), ("99 %", 99.0)]
)
def test_cells_sort_by_their_number(text: str, number: float):
    assert float(sort_number(text)) == pytest.approx(number)


def test_words_without_a_number_sort_by_themselves():
    assert sort_number("") == ""
    assert sort_number("median always above") == ""


def test_likelihood_has_words_for_every_probability():
    assert [likelihood(p) for p in (1.0, 0.95, 0.7, 0.5, 0.2, 0.05, 0.001)] == [
        "virtually certain",
        "very likely",
        "likely",
        "about as likely as not",
        "unlikely",
        "very unlikely",
        "exceptionally unlikely",
    ]
