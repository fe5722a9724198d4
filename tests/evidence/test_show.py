"""``sim evidence`` prints what the shipped files hold, and draws the same figure each time."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib.colors as mcolors
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from typer.testing import CliRunner

from sim.cli.evidence import app
from sim.evidence.survey_description import commits_by_weekday, survey_counts, survey_defects, survey_shape
from sim.evidence.survey_files import SurveyFiles, contribution_histograms, read_survey_files, winsorise
from sim.evidence.survey_tables import write_survey
from sim.faults import InvalidInput
from sim.figures.contributions import contributions_figure
from sim.figures.look import Look
from sim.figures.style import new_panels, save
from studies.survey_import import read_survey

FIRST = "https://github.com/org/project/graphs/contributors?from=2020-02-16&to=2020-03-01&type=c"


@pytest.fixture(scope="module")
def shipped(shipped_dir: Path) -> SurveyFiles:
    return read_survey_files(shipped_dir)


@pytest.fixture
def copied(shipped_dir: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped_dir, tmp_path / "copy"))


def test_show_prints_shape_and_defects_and_draws(shipped_dir: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["show", "--data", str(shipped_dir), "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    words = " ".join(result.output.split())
    # The survey's documentation and Table 1 as recomputed (commits and lines a year).
    for fact in (
        "listed tools 139 in 137 repositories",
        "sampled periods 695",
        "contributor-periods 3,895 28 by automation",
        "121,831",
        "69,311,492",
        "5,443,932",
        "19.9% of the contributor-periods",
        "the largest has 1,778,456",
        "tensorflow/tensorflow they make 1,234 of 3,218 commits",
        "1.28 times their tool's mean commits, those of other days 0.85 to 0.98",
        "counts 3,932 contributor-periods; the public file has 3,895",
        "snorkel-team/snorkel (Snorkel AI, Snorkel); apache/spark (MLlib, Spark)",
    ):
        assert fact in words
    assert sorted(path.name for path in tmp_path.iterdir()) == ["contributions.pdf", "contributions.png"]
    assert (tmp_path / "contributions.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "contributions.pdf").read_bytes().startswith(b"%PDF")
    assert b"/CIDFontType2" in (tmp_path / "contributions.pdf").read_bytes()  # TrueType: Type 42, not Type 3


def test_import_then_show_another_survey(write_source: Callable[..., Path], tmp_path: Path) -> None:
    """A clean survey of one period: no defect, none of the other survey's figures."""
    source = write_source(("Tool", {FIRST: {"ada": ("2 commits", "15 ++", "5 --")}}, [FIRST]))
    data, out = tmp_path / "data", tmp_path / "out"
    imported = CliRunner().invoke(app, ["import", str(source), "--out", str(data)])
    assert imported.exit_code == 0, imported.output
    assert sorted(path.name for path in data.iterdir()) == ["frequencies.csv", "periods.csv", "quantiles.csv"]
    assert survey_defects(read_survey_files(data)) == ()
    shown = CliRunner().invoke(app, ["show", "--data", str(data), "--out", str(out)])
    assert shown.exit_code == 0, shown.output
    assert "listed tools 1 in 1 repositories" in " ".join(shown.output.split())


def test_shape_and_counts(shipped: SurveyFiles) -> None:
    shape = survey_shape(shipped)
    assert (shape.n_empty_periods, len(shape.idle_tools)) == (128, 5)
    commits, lines, published, capped = survey_counts(shipped)
    # Medians: the paper's figure (2 commits, 101 lines) and, read properly, 224 lines.
    assert [commits.median, lines.median, published.median] == [2, 224, 101]
    # Shares of automation: 5.8 % of commits, 22.7 % of lines read properly.
    assert [round(100 * row.automation_share, 1) for row in (commits, lines)] == [5.8, 22.7]
    assert capped.largest == 10_000
    assert capped.sampled < lines.sampled


def test_weekday_ratios(shipped: SurveyFiles) -> None:
    """Against plain sums; 1.28 and 0.85 to 0.98 stand in the survey's documentation."""
    frame = shipped.periods.frame
    means = {label: group["commits"].mean() for label, group in frame.groupby("label")}
    for weekday, ratio in commits_by_weekday(shipped).items():
        those = frame[[start.date().weekday() == weekday for start in frame["start"]]]
        assert ratio == pytest.approx(those["commits"].sum() / sum(means[label] for label in those["label"]))
    ratios = commits_by_weekday(shipped).round(2)
    assert (ratios[6], ratios.drop(6).min(), ratios.drop(6).max()) == (1.28, 0.85, 0.98)


def test_winsorising_bins_is_winsorising_values() -> None:
    """Against winsorised values put into the same bins, for lognormal counts (fixed seed; exact, no odds)."""
    values = np.floor(np.random.default_rng(1).lognormal(4, 2, 5000)).astype(int)
    edges = [-0.5, 0.5, *(2.0 ** np.arange(0, 40) + 0.5)]
    quantile = float(np.quantile(values, 0.99))
    expected = np.histogram(np.minimum(values, quantile), edges)[0]
    found = winsorise(list(np.histogram(values, edges)[0]), quantile)
    assert list(found) == list(expected[: len(found)])
    assert expected[len(found) :].sum() == 0


def test_histograms_hold_everyone(shipped: SurveyFiles) -> None:
    histograms = contribution_histograms(shipped)
    assert [(each.unit, each.level) for each in histograms] == [
        ("commits", "contributor-period"),
        ("lines", "contributor-period"),
        ("commits", "repository-period"),
        ("lines", "repository-period"),
    ]
    for each, expected in zip(histograms, (3895, 3895, 567, 567), strict=True):
        assert set(each.bars.groupby("reading")["n"].sum()) == {expected}
        width = np.log2((each.bars["high"] + 0.5) / (each.bars["low"] - 0.5).where(each.bars["low"] > 0))
        np.testing.assert_allclose(each.bars["n"] / width.fillna(1), each.bars["per_doubling"])
    assert list(histograms[1].marks["median"]) == [224, 101]


def test_medians_are_marked_where_they_lie(shipped: SurveyFiles) -> None:
    panels = contributions_figure(contribution_histograms(shipped)).axes
    assert [sorted(_dashed(ax)) for ax in panels] == [[2], [101, 224], [21], [953, 3188]]
    words = [[text.get_text() for text in ax.texts] for ax in panels]
    assert words[1] == ["read properly\nmedian 224", "as published\nmedian 101"]
    for ax in panels:
        assert ax.get_xscale() == "log"
        assert ax.get_xlabel()
        assert ax.get_ylabel()
        assert {text.get_fontsize() for text in (*ax.texts, ax.xaxis.label, ax.yaxis.label)} == {8.0}


def _dashed(ax: Axes) -> list[float]:
    return [float(np.asarray(line.get_xdata())[0]) for line in ax.lines if line.get_linestyle() == "--"]


def test_the_same_figure_gives_the_same_bytes(shipped: SurveyFiles, tmp_path: Path) -> None:
    first, second = (
        save(contributions_figure(contribution_histograms(shipped)), tmp_path / name, "figure")
        for name in "ab"
    )
    assert [path.suffix for path in first] == [".pdf", ".png"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_figures_do_not_depend_on_the_users_settings(tmp_path: Path) -> None:
    import matplotlib as mpl

    plain, _ = new_panels(Look(8.8), 6)
    expected = [path.read_bytes() for path in save(plain, tmp_path / "a", "figure")]
    mpl.rcParams["font.size"] = 20
    mpl.rcParams["axes.facecolor"] = "yellow"
    again, ((ax,),) = new_panels(Look(8.8), 6)
    assert [path.read_bytes() for path in save(again, tmp_path / "b", "figure")] == expected
    assert mcolors.to_hex(ax.plot([0, 1])[0].get_color()) == "#0072b2"  # Okabe and Ito's blue
    assert again.get_size_inches() * 2.54 == pytest.approx([8.8, 6])


def test_a_figure_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InvalidInput, match="cannot be written"):
        save(new_panels(Look(4), 4)[0], tmp_path / "file", "figure")


ROW = "H2O,2020-02-16,people,commits,0,"
LEVEL = "contributor-period,"


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        ("frequencies.csv", f"{ROW}3,", f"{ROW}4,", "10 contributors in the bins"),
        ("frequencies.csv", f"{ROW}3,", f"{ROW}-3,", "'-3' is not a number"),
        ("frequencies.csv", "count,0,1,2,3-4", "count,0,1,2,3-5", "bins are 0, 1, 2, 3-5"),
        ("frequencies.csv", "label,start", "lable,start", "missing column 'label'"),
        ("quantiles.csv", f"{LEVEL}lines,", f"{LEVEL}lins,", "contributor-period, lines: no such row"),
        ("quantiles.csv", "3895,2,", "3895,nan,", "'nan' is not a number"),
        ("periods.csv", "h2oai/h2o-3,2020-02-16", "h2oai,2020-02-16", "is not org/project"),
        ("survey.toml", "extracted =", "extrcted =", "nearest: extracted"),
        ("survey.toml", "3932", "-1", "published_contributor_periods"),
        ("survey.toml", "licence =", "licence", "not TOML"),
    ],
)
def test_faults_of_shipped_files(copied: Path, name: str, old: str, new: str, problem: str) -> None:
    text = (copied / name).read_text(encoding="utf-8")
    assert old in text
    (copied / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidInput) as raised:
        read_survey_files(copied)
    assert problem in str(raised.value)
    assert name in str(raised.value)


@pytest.mark.parametrize("name", ["periods.csv", "frequencies.csv", "quantiles.csv"])
def test_a_missing_file(copied: Path, name: str) -> None:
    (copied / name).rename(copied / f"my-{name}")
    with pytest.raises(InvalidInput) as raised:
        read_survey_files(copied)
    assert raised.value.faults[0].nearest == str(copied / f"my-{name}")


def test_survey_toml_may_be_absent(copied: Path) -> None:
    (copied / "survey.toml").unlink()
    shipped = read_survey_files(copied)
    assert shipped.about is None
    assert not any("3,932" in words for words in survey_defects(shipped))


def test_the_command_line_imports_nothing_heavy() -> None:
    heavy = {"numpy", "pandas", "matplotlib", "pydantic"}
    code = f"import sys, sim.cli.evidence; print(*{heavy} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_an_import_passes_the_reader_of_period_files(
    write_source: Callable[..., Path], tmp_path: Path
) -> None:
    source = write_source(("Tool", {FIRST: {"x-bot": ("1 commit", "1,000,000 ++", "3 --")}}, [FIRST]))
    write_survey(read_survey(source), tmp_path)
    frame = read_survey_files(tmp_path).periods.frame
    assert frame["automation_lines_added_capped"].to_list() == [10_000]
    assert isinstance(frame["start"].iloc[0], pd.Timestamp)


HISTORIES = Path(__file__).parents[2] / "data" / "mloss-histories"


def test_whole_histories_have_one_reading_of_lines(tmp_path: Path) -> None:
    shipped = read_survey_files(HISTORIES)
    assert survey_shape(shipped).n_whole == 123  # as its README says
    for histogram in contribution_histograms(shipped):
        assert histogram.marks["reading"].to_list() == [""]
    commits = contribution_histograms(shipped)[0]
    # every contributor-period is in some bin, those above the 99 % quantile in its own
    assert commits.bars["n"].sum() == survey_shape(shipped).n_contributor_periods == 132_435
    assert all(path.stat().st_size for path in save(contributions_figure([commits] * 4), tmp_path, "figure"))


def test_a_survey_of_whole_histories_and_samples_is_shown(copied: Path) -> None:
    table = pd.read_csv(copied / "periods.csv")
    table["population"] = np.where(table["label"] == table["label"].iloc[0], 5, np.nan)
    table.astype({"population": "Int64"}).to_csv(copied / "periods.csv", index=False)
    ended = CliRunner().invoke(app, ["show", "--data", str(copied), "--out", str(copied / "figure")])
    assert ended.exit_code == 0, ended.output
    words = " ".join(ended.output.split())
    assert "observed whole 1 of 139, without sampling error surveyed periods 695" in words
    assert (copied / "figure" / "contributions.png").stat().st_size > 10_000
