"""Price years and indices: the law, the draws, and what cannot mean anything."""

import tomllib
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from scipy import stats

from sim.distributions import implied_quantiles
from sim.draws.draw import draw
from sim.faults import InvalidInput
from sim.scenario.data_files import resolved_toml, scenario_digest
from sim.scenario.json_schema import json_schema
from sim.scenario.load import load
from tests.builders import load_text, parameter, scenario_text, write_scenario

INDEXED = 'unit = "USD"\nprice_year = 2020\nprice_index = { factor = 1.25, source = "an index" }'
LAWS = {
    "lognormal": 'distribution = "lognormal"\nmedian = 2.0\nsigma = 0.5',
    "uniform": 'distribution = "uniform"\nlow = -1.0\nhigh = 3.0',
    "constant": 'distribution = "constant"\nvalue = 4.0',
    "discrete": 'distribution = "discrete"\nvalues = [1.0, 2.0]\nweights = [1, 3]',
    "mixture": (
        'distribution = "mixture"\n'
        'components = [{ weight = 1, of = { distribution = "normal", mean = 9, sd = 1 } }]'
    ),
    "empirical": 'distribution = "empirical"\nfile = "x.csv"\ncolumn = "x"',
}


def text(law: str, more: str) -> str:
    return "price_year = 2022\n" + scenario_text(parameter("pay", law, more))


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_an_index_multiplies_every_draw(tmp_path: Path, law: str):
    (tmp_path / "x.csv").write_text("x\n1\n2\n7\n", encoding="utf-8")
    indexed = draw(load_text(tmp_path, text(law, INDEXED))).columns["pay"]
    stated = draw(load_text(tmp_path, text(law, 'unit = "USD"'))).columns["pay"]
    assert indexed == pytest.approx(1.25 * stated, rel=1e-14)


def test_the_indexed_law_is_that_of_the_multiple(tmp_path: Path):
    law = load_text(tmp_path, text(LAWS["lognormal"], INDEXED)).parameters["pay"].law()
    # 1.25 times a lognormal of median 2 is one of median 2.5 with the same sigma
    exact = stats.lognorm(0.5, scale=2.5)
    x, u = np.array([0.5, 2.0, 6.0]), np.array([1e-9, 0.05, 0.5, 0.95])
    assert implied_quantiles(law) == pytest.approx(exact.ppf([0.05, 0.5, 0.95]), rel=1e-12)
    for name, at in (("ppf", u), ("isf", u), ("cdf", x), ("sf", x), ("pdf", x)):
        assert getattr(law, name)(at) == pytest.approx(getattr(exact, name)(at), rel=1e-12), name
    assert (law.mean(), law.std()) == pytest.approx((exact.mean(), exact.std()), rel=1e-12)
    assert law.support() == (0.0, np.inf)


def test_the_resolved_form_keeps_years_and_indices(tmp_path: Path):
    scenario = load_text(tmp_path, text(LAWS["lognormal"], INDEXED))
    again = load(write_scenario(tmp_path, resolved_toml(scenario, tmp_path), "again.toml"))
    assert again == scenario
    plain = load_text(tmp_path, scenario_text(parameter("pay", LAWS["lognormal"], 'unit = "USD"')))
    assert "price" not in resolved_toml(plain, tmp_path)  # nothing stated, nothing added: digests stay
    assert scenario_digest(plain) != scenario_digest(scenario)


@pytest.mark.parametrize(
    ("head", "more", "key", "problem"),
    [
        ("", 'unit = "1"\nprice_year = 2020', "price_year", "the unit 1 holds no currency"),
        ("", 'unit = "commit/year"\nprice_year = 2020', "price_year", "holds no currency"),
        ("", INDEXED, "price_index", "an index from 2020 to no year"),
        ("price_year = 2020\n", INDEXED, "price_index", "an index of 1.25 from 2020 to itself"),
        ("price_year = 2022\n", INDEXED.replace("price_year = 2020\n", ""), "price_index", "from no year"),
        ("price_year = 2022\n", INDEXED.replace("1.25", "0"), "price_index.factor", "above 0"),
        ("price_year = 2022\n", INDEXED.replace("1.25", "nan"), "price_index.factor", "nan"),
        ("price_year = 2022\n", INDEXED.replace("factor", "facotr"), "price_index.facotr", "nearest: factor"),
        (
            "price_year = 2022\n",
            INDEXED.replace(', source = "an index"', ""),
            "price_index.source",
            "missing",
        ),
        ("price_year = 2022.5\n", INDEXED, "price_year", "2022.5"),
        ("price_year = 20222\n", INDEXED, "price_year", "20222"),
    ],
)
def test_years_that_cannot_mean_anything(tmp_path: Path, head: str, more: str, key: str, problem: str):
    with pytest.raises(InvalidInput) as refused:
        load_text(tmp_path, head + scenario_text(parameter("pay", LAWS["constant"], more)))
    message = str(refused.value)
    assert key in message
    assert problem in message


def test_shares_take_no_index(tmp_path: Path):
    law = 'distribution = "dirichlet"\nmeans = { a = 0.5, b = 0.5 }\nconcentration = 3'
    with pytest.raises(InvalidInput, match="shares add to one in any year's prices"):
        load_text(tmp_path, text(law, INDEXED))


def test_restating_a_law_drops_its_price_year(tmp_path: Path):
    write_scenario(tmp_path, text(LAWS["lognormal"], INDEXED), "base.toml")
    over = 'extends = "base.toml"\n[parameters.pay]\ndistribution = "constant"\nvalue = 1\nrationale = "x"\n'
    pay = load(write_scenario(tmp_path, over, "over.toml")).parameters["pay"]
    assert (pay.unit, pay.price_year, pay.price_index) == ("USD", None, None)


def test_the_json_schema_knows_them():
    good = text(LAWS["lognormal"], INDEXED)
    validator = jsonschema.Draft202012Validator(json_schema())
    assert validator.is_valid(tomllib.loads(good))
    assert not validator.is_valid(tomllib.loads(good.replace("factor", "facotr")))
    assert not validator.is_valid(tomllib.loads(good.replace("price_year = 2020", 'price_year = "x"')))
