"""``python -m docs.generate.pictures [SECTION...]``: run the gallery's commands and keep small copies.

All sections, or those whose titles contain words given. All take ten minutes of a processor, mostly for fits.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from docs.generate.gallery import PICTURES, Section, Shown, read_gallery

ROOT = Path(__file__).parents[2]
MAX_BYTES = 60_000
NARROW, WIDE = 640, 1000
"""Widths of a picture in pixels: of figures one column wide, and of wider ones."""


def main() -> None:
    """Draw the pictures of the sections asked for."""
    asked = sys.argv[1:] or [""]
    with TemporaryDirectory() as folder:
        place = Path(folder)
        for name in ("priors", "data"):
            shutil.copytree(ROOT / name, place / name)
        for section in read_gallery().sections:
            if any(words in section.title for words in asked):
                _draw(section, place)


def _draw(section: Section, place: Path) -> None:
    if section.overlay:
        (place / section.overlay).write_text(section.text, encoding="utf-8")
    surroundings = os.environ | {"PYTHONPATH": str(ROOT)}
    for command in section.commands:
        line = command.replace("sim ", f"{sys.executable} -m sim ", 1)
        subprocess.run(
            ["bash", "-c", line], check=True, cwd=place, env=surroundings, stdout=subprocess.DEVNULL
        )
    for shown in section.figures:
        print(f"drawn: {_keep(shown, place)}")


def _keep(shown: Shown, place: Path) -> Path:
    """Write a small copy of what was drawn: fewer pixels, and as few colours as its size asks for."""
    (drawn,) = place.glob(shown.file)
    path = ROOT / "docs" / PICTURES / f"{shown.name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(drawn) as picture:
        whole = picture.convert("RGB")
    widest = min(whole.width, NARROW if whole.width < 1200 else WIDE)
    for share, colours in ((1, 64), (1, 32), (0.75, 64), (0.75, 32)):
        width = round(widest * share)
        size = (width, round(whole.height * width / whole.width))
        small = whole.resize(size, Image.Resampling.LANCZOS)
        small.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= MAX_BYTES:
            return path
    raise ValueError(f"{path} is larger than {MAX_BYTES} bytes")


if __name__ == "__main__":
    main()
