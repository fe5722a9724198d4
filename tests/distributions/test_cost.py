"""What is imported, and when: stating closed-form laws must not pay for scipy.stats or pandas."""

import subprocess
import sys

CODE = """
import sys
from sim.distributions import FAMILIES
stated = [
    ("lognormal", dict(median=1, p95=2)), ("normal", dict(p05=1, p95=2)), ("uniform", dict(low=0, high=1)),
    ("student-t", dict(df=3, p05=1, p95=2)), ("beta", dict(mean=0.1, concentration=9)),
    ("gamma", dict(mean=1, sd=2)), ("triangular", dict(low=0, high=1, p50=0.5)),
    ("pert", dict(low=0, mode=1, high=2)), ("weibull", dict(median=1, p95=2)), ("pareto", dict(low=1, p95=2)),
    ("poisson", dict(mean=3)), ("binomial", dict(n=3, p=0.1)),
    ("dirichlet", dict(alphas=dict(a=1, b=2))), ("discrete", dict(values=[1], weights=[1])),
    ("empirical", dict(file="a.csv", column="x")),
]
for name, keys in stated:
    FAMILIES[name](distribution=name, **keys)
print(sorted({"scipy.stats", "scipy.optimize", "pandas", "pyarrow", "matplotlib"} & set(sys.modules)))
"""


def test_closed_form_statements_import_nothing_heavy():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
