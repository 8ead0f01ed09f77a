"""Roles of the book's text turned into text that can be read without the book."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Any

__all__ = ["Readable"]

ROLE = re.compile(r"\{(cite|numref|eq|term)\}`([^`]*)`")
EQUATION = re.compile(r"\$\$((?:(?!\$\$).)+)\$\$ *\(([\w-]+)\)", flags=re.DOTALL)


@dataclass
class Readable:
    """Rewrites the text cells of one notebook that leaves others behind.

    An equation becomes a letter, the same in all cells, and stands below the text that mentions
    it; a figure becomes its caption's beginning, a term itself, a citation title and year.

    Attributes:
        cells: All cells of the whole notebook, as JSON.
        references: Text of references.bib.

    Example:
        >>> Readable([], "")("Set {term}`dropout` to a half.")
        'Set dropout to a half.'
    """

    cells: Sequence[Mapping[str, Any]]
    references: str
    letters: dict[str, str] = field(default_factory=dict)

    def __call__(self, text: str) -> str:
        """Return `text` without roles, with the equations that it mentions below it."""
        formulas: dict[str, str] = {}

        def replaced(role: re.Match) -> str:
            kind, (words, target) = role[1], _parts(role[2])
            if kind == "term":
                return words
            if kind == "cite":
                return f"({'; '.join(self._reference(key) for key in target.split(','))})"
            if kind == "numref":
                return self._figure(target)
            letter = f"({self._letter(target)})"
            formulas[letter] = self._equation(target)
            is_named = re.search(r"equations?\b[^.]*$", text[: role.start()], flags=re.IGNORECASE)
            return letter if is_named else f"equation {letter}"

        text = ROLE.sub(replaced, text)
        for letter, formula in formulas.items():
            if formula:
                text += f"\n\nEquation {letter} of the chapter:\n\n$$\n{formula}\n$$"
        return text

    def _letter(self, label: str) -> str:
        return self.letters.setdefault(label, ascii_uppercase[len(self.letters)])

    def _equation(self, label: str) -> str:
        for source in self._sources():
            for formula, name in EQUATION.findall(source):
                if name == label:
                    return formula.strip()
        return ""

    def _sources(self) -> Iterator[str]:
        return ("".join(cell["source"]) for cell in self.cells if cell["cell_type"] == "markdown")

    def _figure(self, name: str) -> str:
        for cell in self.cells:
            figure = cell["metadata"].get("mystnb", {}).get("figure", {})
            if figure.get("name") == name:
                beginning = re.split(r"[.:;!?](?:\s|$)|\s\(", figure["caption"])[0]
                return f'the chapter\'s figure "{beginning}"'
        return "a figure of the chapter"

    def _reference(self, key: str) -> str:
        entry = re.search(
            rf"^@\w+\{{{re.escape(key.strip())},(.*?)^\}}",
            self.references,
            re.DOTALL | re.MULTILINE,
        )
        fields = dict(
            re.findall(r"^\s*(\w+)\s*=\s*\{(.*)\},?\s*$", entry[1] if entry else "", re.MULTILINE)
        )
        words = [re.sub(r"[{}]", "", fields[name]) for name in ("title", "year") if name in fields]
        return ", ".join(words) or key.strip()


def _parts(content: str) -> tuple[str, str]:
    """Return a role's words and its target, which are one unless it reads `words <target>`."""
    found = re.fullmatch(r"(.*?)\s*<(.+)>", content, flags=re.DOTALL)
    return (found[1], found[2]) if found else (content, content)
