"""``python -m docs.generate``: write the generated pages of the reference."""

from pathlib import Path

from docs.generate.commands import commands_page
from docs.generate.gallery import gallery_page
from docs.generate.notebooks import write_notebooks
from docs.generate.scenario_file import scenario_page

PAGES = {
    "reference/commands.md": commands_page,
    "reference/scenario-file.md": scenario_page,
    "gallery.md": gallery_page,
}
"""What makes each page, by its path below ``docs``."""


def main() -> None:
    """Write each page, and what the notebooks give into them."""
    folder = Path(__file__).parents[1]
    for name, make in PAGES.items():
        (folder / name).write_text(make(), encoding="utf-8")
        print(f"written: {folder / name}")
    write_notebooks()


if __name__ == "__main__":
    main()
