"""``python -m docs.generate``: write the generated pages of the reference."""

from pathlib import Path

from docs.generate.commands import commands_page
from docs.generate.scenario_file import scenario_page

PAGES = {"commands.md": commands_page, "scenario-file.md": scenario_page}


def main() -> None:
    """Write each page into ``docs/reference``."""
    folder = Path(__file__).parents[1] / "reference"
    for name, make in PAGES.items():
        (folder / name).write_text(make(), encoding="utf-8")
        print(f"written: {folder / name}")


if __name__ == "__main__":
    main()
