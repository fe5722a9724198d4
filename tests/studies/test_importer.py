"""The shipped files are what the source says, to the byte, and hold the survey's published figures."""

import ast
import csv
import hashlib
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.evidence.frequencies import bins_up_to, place_of
from sim.evidence.survey_format import MARKS
from sim.evidence.survey_tables import write_survey
from sim.faults import InvalidInput
from studies.survey_import import SOURCE, read_survey

FILES = ("periods.csv", "frequencies.csv", "quantiles.csv")
FIRST = "https://github.com/org/project/graphs/contributors?from=2020-02-16&to=2020-03-01&type=c"
SECOND = "https://github.com/org/project/graphs/contributors?from=2019-02-16&to=2019-03-02&type=c"
THREE = {
    "ada": ("2 commits", "15,000 ++", "5,000 --"),
    "ben": ("3 commits", "1,738 ++", "186 --"),
    "x-bot": ("1 commit", "0 ++", "0 --"),
}
LINES = ["lines_added", "lines_deleted"]
PUBLISHED = ["lines_added_published", "lines_deleted_published"]


@pytest.fixture(scope="module")
def periods(shipped_dir: Path) -> pd.DataFrame:
    return pd.read_csv(shipped_dir / "periods.csv")


def test_shipped_files_are_the_source_byte_for_byte(
    survey_dir: Path, shipped_dir: Path, tmp_path: Path
) -> None:
    written = write_survey(read_survey(survey_dir), tmp_path / "new" / "folder")
    assert [path.name for path in written] == list(FILES)
    for path in written:
        assert path.read_bytes() == (shipped_dir / path.name).read_bytes(), path.name


def test_readme_has_the_digests(shipped_dir: Path) -> None:
    readme = (shipped_dir.parent / "README.md").read_text(encoding="utf-8")
    stated = dict(re.findall(r"\| `mloss-2022/(\S+)` \|.*\| `([0-9a-f]{64})` \|", readme))
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in shipped_dir.iterdir()}
    assert stated == there


def test_readme_has_the_source_digests(survey_dir: Path, shipped_dir: Path) -> None:
    readme = (shipped_dir.parent / "README.md").read_text(encoding="utf-8")
    for name in (SOURCE, "2022-02-18 - contributions.csv"):
        assert f"`{hashlib.sha256((survey_dir / name).read_bytes()).hexdigest()}`" in readme


def test_readme_explains_every_column(shipped_dir: Path) -> None:
    readme = (shipped_dir.parent / "README.md").read_text(encoding="utf-8")
    for name in FILES:
        header = (shipped_dir / name).read_text(encoding="utf-8").split("\n")[0].split(",")
        plain = [
            column for column in header if not column.startswith("automation_") and not column[0].isdigit()
        ]
        assert [column for column in plain if f"`{column}`" not in readme] == []


def test_no_account_name_is_shipped(survey_dir: Path, shipped_dir: Path) -> None:
    with (survey_dir / SOURCE).open(encoding="utf-8", newline="") as file:
        surveyed = [ast.literal_eval(row["contrib_info"]) for row in csv.DictReader(file)]
    names = {name for periods in surveyed for accounts in periods.values() for name in accounts}
    for name in FILES:
        with (shipped_dir / name).open(encoding="utf-8", newline="") as stream:
            cells = {cell for row in csv.reader(stream) for cell in row}
        labels = set(pd.read_csv(shipped_dir / "periods.csv")["label"])
        assert not (cells - labels) & names


def test_a_small_survey_by_hand(write_source: Callable[..., Path], tmp_path: Path) -> None:
    source = write_source(("Tool, one", {FIRST: THREE, SECOND: {}}, [FIRST, SECOND]))
    write_survey(read_survey(source), tmp_path)
    lines = (tmp_path / "periods.csv").read_bytes().decode().split("\n")
    # ada's 20,000 lines are held at 7,500 + 2,500; ben's commas cut 15,000, 5,000 and 1,738 to 15, 5 and 1.
    assert lines[1] == (
        '"Tool, one",org/project,2020-02-16,2020-03-01,3,6,16738,5186,16,191,9238,2686,1,1,0,0,0,0,0,0'
    )
    assert lines[2] == '"Tool, one",org/project,2019-02-16,2019-03-02' + ",0" * 16
    assert lines[3:] == [""]
    frequencies = pd.read_csv(tmp_path / "frequencies.csv").set_index(["who", "count"])
    filled = {
        (*key, bin_name): int(number)
        for key, row in frequencies.drop(columns=["label", "start"]).iterrows()
        for bin_name, number in row.items()
        if number
    }
    assert filled == {
        ("people", "commits", "2"): 1,
        ("people", "commits", "3-4"): 1,
        ("people", "lines", "1025-2048"): 1,
        ("people", "lines", "16385-32768"): 1,
        ("people", "lines_published", "17-32"): 1,
        ("people", "lines_published", "129-256"): 1,
        ("people", "lines_capped", "1025-2048"): 1,
        ("people", "lines_capped", "8193-16384"): 1,
        ("automation", "commits", "1"): 1,
        ("automation", "lines", "0"): 1,
        ("automation", "lines_published", "0"): 1,
        ("automation", "lines_capped", "0"): 1,
    }
    quantiles = pd.read_csv(tmp_path / "quantiles.csv").set_index(["level", "count"])
    # Lines 0, 1,924, 20,000: median 1,924; q99 = 1,924 + 0.98 * 18,076; mean 21,924 / 3.
    assert quantiles.loc[("contributor-period", "lines")].to_list() == [3, 1924, 19638.48, 7308, 20_000]
    assert quantiles.loc[("contributor-period", "truncated"), "mean"] == 0.6667
    assert quantiles.loc[("repository-period", "commits")].to_list() == [1, 6, 6, 6, 6]


def test_a_survey_in_which_nobody_contributed(write_source: Callable[..., Path], tmp_path: Path) -> None:
    write_survey(read_survey(write_source(("Tool", {FIRST: {}}, [FIRST]))), tmp_path)
    assert pd.read_csv(tmp_path / "periods.csv")["contributors"].to_list() == [0]
    assert pd.read_csv(tmp_path / "frequencies.csv").empty


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 1023, 1024, 1025, 1_778_456])
def test_bins_hold_what_their_definition_says(count: int) -> None:
    bins = bins_up_to(count)
    assert place_of(count) == len(bins) - 1
    assert bins[-1].low <= count <= bins[-1].high
    if count > 1:
        k = int(np.ceil(np.log2(count)))
        assert (bins[-1].low, bins[-1].high) == (2 ** (k - 1) + 1, 2**k)


def test_a_failed_import_leaves_what_was_there(
    write_source: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    write_survey(read_survey(write_source(("Tool", {FIRST: THREE}, [FIRST]))), out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert set(before) == set(FILES)

    write_bytes = Path.write_bytes

    def disk_full(path: Path, content: bytes) -> int:
        if path.name == "quantiles.csv":
            raise OSError(28, "No space left on device")
        return write_bytes(path, content)

    monkeypatch.setattr(Path, "write_bytes", disk_full)
    with pytest.raises(InvalidInput, match="cannot be written: No space left on device"):
        write_survey(read_survey(write_source(("Tool", {SECOND: {}}, [SECOND]))), out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_out_may_not_be_a_file(write_source: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(InvalidInput, match="cannot be written"):
        write_survey(read_survey(write_source(("Tool", {FIRST: THREE}, [FIRST]))), tmp_path / "out")


def test_shipped_shape(periods: pd.DataFrame) -> None:
    """Counts stated in the survey's documentation."""
    assert len(periods) == 695 == 139 * 5
    assert periods["label"].nunique() == 139
    assert periods["repository"].nunique() == 137
    assert periods["contributors"].sum() == 3895
    assert periods["automation_contributors"].sum() == 28
    idle = periods.groupby("label")["contributors"].sum()
    assert set(idle[idle == 0].index) == {"Allegro AI/TRAINS", "euler", "Boruta", "DAWNBench", "Pythia"}
    assert not periods.duplicated(["label", "start"]).any()


def test_shipped_totals_per_year(periods: pd.DataFrame) -> None:
    """Table 1 as recomputed: 26 times the sum over tools of the mean over periods; added plus deleted."""
    means = periods.groupby("label").mean(numeric_only=True).sum()
    assert means["contributors"] == pytest.approx(779.0, abs=1e-9)
    assert 26 * means["commits"] == pytest.approx(121_830.8, abs=1e-6)
    assert 26 * means[LINES].sum() == pytest.approx(69_311_491.6, abs=1e-6)
    assert 26 * means[PUBLISHED].sum() == pytest.approx(5_443_932, abs=1e-6)


def test_shipped_costs_per_unit(periods: pd.DataFrame) -> None:
    """Table 1: 300,000 USD / (26 units per contributor-period), to the digits printed."""
    sums = periods.groupby("repository").sum(numeric_only=True)
    per_period = {
        ("pytorch/pytorch", "commits"): 2425.28,
        ("tensorflow/tensorflow", "commits"): 986.04,
        ("tensorflow/tensorflow", "published"): 34.09,
        ("pytorch/pytorch", "published"): 34.08,
        ("tensorflow/tensorflow", "lines"): 1.19229,
        ("pytorch/pytorch", "lines"): 2.98542,
    }
    columns = {"commits": ["commits"], "published": PUBLISHED, "lines": LINES}
    for (repository, unit), printed in per_period.items():
        there = sums.loc[repository]
        cost = 300_000 / (26 * there[columns[unit]].sum() / there["contributors"])
        digits = len(str(printed).split(".")[1])
        assert round(cost, digits) == printed


def test_shipped_tensorflow_automation(periods: pd.DataFrame) -> None:
    """1,234 of 3,218 commits; 1.96 of 2.66 million lines."""
    there = periods[periods["repository"] == "tensorflow/tensorflow"].sum(numeric_only=True)
    assert (there["automation_commits"], there["commits"]) == (1234, 3218)
    automation_lines = there[["automation_lines_added", "automation_lines_deleted"]].sum()
    assert (round(automation_lines / 1e6, 2), round(there[LINES].sum() / 1e6, 2)) == (1.96, 2.66)


def test_shipped_bins_and_quantiles_are_the_contributions(survey_dir: Path, shipped_dir: Path) -> None:
    """Counted here by the definition of the bins (logarithms) and with pandas' quantiles."""
    everyone = [one for period in read_survey(survey_dir) for one in period.contributions]
    frequencies = pd.read_csv(shipped_dir / "frequencies.csv")
    quantiles = pd.read_csv(shipped_dir / "quantiles.csv").set_index(["level", "count"])
    for name in MARKS:
        values = pd.Series([one.mark(name) for one in everyone])
        places = Counter(0 if value == 0 else 1 + int(np.ceil(np.log2(value))) for value in values)
        found = frequencies[frequencies["count"] == name].iloc[:, 4:].sum()
        assert {place: number for place, number in enumerate(found) if number} == dict(places)
        row = quantiles.loc[("contributor-period", name)]
        expected = [len(values), values.median(), values.quantile(0.99), values.mean(), values.max()]
        assert row.to_list() == pytest.approx(expected, abs=5.1e-5)
    assert quantiles.loc[("contributor-period", "commits"), "median"] == 2
    assert quantiles.loc[("contributor-period", "lines_published"), "median"] == 101
    assert quantiles.loc[("contributor-period", "lines"), "median"] == 224


def test_shipped_quantiles_of_repository_periods(periods: pd.DataFrame, shipped_dir: Path) -> None:
    quantiles = pd.read_csv(shipped_dir / "quantiles.csv").set_index(["level", "count"])
    active = periods[periods["contributors"] > 0]
    by_count = {
        "contributors": ["contributors"],
        "commits": ["commits"],
        "lines": LINES,
        "lines_published": PUBLISHED,
        "lines_capped": ["lines_added_capped", "lines_deleted_capped"],
    }
    for name, columns in by_count.items():
        values = active[columns].sum(axis=1)
        expected = [len(values), values.median(), values.quantile(0.99), values.mean(), values.max()]
        assert quantiles.loc[("repository-period", name)].to_list() == pytest.approx(expected, abs=5.1e-5)
