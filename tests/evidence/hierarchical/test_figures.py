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
from sim.figures.style import BLUE, VERMILION, new_panels

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
    assert len(shrinkage_figure(table).axes) == 3


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
    columns = {"contributors": rng.normal(100, 1, 200), "commits_per_year": rng.normal(100, 1, 200)}
    posterior = SurveyPosterior(columns, np.zeros((200, 0, 3)), Diagnostics((), ()))
    counts = {
        "posterior_predictive": {"n": rng.poisson(3, (4, 50, 20))},
        "observed_data": {"n": rng.poisson(3, 20)},
    }
    drawn = sampling_figures(relative_tree(posterior, 4), from_dict(counts))
    assert set(drawn) == {"ranks", "forest", "predictive"}
    assert [len(ax.lines) for ax in drawn["ranks"].axes if ax.get_title()] == [4, 4]
