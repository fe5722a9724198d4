"""The page in Chromium: its sliders against Python's numbers, and what a reader without mouse or sight meets.

Weights come from densities in closed form (tests/report/exact.py), in double precision; the page has tables
in single precision, so its numbers agree to about 1e-5.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import axe_selenium_python
import numpy as np
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select

from sim.report.page.movable_priors import REACH
from sim.report.page.script_data import STEPS
from sim.run_record import Run
from sim.summary.trust import MIN_EFFECTIVE
from tests.report.exact import EXACT, chance, weighted

AXE = Path(axe_selenium_python.__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EMBEDDED = 4096
TOLERANCE = 5e-5


def opened(browser: Chrome, page: str) -> Chrome:
    """Open a page afresh, with empty logs and nothing emulated."""
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    browser.get("about:blank")
    for log in ("browser", "performance"):
        browser.get_log(log)
    browser.get(page)
    return browser


def by_id(browser: Chrome, name: str) -> WebElement:
    return browser.find_element(By.ID, name)


def value(browser: Chrome, name: str) -> float:
    """Return the unrounded number behind a reading."""
    return float(by_id(browser, name).get_attribute("data-value"))


def slide(browser: Chrome, element: WebElement, position: int) -> None:
    """Move a slider by script, as assistive technology does."""
    browser.execute_script(
        "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))", element, position
    )


def slider(browser: Chrome, name: str) -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, f'[data-name="{name}"]')


def kept(told: Run, name: str) -> np.ndarray:
    draws = told.variable(name)
    return draws[:, : EMBEDDED // len(draws)].ravel()


def requests(browser: Chrome) -> list[str]:
    """Return every address the page asked for, from the log of the network."""
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]


def violations(browser: Chrome) -> list[str]:
    """Return what axe-core finds wrong, with the first elements at fault."""
    browser.execute_script(AXE.read_text(encoding="utf-8"))
    found = browser.execute_async_script(
        "const done = arguments[1];"
        "axe.run(document, {runOnly: arguments[0]}).then((found) => done(found.violations));",
        TAGS,
    )
    return [f"{each['id']}: {[node['target'] for node in each['nodes'][:3]]}" for each in found]


@contextmanager
def emulated(browser: Chrome, scheme: str, width: int) -> Iterator[None]:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    yield
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("page", ["default_page", "families_page", "hostile_page"])
def test_no_message_and_no_request(browser: Chrome, page: str, request: pytest.FixtureRequest):
    address = request.getfixturevalue(page)
    opened(browser, address)
    for element in browser.find_elements(By.CSS_SELECTOR, ".prior, #threshold"):
        slide(browser, element, 3)
    assert browser.get_log("browser") == []
    assert {url for url in requests(browser) if not url.startswith("data:")} == {address}
    assert browser.execute_script("return window.hacked") is None


def test_at_rest_the_numbers_are_those_of_the_kept_draws(browser: Chrome, families: Run, families_page: str):
    opened(browser, families_page)
    draws = kept(families, "total")
    _, median, low, high = weighted(draws, np.zeros(draws.size), 0.95)
    assert value(browser, "effective") == pytest.approx(EMBEDDED, rel=1e-9)
    assert value(browser, "median") == median
    assert by_id(browser, "range").get_attribute("data-value") == f"{low!r} {high!r}"


def test_threshold_moves_by_keyboard(browser: Chrome, families: Run, families_page: str):
    opened(browser, families_page)
    draws = kept(families, "total")
    element = by_id(browser, "threshold")
    seen = []
    for keys in (Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.PAGE_UP, Keys.HOME, Keys.END):
        element.send_keys(keys)
        threshold = value(browser, "threshold-value")
        assert value(browser, "chance") == pytest.approx(np.mean(draws > threshold), abs=1e-12)
        assert element.get_attribute("aria-valuetext").split("\u00a0")[0]
        seen.append(threshold)
    assert seen[0] < seen[1] < seen[2] < seen[4]
    assert seen[3] < draws.min() * 1.5
    assert value(browser, "chance") < 0.002


def test_jumps_set_the_scenarios_thresholds(browser: Chrome, default: Run, default_page: str):
    opened(browser, default_page)
    draws = kept(default, "bcr")
    for button, threshold in zip(browser.find_elements(By.CLASS_NAME, "jump"), (1, 4, 100), strict=True):
        button.send_keys(Keys.ENTER)
        assert value(browser, "threshold-value") == threshold
        assert value(browser, "chance") == pytest.approx(np.mean(draws > threshold), abs=1e-12)
    above = default.statistics.find("bcr", "p_above", at=100.0)  # at rest the page says the summary's number
    assert f"{100 * above.value:.0f}" in by_id(browser, "verdict").text


@pytest.mark.parametrize("name", EXACT)
def test_each_slider_gives_pythons_numbers(browser: Chrome, families: Run, families_page: str, name: str):
    opened(browser, families_page)
    draws = kept(families, "total")
    for position in (7, -19):
        slide(browser, slider(browser, name), position)
        logs = EXACT[name].log_weights(kept(families, name), REACH * position / STEPS)
        effective, median, _, _ = weighted(draws, logs, 0.95)
        rel = 1e-3 if name == "p_triangular" else TOLERANCE  # its log density has a kink inside a cell
        assert value(browser, "effective") == pytest.approx(effective, rel=rel)
        threshold = value(browser, "threshold-value")
        assert value(browser, "chance") == pytest.approx(chance(draws, logs, threshold), abs=rel)
        # a quantile may fall on the next draw where the weights reach the level to within their precision
        near = np.sort(draws)[np.searchsorted(np.sort(draws), median) + np.array([-1, 0, 1])]
        assert value(browser, "median") in near


def test_sliders_work_together_and_by_keyboard(browser: Chrome, families: Run, families_page: str):
    opened(browser, families_page)
    moves = {"p_lognormal": 6, "p_beta": -4, "shares.other": 5}
    for name, steps in moves.items():
        key = Keys.ARROW_RIGHT if steps > 0 else Keys.ARROW_LEFT
        slider(browser, name).send_keys(key * abs(steps))
    logs = sum(EXACT[name].log_weights(kept(families, name), REACH * n / STEPS) for name, n in moves.items())
    draws = kept(families, "total")
    effective, median, low, high = weighted(draws, logs, 0.95)
    assert value(browser, "effective") == pytest.approx(effective, rel=TOLERANCE)
    found = [float(each) for each in by_id(browser, "range").get_attribute("data-value").split()]
    # one draw further at most: about 1/2,000 of the probability
    np.testing.assert_allclose([value(browser, "median"), *found], [median, low, high], rtol=0.02)
    words = slider(browser, "p_lognormal").get_attribute("aria-valuetext")
    middle = 3.0 * np.exp(0.4 * REACH * 6 / STEPS)  # the median of the moved lognormal
    assert f"{middle:.3g}" in words
    assert "was 3" in words


def test_it_refuses_and_comes_back(browser: Chrome, families_page: str):
    opened(browser, families_page)
    at_rest = by_id(browser, "moved").get_attribute("d")
    for name in ("p_lognormal", "p_gamma", "p_normal"):
        slider(browser, name).send_keys(Keys.END)
    assert value(browser, "effective") < MIN_EFFECTIVE
    assert by_id(browser, "verdict").text.startswith("Refused")
    for name in ("chance", "median", "range"):
        assert by_id(browser, name).text == "refused"
        assert by_id(browser, name).get_attribute("data-value") == ""
    assert not by_id(browser, "moved").is_displayed()
    by_id(browser, "reset").send_keys(Keys.ENTER)
    assert value(browser, "effective") == pytest.approx(EMBEDDED)
    assert by_id(browser, "moved").get_attribute("d") == at_rest


def test_a_method_held_shows_its_own_draws(browser: Chrome, default: Run, default_page: str):
    opened(browser, default_page)
    methods = default.dataset("by_choice/cost_method")
    select = Select(by_id(browser, "held"))
    for name in ("contributors", "lines_tensorflow"):
        select.select_by_value(f"cost_method={name}")
        draws = methods["bcr"].sel(cost_method=name).values
        draws = draws[:, : EMBEDDED // len(draws)].ravel()
        assert value(browser, "median") == weighted(draws, np.zeros(draws.size), 0.95)[1]
        assert value(browser, "chance") == pytest.approx(np.mean(draws > 100), abs=1e-12)
        assert value(browser, "effective") == pytest.approx(EMBEDDED)


def test_the_outline_is_the_histogram_of_the_kept_draws(browser: Chrome, families_page: str):
    """What the script draws at rest is what Python drew beneath it."""
    opened(browser, families_page)
    moved, resting = (
        browser.execute_script(
            f"return document.querySelector('{which}').getAttribute('d').match(/[\\d.]+/g).map(Number)"
        )
        for which in ("#moved", ".resting")
    )
    np.testing.assert_allclose(moved, resting, atol=0.11)


def test_tables_sort_by_keyboard(browser: Chrome, default_page: str):
    opened(browser, default_page)
    table = by_id(browser, "drivers-table")
    head = table.find_elements(By.TAG_NAME, "th")[3]

    def column() -> list[float]:
        cells = table.find_elements(By.CSS_SELECTOR, "tbody tr td:nth-child(4)")
        return [float(cell.get_attribute("data-sort")) for cell in cells]

    before = column()
    head.find_element(By.TAG_NAME, "button").send_keys(Keys.ENTER)
    assert column() == sorted(before)
    assert head.get_attribute("aria-sort") == "ascending"
    head.find_element(By.TAG_NAME, "button").send_keys(Keys.SPACE)
    assert column() == sorted(before, reverse=True)
    assert head.get_attribute("aria-sort") == "descending"


@pytest.mark.parametrize("width", [1100, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility_rules_of_axe(browser: Chrome, default_page: str, scheme: str, width: int):
    opened(browser, default_page)
    with emulated(browser, scheme, width):
        assert violations(browser) == []
        browser.execute_script("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        for element in browser.find_elements(By.CSS_SELECTOR, ".prior"):
            slide(browser, element, STEPS)  # the refusal has colours of its own
        assert violations(browser) == []


@pytest.mark.parametrize("page", ["default_page", "families_page", "hostile_page"])
def test_a_phone_has_nothing_beside_its_screen(browser: Chrome, page: str, request: pytest.FixtureRequest):
    opened(browser, request.getfixturevalue(page))
    with emulated(browser, "light", 390):
        width = browser.execute_script("return document.documentElement.scrollWidth")
    assert width <= 390


@pytest.mark.parametrize("width", [360, 800, 1400])
@pytest.mark.parametrize("page", ["default_page", "hostile_page"])
def test_figures_and_tables_are_whole(browser: Chrome, page: str, width: int, request: pytest.FixtureRequest):
    """Nothing is scrolled sideways: every figure and table, opened out, is as wide as its place or less."""
    opened(browser, request.getfixturevalue(page))
    with emulated(browser, "light", width):
        browser.execute_script(
            "document.querySelectorAll('table details').forEach((each) => { each.open = true })"
        )
        places = browser.execute_script(
            "return [...document.querySelectorAll('.scroll, .drawn')].map((each) => "
            "[each.scrollWidth - each.clientWidth, each.textContent.trim().slice(0, 40)])"
        )
        small = browser.execute_script(
            "return Math.min(...[...document.querySelectorAll('.drawn svg')].map((svg) => "
            "svg.getBoundingClientRect().width / svg.viewBox.baseVal.width))"
        )
    assert len(places) > 3
    assert [place for place in places if place[0] > 0] == []
    assert 7 * small > 7.5  # the smallest type, of 7 units, in pixels of the screen


@pytest.mark.parametrize("page", ["default_page"])
def test_at_rest_the_readings_are_the_answers_own_words(
    browser: Chrome, default: Run, page: str, request: pytest.FixtureRequest
):
    opened(browser, request.getfixturevalue(page))
    answer = by_id(browser, "answer").text
    for name in ("median", "range", "chance"):
        assert by_id(browser, name).text in answer
    find = default.statistics.find
    assert by_id(browser, "median").text == find("bcr", "median").text
    assert by_id(browser, "range").text == f"{find('bcr', 'low').text} to {find('bcr', 'high').text}"
    slide(browser, browser.find_elements(By.CSS_SELECTOR, ".prior")[0], 3)
    assert float(by_id(browser, "median").get_attribute("data-value")) != find("bcr", "median").value


def test_figures_take_the_scheme(browser: Chrome, default_page: str):
    """Text of figures against the page: at least 4.5 to 1 in both schemes (WCAG 2.2, 1.4.3)."""
    for scheme in ("light", "dark"):
        opened(browser, default_page)
        with emulated(browser, scheme, 1100):
            ink, paper = browser.execute_script(
                "return [getComputedStyle(document.querySelector('.drawn svg text')).fill,"
                "getComputedStyle(document.body).backgroundColor]"
            )
        assert contrast(ink, paper) > 4.5


def test_without_javascript_all_but_the_sliders_is_there(browser: Chrome, default: Run, default_page: str):
    opened(browser, "about:blank")
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(default_page)
    try:
        assert not by_id(browser, "explore").is_displayed()
        assert "sliders in this section need JavaScript" in browser.find_element(By.TAG_NAME, "main").text
        assert "US dollars of benefit" in by_id(browser, "answer").text
        for figure in browser.find_elements(By.CSS_SELECTOR, ".drawn svg"):
            assert figure.is_displayed()
            assert figure.size["height"] > 100
        rows = browser.find_elements(By.CSS_SELECTOR, "#assumptions-table tbody tr")
        assert len(rows) > len(default.scenario.parameters)
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_it_prints(browser: Chrome, default_page: str):
    opened(browser, default_page)
    printed = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {})["data"])
    assert printed.startswith(b"%PDF")
    assert 3 <= printed.count(b"/Type /Page\n") <= 20
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert not by_id(browser, "explore").is_displayed()
    assert by_id(browser, "assumptions-table").is_displayed()


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two CSS colours (WCAG 2.2)."""

    def luminance(colour: str) -> float:
        parts = [float(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return float(np.dot([0.2126, 0.7152, 0.0722], linear))

    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)
