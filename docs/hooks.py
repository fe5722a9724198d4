"""What the build needs besides Sphinx's own extensions: references and links that lead out of the pages."""

import ast
import posixpath
import re
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from docutils import nodes
from pydantic import BaseModel
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s#]+)(?:#[^)\s]*)?\)")
log = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the hooks."""
    app.connect("source-read", name_outside_files)
    app.connect("missing-reference", accept_what_exists)
    app.connect("autodoc-process-signature", short_signature)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def name_outside_files(_app: Sphinx, page: str, source: list[str]) -> None:
    """Put the path of a file of the repository in place of a link that leaves ``docs``."""

    def named(link: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join("docs", posixpath.dirname(page), link["target"]))
        if "://" in link["target"] or path.startswith("docs/"):
            return link[0]
        if not (ROOT / path).exists():
            log.warning("%s links to %s, which does not exist", page, path)
        bare = link["text"].strip("`") in (path, posixpath.basename(path), link["target"])
        return f"`{path}`" if bare else f"{link['text']} (`{path}`)"

    source[0] = LINK.sub(named, source[0])


def accept_what_exists(
    _app: Sphinx, _env: BuildEnvironment, node: pending_xref, shown: nodes.Element
) -> nodes.Element | None:
    """Show a Python name that no page documents as plain text, if there is such an object."""
    if node.get("refdomain") != "py":
        return None
    target, module, owner = node["reftarget"], node.get("py:module"), node.get("py:class")
    head, _, rest = target.partition(".")
    imported = ".".join(filter(None, [_imports(module).get(head, head), rest])) if module else target
    places = [target, imported, f"builtins.{target}", f"{module}.{target}", f"{module}.{owner}.{target}"]
    return shown if any(_exists(place) for place in places) else None


@lru_cache
def _imports(module: str) -> dict[str, str]:
    """Return what each name that a module imports stands for, imports for type checkers among them."""
    found = find_spec(module)
    if found is None or found.origin is None:
        return {}
    names: dict[str, str] = {}
    for node in ast.walk(ast.parse(Path(found.origin).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def short_signature(
    _app: Sphinx, _what: str, _name: str, documented: Any, *_rest: Any
) -> tuple[str, None] | None:
    """Sign a class by its fields; the keys of a table of the scenario file stand in that file's reference."""
    if isinstance(documented, type) and issubclass(documented, BaseModel):
        return "(**keys)", None
    if isinstance(documented, type) and is_dataclass(documented):
        named = [
            each.name if _required(each) else f"{each.name}=..." for each in fields(documented) if each.init
        ]
        return f"({', '.join(named)})", None
    return None


def _required(each: Field[Any]) -> bool:
    return each.default is MISSING and each.default_factory is MISSING


def _exists(name: str) -> bool:
    try:
        resolve_name(name)
    except (ImportError, AttributeError, ValueError):
        return False
    return True
