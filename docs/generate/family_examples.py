"""A parameter of each family, as the reference shows it: the keys of the family alone."""

EXAMPLES = {
    "constant": "value = 300_000",
    "uniform": "low = 0.2\nhigh = 0.6",
    "loguniform": "low = 10\nhigh = 1000",
    "normal": "p05 = 0.9\np95 = 1.3",
    "lognormal": 'median = 300_000\np95 = 365_000\nunit = "USD/person/year"',
    "student-t": "mean = 1.1\nsd = 0.2\ndf = 5",
    "beta": "p05 = 0.4\np95 = 0.8",
    "gamma": "mean = 6\nsd = 3",
    "exponential": 'mean = 4\nunit = "year"',
    "weibull": 'median = 20\np95 = 40\nunit = "year"',
    "pareto": "low = 1\nshape = 2.5",
    "triangular": "low = 1\nmode = 1.2\nhigh = 1.6",
    "pert": "low = 1\nmode = 1.2\nhigh = 1.6",
    "trapezoidal": "low = 0\nmode_low = 1\nmode_high = 3\nhigh = 4",
    "curvilinear-trapezoidal": "low = 0.9\nhigh = 1.1\ninexactness = 0.05",
    "arcsine": "low = -1\nhigh = 1",
    "quantiles": "p05 = 2\np25 = 3\nmedian = 4\np95 = 12\nlow = 0",
    "truncated": 'of = { distribution = "normal", mean = 1, sd = 0.5 }\nlow = 0',
    "mixture": """components = [
    { weight = 3, of = { distribution = "lognormal", median = 1, sigma = 0.2 } },
    { weight = 1, of = { distribution = "uniform", low = 1, high = 4 } },
]""",
    "poisson": 'mean = 2.5\nunit = "1/year"',
    "binomial": "n = 12\np = 0.25",
    "discrete": "values = [1, 2, 5]\nweights = [1, 1, 2]",
    "dirichlet": "means = { algorithms = 0.1, technology = 0.2, people = 0.7 }\nconcentration = 30",
    "empirical": 'file = "../data/mloss-2022/periods.csv"\ncolumn = "commits"\nunit = "commit"',
    "bootstrap": """file = "../data/mloss-2022/periods.csv"
column = "commits"
statistic = "mean"
unit = "commit\"""",
}
