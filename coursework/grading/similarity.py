"""Answers that are alike: the same code under other names, comments, and orders of white space.

This is a hint for a person and decides nothing: short answers to one task are often alike.
"""

import ast
import io
import itertools
import token
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Alike", "alike", "normal_form"]

MIN_TOKENS = 40  # shorter answers are alike by themselves
N_GRAM = 4
NEAR = 0.85  # share of the four-token runs that two answers have in common
DROPPED = (token.COMMENT, token.NL, token.NEWLINE, token.INDENT, token.DEDENT, token.ENCODING)


@dataclass(frozen=True)
class Alike:
    """Answers that are the same, or nearly.

    Attributes:
        names: The students.
        share: 1 for the same, else the share of runs of four words that both forms have.
    """

    names: tuple[str, ...]
    share: float


def normal_form(source: str) -> tuple[str, ...]:
    r"""Return an answer's tokens without comments and docstrings, each name as a number.

    Example:
        >>> normal_form("def f(x):\n    return x  # so") == normal_form("def g(y): return y")
        True
    """
    try:
        tree = ast.parse(source)
        for node in ast.walk(tree):
            body = getattr(node, "body", None)
            is_documented = isinstance(body, list) and body and isinstance(body[0], ast.Expr)
            if is_documented and isinstance(getattr(body[0].value, "value", None), str):
                node.body = body[1:] or [ast.Pass()]
        bound = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        bound |= {
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        bound |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        text = ast.unparse(tree)
        words = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError):
        return ()
    numbers: dict[str, int] = {}
    return tuple(
        f"name {numbers.setdefault(word.string, len(numbers))}"
        if word.string in bound
        else word.string
        for word in words
        if word.type not in DROPPED
    )


def alike(answers: Mapping[str, str]) -> list[Alike]:
    """Find answers to one exercise that are the same, and pairs of forms that nearly are.

    Args:
        answers: Source of each answer, by student.

    Returns:
        Groups, the most alike first; answers under 40 words are left out.

    Example:
        >>> alike({"Ada": "x = 1", "Alan": "x = 1"})
        []
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in sorted(answers):
        form = normal_form(answers[name])
        if len(form) >= MIN_TOKENS:
            groups.setdefault(form, []).append(name)
    found = [Alike(tuple(names), 1.0) for names in groups.values() if len(names) > 1]
    runs = [
        (names, frozenset(form[place : place + N_GRAM] for place in range(len(form) - N_GRAM + 1)))
        for form, names in groups.items()
    ]
    for (names, ours), (others, theirs) in itertools.combinations(runs, 2):
        common = len(ours & theirs)
        share = common / (len(ours) + len(theirs) - common)
        if share >= NEAR:
            found.append(Alike((*names, *others), min(share, 0.99)))
    return sorted(found, key=lambda one: (-one.share, one.names))
