"""Figures as images: compared with the ones looked at and accepted (tests/figures/baseline)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from scipy import stats

from sim.evidence.survey_files import contribution_histograms, read_survey_files
from sim.figures.contributions import contributions_figure
from sim.figures.look import Look
from sim.figures.style import save
from sim.figures.subject import Subject
from sim.summary.density import density
from tests.figures import made_up

looks_the_same = pytest.mark.mpl_image_compare(
    baseline_dir="baseline", tolerance=4, style="default", savefig_kwargs={"dpi": 100}
)
SHIPPED = Path(__file__).parents[2] / "data" / "mloss-2022"


def bcr_figure() -> Figure:
    law = stats.lognorm(1.2, scale=120)
    table = density(law.ppf((np.arange(2**16) + 0.5) / 2**16))
    low, high = (float(law.ppf(level)) for level in (0.025, 0.975))
    about = Subject(
        "Benefit-cost ratio", median=120.0, low=low, high=high, thresholds=(1, 4, 100), published=100.0
    )
    return made_up.FIGURES["distribution"].draw(table, about, Look())


@looks_the_same
def test_distribution() -> Figure:
    return bcr_figure()


@looks_the_same
def test_forest() -> Figure:
    table = pd.DataFrame(
        {
            "label": ["contributors", "commits", "any, by weight"],
            "low": [180e6, 80e6, 90e6],
            "median": [230e6, 120e6, 200e6],
            "high": [300e6, 180e6, 900e6],
            "published": [234e6, 122e6, np.nan],
        }
    )
    about = Subject("Cost in a year", "USD/year", source="Table 1")
    return made_up.FIGURES["cost_by_method"].draw(table, about, Look())


@looks_the_same
def test_contributions() -> Figure:
    return contributions_figure(contribution_histograms(read_survey_files(SHIPPED)))


def test_the_same_figure_gives_the_same_bytes(tmp_path: Path):
    for folder in ("one", "two"):
        save(bcr_figure(), tmp_path / folder, "bcr")
    for ending in ("pdf", "png"):
        one, two = ((tmp_path / folder / f"bcr.{ending}").read_bytes() for folder in ("one", "two"))
        assert one == two
    assert b"CreationDate" not in (tmp_path / "one" / "bcr.pdf").read_bytes()


def test_text_in_pdfs_is_type_42(tmp_path: Path):
    save(bcr_figure(), tmp_path, "bcr")
    content = (tmp_path / "bcr.pdf").read_bytes()
    assert b"/FontFile2" in content  # an embedded TrueType font
    assert b"/Type3" not in content


def test_density_adds_up_to_one_and_meets_the_law():
    law = stats.lognorm(0.5, scale=10)
    table = density(law.ppf((np.arange(10**5) + 0.5) / 10**5))
    widths = np.log(table["high"] / table["low"])
    assert (table["density"] * widths).sum() == pytest.approx(0.999, abs=1e-4)
    middle = np.sqrt(table["high"] * table["low"])
    # density of ln x is that of a normal with sd 0.5 around ln 10
    expected = stats.norm(np.log(10), 0.5).pdf(np.log(middle))
    np.testing.assert_allclose(table["density"], expected, atol=0.01)


def test_equal_draws_are_one_atom():
    table = density(np.full(64, 3.0))
    assert table[["low", "high", "mass"]].to_numpy().tolist() == [[3.0, 3.0, 1.0]]
