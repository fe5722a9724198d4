"""Captions on disk: Markdown, and blocks that stand in a LaTeX figure as they are."""

from collections.abc import Mapping
from pathlib import Path

from sim.tables.formats import markdown
from sim.tables.latex import escape

MARKDOWN, LATEX = "captions.md", "captions.tex"
MARKDOWN_HEAD, LATEX_HEAD = "## ", "% figure: "
LATEX_PREAMBLE = "% One block for each figure, keyed by its file name; needs the T1 font encoding.\n"


def caption_files(captions: Mapping[str, str], folder: Path) -> dict[str, bytes]:
    r"""Return both files; captions of other figures that a folder already holds are kept.

    Parameters
    ----------
    captions
        By figure.
    folder
        Where the files will stand.

    Returns
    -------
    dict of str to bytes
        By name of the file.
    """
    shown = {name: markdown(text) for name, text in captions.items()}
    latex = {name: rf"\caption{{{escape(text)}}}" for name, text in captions.items()}
    return {
        MARKDOWN: _joined(_kept(folder / MARKDOWN, MARKDOWN_HEAD) | shown, MARKDOWN_HEAD, "").encode(),
        LATEX: _joined(_kept(folder / LATEX, LATEX_HEAD) | latex, LATEX_HEAD, LATEX_PREAMBLE).encode(),
    }


def _kept(path: Path, head: str) -> dict[str, str]:
    """Return the blocks of an earlier file by figure."""
    if not path.is_file():
        return {}
    blocks: dict[str, str] = {}
    name = ""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith(head):
            name = line.removeprefix(head).strip()
            blocks[name] = ""
        elif name and line.strip():
            blocks[name] = f"{blocks[name]}\n{line}".strip()
    return blocks


def _joined(blocks: Mapping[str, str], head: str, preamble: str) -> str:
    written = [
        f"{head}{name}\n" + ("\n" if head == MARKDOWN_HEAD else "") + text for name, text in blocks.items()
    ]
    return preamble + ("\n" if preamble else "") + "\n\n".join(sorted(written)) + "\n"
