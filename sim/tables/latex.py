r"""Any text and any table as LaTeX that a stock pdflatex sets: pure ASCII, no text of it read as a command.

Letters with accents become accent commands, known symbols their commands; a character that neither T1 nor
these commands can set appears as its code point, ``[U+4E2D]``, so that nothing vanishes unseen. A table is a
whole float to be read with ``\input``; it needs the packages array, booktabs and longtable, and the T1 font
encoding.
"""

import math
import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from sim.tables.table import Column, Table

SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
}
LETTERS = {
    "ß": r"\ss{}", "æ": r"\ae{}", "Æ": r"\AE{}", "œ": r"\oe{}", "Œ": r"\OE{}", "ø": r"\o{}", "Ø": r"\O{}",
    "ł": r"\l{}", "Ł": r"\L{}", "đ": r"\dj{}", "Đ": r"\DJ{}", "ð": r"\dh{}", "Ð": r"\DH{}", "þ": r"\th{}",
    "Þ": r"\TH{}", "ı": r"\i{}", "ș": r"\textcommabelow{s}", "Ș": r"\textcommabelow{S}",
    "ț": r"\textcommabelow{t}", "Ț": r"\textcommabelow{T}",
}  # fmt: skip
SYMBOLS = {
    "–": "--", "—": "---", "‐": "-", "‑": "-", "−": r"\ensuremath{-}", "…": r"\ldots{}",
    "‘": r"\textquoteleft{}", "’": r"\textquoteright{}", "“": r"\textquotedblleft{}",
    "”": r"\textquotedblright{}", "„": r"\quotedblbase{}", "«": r"\guillemotleft{}",
    "»": r"\guillemotright{}", "€": r"\texteuro{}", "£": r"\pounds{}", "¥": r"\textyen{}",
    "§": r"\S{}", "©": r"\textcopyright{}", "®": r"\textregistered{}", "™": r"\texttrademark{}",
    "°": r"\textdegree{}", "·": r"\textperiodcentered{}", "•": r"\textbullet{}", "†": r"\dag{}",
    "‡": r"\ddag{}", "¿": r"\textquestiondown{}", "¡": r"\textexclamdown{}", "‰": r"\textperthousand{}",
    "×": r"\ensuremath{\times}", "÷": r"\ensuremath{\div}", "±": r"\ensuremath{\pm}",
    "≤": r"\ensuremath{\leq}", "≥": r"\ensuremath{\geq}", "≠": r"\ensuremath{\neq}",
    "≈": r"\ensuremath{\approx}", "∞": r"\ensuremath{\infty}", "→": r"\ensuremath{\rightarrow}",
    "√": r"\ensuremath{\surd}", "∑": r"\ensuremath{\sum}", "∈": r"\ensuremath{\in}",
    "½": r"\ensuremath{\frac{1}{2}}", "¼": r"\ensuremath{\frac{1}{4}}", "¾": r"\ensuremath{\frac{3}{4}}",
    "µ": r"\textmu{}", "\u00a0": "~", "\u2009": r"\,", "\u202f": r"\,", "\u00ad": r"\-", "\u200b": "",
}  # fmt: skip
GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi",
    "ρ": "rho", "σ": "sigma", "ς": "varsigma", "τ": "tau", "υ": "upsilon", "φ": "varphi", "χ": "chi",
    "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi",
    "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip
ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d", "\u0327": "c", "\u0328": "k",
    "\u0331": "b",
}  # fmt: skip
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
KNOWN = {
    **SPECIAL,
    **LETTERS,
    **SYMBOLS,
    **{letter: rf"\ensuremath{{\{name}}}" for letter, name in GREEK.items()},
    **{sign: rf"\textsuperscript{{{digit}}}" for sign, digit in SUPERSCRIPTS.items()},
    **{sign: rf"\textsubscript{{{digit}}}" for sign, digit in SUBSCRIPTS.items()},
}
RAISED_TWICE = re.compile(r"(?<=\d)\}\\textsuperscript\{(?=\d)")
JOINED = ("-", "'", ",")
POWER = re.compile(r"\s*(?:\*\*|\^)\s*\(?\s*(-?\d+(?:\.\d+)?(?:/\d+)?)\s*\)?")
MINUS = re.compile(r"(?<![\w.)])-(?=[\d.])")
SUFFIX = re.compile(r"(?<=\d) (?=[KMBT]\b)")
POWER_OF_TEN = re.compile(r"(?<![\w./])(\d(?:\.\d+)?)e([+-])0*(\d+)(?![\w/])")
SIZE = (r"\footnotesize", r"\setlength{\tabcolsep}{4pt}")
SPACE_BELOW_CAPTION = r"\setlength{\belowcaptionskip}{4pt}"
LINES_OF_A_PAGE = 45
CHARACTERS_OF_A_LINE = 110
LONGEST_LINE = 80


def escape(text: str) -> str:
    r"""Return any text as LaTeX that prints it, in one line.

    Examples
    --------
    >>> print(escape("50 % of A_B & C# $x$ ~^\\"))
    50 \% of A\_B \& C\# \$x\$ \textasciitilde{}\textasciicircum{}\textbackslash{}
    >>> print(escape("Müller – 3 € per µm²"))
    M{\"u}ller -- 3 \texteuro{} per \textmu{}m\textsuperscript{2}
    >>> print(escape("10¹²"))
    10\textsuperscript{12}
    """
    words = " ".join(unicodedata.normalize("NFC", text).replace("\u00a0", "\u2060").split())
    parts = [_character(letter) for letter in words.replace("\u2060", "\u00a0")]
    return RAISED_TWICE.sub("", "".join(_kept_apart(parts)))


def number(text: str) -> str:
    r"""Return a printed number as LaTeX: minus signs, and no line end before a suffix.

    Examples
    --------
    >>> print(number("-2.6 B to 200 B"))
    \ensuremath{-}2.6\,B to 200\,B
    >>> print(number("-1.2e-13"))
    \ensuremath{-}\ensuremath{1.2\times 10^{-13}}
    """
    signed = MINUS.sub(r"\\ensuremath{-}", escape(text))
    return SUFFIX.sub(r"\\,", POWER_OF_TEN.sub(_raised, signed))


def _raised(found: re.Match[str]) -> str:
    digits, sign, power = found.groups()
    return rf"\ensuremath{{{digits}\times 10^{{{sign.replace('+', '')}{power}}}}}"


def folded(text: str) -> str:
    r"""Return words as LaTeX for a narrow column: numbers as :func:`number`, line ends allowed after slashes.

    Examples
    --------
    >>> print(folded("doi:10.1000/x, median 300 K"))
    doi:10.1000/\allowbreak{}x, median 300\,K
    """
    return number(text).replace("/", r"/\allowbreak{}")


def unit(text: str) -> str:
    r"""Return a unit in pint's notation as upright LaTeX, powers raised.

    Examples
    --------
    >>> print(unit("USD/person/year**2"))
    USD/\allowbreak{}person/\allowbreak{}year\textsuperscript{2}
    >>> print(unit("m_0 * s^-1"))
    m\_0\,\textperiodcentered{}\,s\textsuperscript{\ensuremath{-}1}
    """
    pieces = POWER.split(text)
    names = [_factors(name) for name in pieces[::2]]
    powers = [rf"\textsuperscript{{{number(power)}}}" for power in pieces[1::2]]
    return "".join(part for pair in zip(names, [*powers, ""], strict=True) for part in pair)


def _factors(text: str) -> str:
    factors = [escape(factor) for factor in re.split(r"\s*\*\s*", text)]
    return r"\,\textperiodcentered{}\,".join(factors).replace("/", r"/\allowbreak{}")


def _character(letter: str) -> str:
    known = KNOWN.get(letter)
    if known is not None:
        return known
    if " " <= letter <= "~":
        return letter
    base, *marks = list(unicodedata.normalize("NFD", letter))
    if marks and base.isascii() and base.isalpha() and all(mark in ACCENTS for mark in marks):
        for mark in marks:
            base = _accented(base, ACCENTS[mark])
        return base
    plain = unicodedata.normalize("NFKD", letter)
    return plain if plain.isascii() and plain.isalnum() else f"[U+{ord(letter):04X}]"


def _accented(base: str, accent: str) -> str:
    gap = " " if accent.isalpha() else ""
    return rf"{{\{accent}{gap}{base}}}" if len(base) == 1 else rf"{{\{accent}{{{base}}}}}"


def _kept_apart(parts: list[str]) -> list[str]:
    """Put an empty group between characters that fonts would join into another one, such as two hyphens."""
    return [
        f"{part}{{}}" if part in JOINED and after == part else part for part, after in pairwise([*parts, ""])
    ]


CELLS = {"text": folded, "number": number, "unit": unit}


def as_latex(table: Table) -> str:
    r"""Return a table as LaTeX: caption and label above, booktabs rules, notes below.

    One that may be longer than a page is a ``longtable``, which breaks over pages; others float.
    """
    form = "".join(map(_format, table.columns))
    caption, label = escape(table.caption), f"tab:sim-{table.name.replace('_', '-')}"
    notes = [rf"\par\smallskip\noindent\parbox{{\linewidth}}{{{escape(note)}}}" for note in table.notes]
    heads = [r"\toprule", _line([escape(column.head) for column in table.columns]), r"\midrule"]
    if n_lines(table) > LINES_OF_A_PAGE:
        lines = [
            r"\begingroup",
            r"\setlength{\LTcapwidth}{\linewidth}",
            *SIZE,
            rf"\begin{{longtable}}{{{form}}}",
            rf"\caption{{{caption}}} \label{{{label}}} \\",
            *heads,
            r"\endfirsthead",
            rf"\caption[]{{{caption}}} \\",
            *heads,
            r"\endhead",
            r"\midrule",
            rf"\multicolumn{{{len(table.columns)}}}{{r}}{{Continued on next page}} \\",
            r"\midrule",
            r"\endfoot",
            r"\bottomrule",
            r"\endlastfoot",
            *_rows(table),
            r"\end{longtable}",
            *notes,
            r"\par\endgroup",
        ]
    else:
        lines = [
            r"\begin{table}[htbp]",
            r"\centering",
            SPACE_BELOW_CAPTION,
            rf"\caption{{{caption}}}",
            rf"\label{{{label}}}",
            *SIZE,
            rf"\begin{{tabular}}{{{form}}}",
            *heads,
            *_rows(table),
            r"\bottomrule",
            r"\end{tabular}",
            *notes,
            r"\end{table}",
        ]
    return "\n".join(lines) + "\n"


def n_lines(table: Table) -> int:
    """Return about how many lines a table takes, with cells folded at the width of their columns."""
    widths = [column.width * CHARACTERS_OF_A_LINE for column in table.columns]
    folded = [
        max(math.ceil(len(cell) / width) if width else 1 for cell, width in zip(row, widths, strict=True))
        for row in table.rows
    ]
    return sum(folded) + sum(bool(section.title) for section in table.sections)


def _rows(table: Table) -> list[str]:
    """Return the lines of the sections, with a rule between them and a title above each that has one."""
    lines = []
    for place, section in enumerate(table.sections):
        lines += [r"\midrule"] if place else []
        if section.title:
            form = r"p{0.9\linewidth}" if len(section.title) > LONGEST_LINE else "l"
            title = escape(section.title)
            lines.append(rf"\multicolumn{{{len(table.columns)}}}{{{form}}}{{\emph{{{title}}}}} \\")
        lines += [
            _line([_cell(table, column, cell) for column, cell in zip(table.columns, row, strict=True)])
            for row in section.rows
        ]
    return lines


def _line(cells: Iterable[str]) -> str:
    return rf"{' & '.join(cells)} \\"


def _cell(table: Table, column: Column, cell: str) -> str:
    key = table.citations.get(cell, "")
    text = CELLS[column.kind](cell)
    return rf"{text}~\cite{{{key}}}" if key and text else text


def _format(column: Column) -> str:
    if column.width:
        return rf">{{\raggedright\arraybackslash}}p{{{column.width:g}\linewidth}}"
    return "r" if column.kind == "number" else "l"
