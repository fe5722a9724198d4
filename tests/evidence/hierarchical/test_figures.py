"""The figures of a fit, drawn from made-up tables: what is on the axes."""

import numpy as np
import pandas as pd
from arviz_base import from_dict
from matplotlib.colors import to_hex

from sim.evidence.hierarchical.diagnostics import Diagnostics
from sim.evidence.hierarchical.posterior import SurveyPosterior, relative_tree
from sim.figures.fit_figures import (
    draw_model_checks,
    draw_shrinkage,
    model_checks_figure,
    sampling_figures,
    shrinkage_figure,
)
from sim.figures.look import Look
from sim.figures.style import BLUE, VERMILION, lay_out, new_panels

STRATA = pd.DataFrame(
    {
        "unit": "contributors",
        "contributor_periods": [0, 10, 40],
        "raw": [0.0, 2.0, 8.0],
        "median": [0.4, 2.1, 7.5],
        "low": [0.1, 1.0, 6.0],
        "high": [1.5, 4.0, 9.0],
    }
)
CHECKS = pd.DataFrame(
    {
        "unit": "commits",
        "model": ["good", "bad"],
        "statistic": "top_share",
        "observed": 0.2,
        "low": [0.1, 0.3],
        "median": [0.2, 0.4],
        "high": [0.3, 0.5],
    }
)


def test_a_stratum_without_contributors_stands_at_the_edge_in_another_colour() -> None:
    _, ((ax,),) = new_panels(Look(8.0), 6.0)
    draw_shrinkage(STRATA, ax)
    points = ax.collections[1]
    np.testing.assert_allclose(points.get_offsets(), [[1.0, 0.4], [2.0, 2.1], [8.0, 7.5]])
    assert [to_hex(colour).upper() for colour in points.get_facecolor()] == [VERMILION, BLUE, BLUE]
    sizes = points.get_sizes()
    assert sizes[0] < sizes[1] < sizes[2]


def test_a_panel_for_each_unit() -> None:
    table = pd.concat([STRATA.assign(unit=unit) for unit in ("contributors", "commits", "lines")])
    figure = shrinkage_figure(table)
    assert len(figure.axes) == 3
    figure.draw_without_rendering()
    said = [text.get_text() for ax in figure.axes for text in (*ax.get_xticklabels(), *ax.get_yticklabels())]
    assert "10" in said and not any("$" in each for each in said)  # text is set as it stands


def test_an_interval_that_misses_the_survey_is_coloured() -> None:
    _, ((ax,),) = new_panels(Look(8.0), 6.0)
    draw_model_checks(CHECKS, ax)
    assert [to_hex(colour).upper() for colour in ax.collections[0].get_color()] == [BLUE, VERMILION]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["good", "bad"]
    assert ax.lines[0].get_xdata() == [0.2, 0.2]


def test_statistics_without_a_table_have_no_panel() -> None:
    figure = model_checks_figure(CHECKS)
    assert [ax.axison for ax in figure.axes] == [False, True, False, False]


def test_ranks_have_a_line_for_each_chain() -> None:
    rng = np.random.default_rng(0)
    columns = {"contributors": rng.normal(100, 1, 200), "lines.pytorch_like": rng.normal(100, 1, 200)}
    posterior = SurveyPosterior(columns, np.zeros((200, 0, 3)), Diagnostics((), ()))
    counts = {
        "posterior_predictive": {"n": rng.poisson(3, (4, 50, 20))},
        "observed_data": {"n": rng.poisson(3, 20)},
    }
    drawn = sampling_figures(relative_tree(posterior, 4), from_dict(counts))
    assert set(drawn) == {"ranks", "forest", "predictive"}
    panels = [ax for ax in drawn["ranks"].axes if ax.get_title()]
    assert [len(ax.lines) for ax in panels] == [4, 4]
    titles = ["contributors", "lines,\npytorch like"]
    assert [ax.get_title() for ax in panels] == titles
    assert [text.get_text() for text in drawn["forest"].axes[0].texts] == titles
    (ax,) = drawn["predictive"].axes
    most = counts["observed_data"]["n"].max()
    assert ax.get_xlim()[1] == 1.5 * most and ax.get_xlabel() == "contributors in a period"


def test_labels_of_samplings_stand_inside_their_figures() -> None:
    rng = np.random.default_rng(0)
    columns = {f"commits_per_contributor_period.{name}": rng.normal(100, 1, 200) for name in "abcdefg"}
    posterior = SurveyPosterior(columns, np.zeros((200, 0, 3)), Diagnostics((), ()))
    counts = {
        "posterior_predictive": {"n": rng.poisson(3, (4, 50, 20))},
        "observed_data": {"n": rng.poisson(3, 20)},
    }
    for figure in sampling_figures(relative_tree(posterior, 4), from_dict(counts)).values():
        lay_out(figure)
        figure.draw_without_rendering()
        whole = figure.bbox
        for ax in figure.axes:
            box = ax.get_tightbbox()
            assert box is None or (whole.x0 <= box.x0 + 1 and box.x1 <= whole.x1 + 1), figure
            assert box is None or (whole.y0 <= box.y0 + 1 and box.y1 <= whole.y1 + 1), figure
