"""Every wrong input ends with exit code 2 and one clear message: file, key, bad value, what is allowed."""

from pathlib import Path

import pytest

from tests.builders import parameter, scenario_text, write_scenario

PAY = parameter("pay", 'distribution = "lognormal"\nmedian = 3e5\np95 = 4e5', 'unit = "USD/year"')
HEADER = (
    "label,repository,start,end,contributors,commits,lines_added,lines_deleted,lines_added_published,"
    "lines_deleted_published,lines_added_capped,lines_deleted_capped,automation_contributors,"
    "automation_commits,automation_lines_added,automation_lines_deleted,automation_lines_added_published,"
    "automation_lines_deleted_published,automation_lines_added_capped,automation_lines_deleted_capped"
)
ROW = "A,o/a,{start},2020-01-15,{contributors},3,10,1,10,1,10,1,0,0,0,0,0,0,0,0"
PERIODS = [
    HEADER,
    ROW.format(start="2020-01-01", contributors=2),
    ROW.format(start="2020-01-02", contributors=1),
]

OBSERVED = '[evidence.observations.{name}]\nvalues = {values}\nsd = {sd}\nsource = "made up"\n'


def law(*lines: str) -> str:
    return scenario_text(parameter("x", "\n".join(lines)))


# scenario text, and what the message must say
WRONG = {
    "not TOML": ("title = \nseed = 1\n", ["not TOML", "line 1"]),
    "empty file": ("", ["the file is empty"]),
    "only a comment": ("# nothing\n", ["the file is empty"]),
    "unknown key": (
        scenario_text(parameter("x", 'distribution = "lognormal"\nmedain = 1\np95 = 2')),
        ["parameters.x.medain", "unknown key 'medain'", "nearest: median"],
    ),
    "unknown key at the top": (scenario_text() + "\n[paramters]\n", ["paramters", "nearest: parameters"]),
    "unknown family": (
        law('distribution = "lognormla"', "median = 1"),
        ["parameters.x.distribution", "unknown family 'lognormla'", "nearest: lognormal"],
    ),
    "unknown key of a family inside another": (
        law('distribution = "truncated"', "low = 0", 'of = { distribution = "normal", maen = 1, sd = 1 }'),
        ["parameters.x.of.maen", "allowed: distribution,", "nearest: mean"],
    ),
    "no family": (law("median = 1"), ["parameters.x", "no distribution"]),
    "low above high": (law('distribution = "uniform"', "low = 3", "high = 1"), ["parameters.x", "low", "3"]),
    "quantiles out of order": (
        law('distribution = "lognormal"', "p05 = 9", "p95 = 2"),
        ["parameters.x", "p05", "p95", "9", "2"],
    ),
    "weights all zero": (
        scenario_text("[choices.method]\na = 0\nb = 0\n"),
        ["choices.method", "weights are all zero"],
    ),
    "weights all zero in a discrete law": (
        law('distribution = "discrete"', "values = [1, 2]", "weights = [0, 0]"),
        ["parameters.x", "zero"],
    ),
    "negative weight": (scenario_text("[choices.method]\na = -1\nb = 2\n"), ["choices.method.a", "-1"]),
    "negative sd": (law('distribution = "normal"', "mean = 0", "sd = -1"), ["parameters.x", "sd", "-1"]),
    "beta outside (0, 1)": (
        law('distribution = "beta"', "mean = 1.5", "sd = 0.1"),
        ["parameters.x", "mean", "1.5"],
    ),
    "beta quantile outside (0, 1)": (
        law('distribution = "beta"', "p05 = 0.1", "p95 = 1.2"),
        ["parameters.x", "1.2"],
    ),
    "not a number": (law('distribution = "normal"', "mean = nan", "sd = 1"), ["parameters.x.mean", "nan"]),
    "infinite": (law('distribution = "normal"', "mean = inf", "sd = 1"), ["parameters.x.mean", "inf"]),
    "no source": (
        scenario_text('[parameters.x]\ndistribution = "constant"\nvalue = 1\n'),
        ["parameters.x", "source is missing"],
    ),
    "unknown name": (
        scenario_text(PAY, formula="payy * 2"),
        ["outcomes.total.formula", "unknown name 'payy'", "nearest: pay"],
    ),
    "import": (
        scenario_text(formula="__import__('os').system('true')"),
        ["outcomes.total.formula", "not a function of the language"],
    ),
    "attribute": (scenario_text(PAY, formula="pay.__class__"), ["outcomes.total.formula", "not a name"]),
    "more draws than a Latin hypercube takes": (
        scenario_text(sampler="lhs", n_draws=5_000_000),
        ["sampling.n_draws", "5,000,000 draws by sampler lhs", "up to 4,194,304", "sobol or random"],
    ),
    "cyclic formulas": (
        scenario_text('[outcomes.a]\nformula = "b + 1"\n[outcomes.b]\nformula = "a + 1"\n'),
        ["outcomes.", "go in a circle", "reads"],
    ),
    "unit that does not fit": (
        scenario_text(
            PAY,
            '[outcomes.cost]\nunit = "million USD/year"\nformula = "pay"\n',
            '[outcomes.ratio]\nformula = "pay / cost"\n',
        ),
        ["outcomes.cost.formula", "off by a factor of 1e-06", "outcomes.ratio.formula"],
    ),
    "not a unit": (
        scenario_text(parameter("x", 'distribution = "constant"\nvalue = 1', 'unit = "dolars"')),
        ["parameters.x.unit", "'dolars' is not a unit"],
    ),
    "correlation of 1.5": (
        scenario_text(
            PAY,
            parameter("x", 'distribution = "normal"\nmean = 0\nsd = 1'),
            '[[correlations]]\nbetween = ["pay", "x"]\nrank = 1.5\n',
        ),
        ["correlations.0.rank", "1.5"],
    ),
    "correlation with nothing": (
        scenario_text(PAY, '[[correlations]]\nbetween = ["pay", "payy"]\nrank = 0.5\n'),
        ["correlations.0.between", "'payy'", "nearest: pay"],
    ),
    "two components of one dirichlet correlated": (
        scenario_text(
            PAY,
            parameter("s", 'distribution = "dirichlet"\nmeans = { a = 0.5, b = 0.5 }\nconcentration = 3'),
            '[[correlations]]\nbetween = ["pay", "s.a"]\nrank = 0.5\n'
            '[[correlations]]\nbetween = ["pay", "s.b"]\nrank = 0.5\n',
        ),
        ["several components of s"],
    ),
    "observations of nothing": (
        scenario_text(PAY, OBSERVED.format(name="payy", values="[1.0]", sd="0.1")),
        ["evidence.observations.payy", "nearest: pay"],
    ),
    "observations without an error each": (
        scenario_text(PAY, OBSERVED.format(name="pay", values="[1.0, 2.0]", sd="[0.1]")),
        ["evidence.observations.pay", "sd has 1 entries for 2 values"],
    ),
    "observations below zero on the log scale": (
        scenario_text(PAY, OBSERVED.format(name="pay", values="[1.0, -2.0]", sd="0.1")),
        ["evidence.observations.pay", "above 0 on the log scale", "-2"],
    ),
    "evidence of nothing": (scenario_text("[evidence]\nbots = 'kept'\n"), ["evidence", "periods is missing"]),
    "no such choice": (
        scenario_text('[outcomes.c]\nby = "method"\na = "1"\n'),
        ["outcomes.c.by", "there is no choice 'method'"],
    ),
    "alternative missing": (
        scenario_text('[choices.method]\na = 1\nb = 1\n[outcomes.c]\nby = "method"\na = "1"\nbb = "2"\n'),
        ["outcomes.c", "'bb' is not an alternative", "nearest: b", "no formula for the alternative 'b'"],
    ),
    "name used twice": (
        scenario_text(PAY, '[outcomes.pay]\nformula = "1"\n'),
        ["'pay' is used twice"],
    ),
    "reserved name": (
        scenario_text(parameter("exp", 'distribution = "constant"\nvalue = 1')),
        ["exp", "word"],
    ),
    "no outcome to report": (
        scenario_text().replace('outcome = "total"', 'outcome = "totl"'),
        ["report.outcome", "'totl'", "nearest: total"],
    ),
    "seed below zero": (scenario_text(seed=-1), ["seed", "-1"]),
    "probability of 95": (
        scenario_text("[report.interval]\nprobability = 95\n"),
        ["report.interval.probability", "95"],
    ),
    "sampler": (
        scenario_text(sampler="sobel"),
        ["sampling.sampler", "'sobel'", "nearest: sobol"],
    ),
    "division by zero": (
        scenario_text(PAY, formula="pay / (pay - pay)"),
        ["outcomes.total", "infinite or not a number", "256 of 256 draws"],
    ),
    "division by zero among numbers": (
        scenario_text(formula="1 / 0"),
        ["outcomes.total", "'1.0 / 0.0' cannot be worked out", "division by zero"],
    ),
    "file of an empirical law missing": (
        law('distribution = "empirical"', 'file = "none.csv"', 'column = "x"'),
        ["none.csv"],
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_scenario_is_refused(sim, tmp_path: Path, case: str):
    text, says = WRONG[case]
    path = write_scenario(tmp_path, text)
    ended = sim("run", path, "--out", tmp_path / "results")
    assert ended.code == 2
    assert str(path) in ended.err or "none.csv" in ended.err or "test" in ended.err
    for words in says:
        assert words in ended.err, ended.err
    assert "Traceback" not in ended.err
    assert not (tmp_path / "results").exists()  # nothing half-written


def test_all_faults_are_told_at_once(sim, tmp_path: Path):
    text = scenario_text(
        parameter("a", 'distribution = "normal"\nmean = 0\nsd = -1'),
        parameter("b", 'distribution = "lognormla"'),
        '[outcomes.c]\nformula = "a + nothing"\n',
        '[outcomes.d]\nformula = "a +"\n',
        formula="b * 2",
    )
    ended = sim("check", write_scenario(tmp_path, text))
    assert ended.code == 2
    for key in ("parameters.a", "parameters.b.distribution", "outcomes.c.formula", "outcomes.d.formula"):
        assert key in ended.err
    assert "'b'" not in ended.err  # a broken parameter is not an unknown name as well


def test_missing_file_names_the_nearest(sim, tmp_path: Path):
    write_scenario(tmp_path, scenario_text(), "default.toml")
    ended = sim("run", tmp_path / "defualt.toml")
    assert ended.code == 2
    assert "no such file" in ended.err
    assert "default.toml" in ended.err


def test_a_folder_is_not_a_scenario(sim, tmp_path: Path):
    ended = sim("check", tmp_path)
    assert (ended.code, "not a plain file" in ended.err) == (2, True)


def test_cyclic_extends(sim, tmp_path: Path):
    write_scenario(tmp_path, 'extends = "b.toml"\n', "a.toml")
    path = write_scenario(tmp_path, 'extends = "a.toml"\n', "b.toml")
    ended = sim("run", path)
    assert ended.code == 2
    assert "extends" in ended.err
    assert "circle" in ended.err
    assert "b.toml -> a.toml -> b.toml" in ended.err


def test_extends_a_file_that_is_not_there(sim, tmp_path: Path):
    path = write_scenario(tmp_path, 'extends = "nowhere.toml"\n')
    ended = sim("run", path)
    assert ended.code == 2
    assert "nowhere.toml" in ended.err


def test_bad_settings(sim, tmp_path: Path):
    path = write_scenario(tmp_path, scenario_text(PAY, formula="1"))
    for setting, says in [
        ("parameters.pay.median", "is not key.path=value"),
        ("parameters.pay.medain=3", "nearest: median"),
        ("sampling.sampler=sobel", "nearest: sobol"),
        ("parameters.pay.median=-3", "-3"),
    ]:
        ended = sim("run", path, "--set", setting)
        assert ended.code == 2
        assert says in ended.err
        assert "--set" in ended.err


# the periods file, and what the message must say
WRONG_PERIODS = {
    "missing column": ([line.rsplit(",", 1)[0] for line in PERIODS], ["automation_lines_deleted_capped"]),
    "negative count": ([*PERIODS, ROW.format(start="2020-01-03", contributors=-4)], ["contributors", "-4"]),
    "repeated period": ([*PERIODS, PERIODS[1]], ["2020-01-01"]),
    "NaN": ([*PERIODS, ROW.format(start="2020-01-03", contributors="NaN")], ["contributors"]),
    "empty": ([], ["periods.csv"]),
    "half a contributor": (
        [*PERIODS, ROW.format(start="2020-01-03", contributors="0.5")],
        ["contributors", "0.5"],
    ),
}


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("case", WRONG_PERIODS)
def test_a_wrong_periods_file_is_refused(sim, tmp_path: Path, case: str, command: str):
    lines, says = WRONG_PERIODS[case]
    (tmp_path / "periods.csv").write_text("\n".join(lines) + "\n" * bool(lines), encoding="utf-8")
    text = scenario_text(
        '[evidence]\nperiods = "periods.csv"\nmethod = "rescaled"\n', formula="contributors / contributors"
    )
    ended = sim(command, write_scenario(tmp_path, text))
    assert ended.code == 2
    assert "periods.csv" in ended.err
    for words in says:
        assert words in ended.err, ended.err


def test_a_periods_file_that_is_not_there(sim, tmp_path: Path):
    (tmp_path / "periods.csv").write_text("", encoding="utf-8")
    text = scenario_text('[evidence]\nperiods = "perods.csv"\n')
    ended = sim("check", write_scenario(tmp_path, text))
    assert ended.code == 2
    assert "perods.csv" in ended.err
    assert "nearest" in ended.err


def test_a_reference_that_is_not_in_the_survey(sim, tmp_path: Path):
    (tmp_path / "periods.csv").write_text("\n".join(PERIODS) + "\n", encoding="utf-8")
    text = scenario_text('[evidence]\nperiods = "periods.csv"\nreferences = { a = "o/aa" }\n')
    ended = sim("check", write_scenario(tmp_path, text))
    assert ended.code == 2
    assert "o/aa" in ended.err
    assert "o/a" in ended.err
