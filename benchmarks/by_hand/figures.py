"""The six figures of a run, each as PDF and PNG, and three of them as SVG for the page."""

import io

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, NullFormatter

from benchmarks.by_hand.model import INPUTS, METHODS

CM = 1 / 2.54
STYLE = {
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "pdf.fonttype": 42,
    "svg.fonttype": "none",
}
PUBLISHED = (233.70e6, 300.48e6, 122.17e6, 187.06e6, 187.09e6)
mpl.rcParams.update(STYLE)


def new(width, height, *shape, **options):
    figure = Figure(figsize=(width * CM, height * CM), layout="constrained")
    return figure, figure.subplots(*shape, **options)


def log_axis(axis):
    axis.axes.set(**{f"{axis.axis_name}scale": "log"})
    axis.set_major_formatter(EngFormatter(sep=" "))
    axis.set_minor_formatter(NullFormatter())


def distribution(bcr, summary, width):
    figure, ax = new(width, 6.5)
    find = summary[(summary["quantity"] == "bcr") & (summary["method"] == "")].set_index("statistic")["value"]
    density, edges = np.histogram(np.log(bcr), bins=200, density=True)
    ax.fill_between(np.exp(edges[:-1]), density, step="post", alpha=0.2)
    ax.step(np.exp(edges[:-1]), density, where="post")
    ax.axvspan(find["low"], find["high"], alpha=0.2, label="95 % credible interval")
    ax.axvline(find["median"], label="median")
    for threshold in (1, 4):
        ax.axvline(threshold, linestyle=":", color="0.35")
    ax.axvline(100, linestyle="--", color="0.35", label="published")
    log_axis(ax.xaxis)
    ax.set(xlabel="Benefit-cost ratio", ylabel="Density per factor of e")
    figure.legend(loc="outside upper center", ncols=3)
    return figure


def forest(summary, width):
    figure, ax = new(width, 6.1)
    table = summary[(summary["quantity"] == "cost")].pivot(
        index="method", columns="statistic", values="value"
    )
    for place, name in enumerate((*METHODS, "")):
        row = table.loc[name]
        ax.plot([row["low"], row["high"]], [place, place], color="C0")
        ax.plot(row["median"], place, "o", color="C0")
    ax.plot(PUBLISHED, range(5), "D", markerfacecolor="none", color="C1", label="published")
    ax.set_yticks(range(6), [*(name.replace("_", " ") for name in METHODS), "any, by weight"])
    log_axis(ax.xaxis)
    ax.set_xlabel("Cost of all contributions in a year, USD/year")
    figure.legend(loc="outside upper center")
    return figure


def tornado(table, indices, width):
    figure, (left, right) = new(width, 6, 1, 2, gridspec_kw={"width_ratios": [1.8, 1]}, sharey=True)
    effects = indices.query("scale == 'log' and of == 'input' and index == 'shapley'").set_index("name")
    ordered = effects["value"].sort_values().index
    for place, name in enumerate(ordered):
        row = table.set_index("name").loc[name]
        left.barh(place, row["at_high"] - row["centre"], left=row["centre"], color="C0")
        left.barh(place, row["at_low"] - row["centre"], left=row["centre"], color="#BFE0F5", hatch="////")
    log_axis(left.xaxis)
    left.axvline(table["centre"][0], color="black")
    left.set_yticks(range(len(ordered)), [name.replace("_", " ") for name in ordered])
    right.barh(
        range(len(ordered)), effects["value"][ordered], xerr=effects["half_width"][ordered], color="C0"
    )
    left.set_xlabel("Benefit-cost ratio")
    right.set_xlabel("Shapley share")
    return figure


def sobol(indices, width):
    figure, panels = new(width, 6.5, 1, 2, sharey=True)
    for ax, scale in zip(panels, ("log", "raw"), strict=True):
        for shift, index, colour in ((0.2, "first", "C0"), (-0.2, "total", "#BFE0F5")):
            part = indices[
                (indices["scale"] == scale) & (indices["of"] == "input") & (indices["index"] == index)
            ]
            places = np.arange(len(part)) + shift
            ax.barh(places, part["value"], 0.4, xerr=part["half_width"], color=colour, label=index)
        ax.set(title=f"{scale} scale", xlabel="Share of the variance")
    panels[0].set_yticks(range(len(INPUTS)), [name.replace("_", " ") for name in INPUTS])
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure


def convergence(table, width):
    figure, panels = new(width, 9, 2, 2)
    for ax, (statistic, part) in zip(panels.flat, table.groupby("statistic", sort=False), strict=True):
        low, high = part["value"] - 2 * part["error"], part["value"] + 2 * part["error"]
        ax.fill_between(part["n_draws"], low, high, color="0.75", label="± 2 Monte Carlo errors")
        ax.plot(part["n_draws"], part["value"], "o-")
        ax.axhline(part["value"].iloc[-1], linestyle="--", color="black", label="value at all draws")
        log_axis(ax.xaxis)
        ax.set_title(statistic)
    figure.supxlabel("Number of draws", fontsize=8)
    figure.supylabel("Benefit-cost ratio", fontsize=8)
    figure.legend(*panels[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure


def drivers(table, width):
    names = [name for name in table if name != "bcr"]
    figure, panels = new(width, 15, 4, 3)
    for ax, name in zip(panels.flat, names, strict=False):
        ax.plot(table[name], table["bcr"], ".", markersize=1.5, alpha=0.5)
        ax.set_xlabel(name.replace("_per_", "\nper ").replace("_", " ").replace(".", ":\n"))
        log_axis(ax.yaxis)
        if table[name].max() > 2 * table[name].min():
            log_axis(ax.xaxis)
        else:
            ax.xaxis.set_major_formatter(EngFormatter(sep=" "))
    for ax in panels.flat[len(names) :]:
        ax.set_axis_off()
    figure.supylabel("Benefit-cost ratio", fontsize=8)
    return figure


def of_run(bcr, summary, tables):
    return {
        "bcr_distribution": lambda width: distribution(bcr.ravel(), summary, width),
        "cost_by_cost_method": lambda width: forest(summary, width),
        "tornado": lambda width: tornado(tables["tornado"], tables["sensitivity_indices"], width),
        "sobol": lambda width: sobol(tables["sensitivity_indices"], width),
        "convergence": lambda width: convergence(tables["convergence"], width),
        "drivers": lambda width: drivers(tables["drivers"], width),
    }


def save(figure, folder, name):
    for ending in ("pdf", "png"):
        figure.savefig(folder / f"{name}.{ending}", dpi=300)


def as_svg(figure):
    content = io.StringIO()
    figure.savefig(content, format="svg")
    return content.getvalue().partition("<svg")[2]
