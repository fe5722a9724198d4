"""Where the survey's source is, which is never committed, and small surveys in its form."""

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = "scraped_contributor_information_for_repos.csv"
HEADER = ["", "repo", "repo_url", "avg_num_contributors", "start_date", "contrib_info", "date_urls"]


@pytest.fixture(scope="session")
def survey_dir() -> Path:
    folder = Path(os.environ.get("SIM_SURVEY_DIR", ROOT / "../shared/data/osml_value"))
    if not (folder / SOURCE).is_file():
        pytest.skip(f"the survey's source is not at hand: set SIM_SURVEY_DIR to a folder that holds {SOURCE}")
    return folder


@pytest.fixture(scope="session")
def shipped_dir() -> Path:
    return ROOT / "data" / "mloss-2022"


@pytest.fixture
def write_source(tmp_path: Path) -> Callable[..., Path]:
    """Write a source file; each row is (label, contrib_info, date_urls), as values or as text."""

    def write(*rows: tuple[str, object, object], header: list[str] = HEADER) -> Path:
        folder = tmp_path / "survey"
        folder.mkdir(exist_ok=True)
        with (folder / SOURCE).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(header)
            for number, (label, surveyed, urls) in enumerate(rows):
                writer.writerow([number, label, "", "", "", str(surveyed), str(urls)])
        return folder

    return write
