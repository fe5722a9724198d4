"""What running a block means, by its language and marks."""

import doctest
import io
import re
from collections.abc import Callable, Iterator

import tomlkit

from sim.scenario.load import load
from tests.docs.blocks import Block
from tests.docs.matching import matches
from tests.docs.session import Session

FAILS = re.compile(r"\s+# exit (\d+)$")
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def run(block: Block, session: Session) -> None:
    """Run a block in its page's session; raise AssertionError, with page and line, where it does not hold."""
    marks = block.marks
    if "not run" in marks:
        assert marks["not run"], f"{block.where}: state the reason: <!-- not run: REASON -->"
    elif "file" in marks:
        path = session.write(marks["file"], block.text)
        if path.suffix == ".toml" and path.parent.name == "priors":
            load(path)
    elif "output" in marks:
        _command(block, session, marks["output"], block.text)
    else:
        assert block.language in BY_LANGUAGE, f"{block.where}: nothing runs {block.language!r} blocks"
        BY_LANGUAGE[block.language](block, session)


def _scenario(block: Block, session: Session) -> None:
    """Load a whole file or an overlay as it stands; anything else laid over the base."""
    stated = tomlkit.parse(block.text)
    own = "extends" in stated or {"outcomes", "report"} <= set(stated)
    base = block.marks.get("base", "default.toml")
    path = session.write("priors/block.toml", block.text if own else f'extends = "{base}"\n{block.text}')
    load(path)
    path.unlink()


def _python(block: Block, session: Session) -> None:
    path = str(block.page)
    if ">>>" not in block.text:
        code = compile("\n" * block.line + block.text, path, "exec")
        exec(code, session.names)
        return
    test = doctest.DocTestParser().get_doctest(block.text, session.names, block.where, path, block.line)
    test.globs = session.names
    told = io.StringIO()
    failed = doctest.DocTestRunner(optionflags=OPTIONS).run(test, out=told.write, clear_globs=False).failed
    assert not failed, told.getvalue()


def _console(block: Block, session: Session) -> None:
    for line, shown in _typed(block.text):
        _command(block, session, line, shown)


def _shell(block: Block, session: Session) -> None:
    for line in _joined(block.text).splitlines():
        if line.strip() and not line.startswith("#"):
            _command(block, session, line, "")


BY_LANGUAGE: dict[str, Callable[[Block, Session], None]] = {
    "toml": _scenario,
    "python": _python,
    "console": _console,
    "sh": _shell,
}


def _command(block: Block, session: Session, line: str, shown: str) -> None:
    """Run a command; check how it ended and what it printed, where the page shows that."""
    fails = FAILS.search(line)
    code, printed = session.command(FAILS.sub("", line))
    wanted = int(fails[1]) if fails else 0
    assert code == wanted, f"{block.where}: {line}\nended with {code}, not {wanted}:\n{printed}"
    held = not shown.strip() or matches(shown, printed)
    assert held, f"{block.where}: {line}\nthe page shows:\n{shown}\nit printed:\n{printed}"


def _typed(text: str) -> Iterator[tuple[str, str]]:
    """Give each command after a ``$`` and the output shown below it."""
    first, *rest = re.split(r"^\$ ", _joined(text), flags=re.MULTILINE)
    assert not first.strip(), f"output before the first command: {first}"
    for part in rest:
        line, _, shown = part.partition("\n")
        yield line, shown


def _joined(text: str) -> str:
    return re.sub(r"\\\n\s*", "", text)
