import itertools

import numpy as np
import pytest

from nnbook_utils import data
from nnbook_utils.data import _docstrings

SOURCE = '''
def smooth(x):
    """Smooth a series with a moving mean.

    Each value becomes the mean of its neighbours. The ends are left out!
    Nothing is changed in place.

    Parameters
    ----------
    x : array. This is no prose. It must not be kept. Never.
    """

class Filter:
    """Filter a signal step by step.

    It keeps its state. It can be reset at any time. Short one. Then it starts from zero again.
    """

    def reset(self):
        """Set the state back to zero.

        First sentence of three. Second sentence of three. Third sentence of three.

        >>> Filter().reset()  # This is no prose either
        """

def short(x):
    """Do it.

    One long enough. Two long enough. Three long enough.
    """

def few(x):
    """Say little about it.

    Only one sentence follows here. And another one.
    """
'''


@pytest.fixture(scope="module")
def parts():
    return data.load_docstrings(seed=1)


def test_texts_and_their_summaries(tmp_path):
    path = tmp_path / "module.py"
    path.write_text(SOURCE, encoding="utf-8")
    found = {name: (summary, sentences) for name, summary, sentences in texts(path)}
    assert found == {
        "a smooth": (
            "Smooth a series with a moving mean.",
            (
                "Each value becomes the mean of its neighbours.",
                "The ends are left out!",
                "Nothing is changed in place.",
            ),
        ),
        "a Filter": (
            "Filter a signal step by step.",
            (
                "It keeps its state.",
                "It can be reset at any time.",
                "Then it starts from zero again.",
            ),
        ),
        "a reset": (
            "Set the state back to zero.",
            tuple(f"{n} sentence of three." for n in ("First", "Second", "Third")),
        ),
    }


def texts(path):
    return list(_docstrings._texts("a", path))


def test_code_for_another_python_is_passed_over(tmp_path):
    path = tmp_path / "module.py"
    path.write_text("print 'old'", encoding="utf-8")
    assert texts(path) == []


def test_parts_have_different_texts_of_the_promised_size(parts):
    assert sum(len(part.names) for part in parts) > 600
    for part in parts:
        assert len(part.names) == len(part.summaries) == len(part.sentences) > 50
        assert {len(sentences) for sentences in part.sentences} <= set(range(3, 9))
        assert all(len(summary.split()) >= 3 for summary in part.summaries)
        assert {name.split()[0] for name in part.names} <= set(_docstrings.PACKAGES)
    for one, other in itertools.combinations(parts, 2):
        assert not set(one.summaries) & set(other.summaries)


def test_a_seed_gives_one_split(parts):
    again, other = data.load_docstrings(seed=1), data.load_docstrings(seed=2)
    assert all(np.array_equal(a.names, b.names) for a, b in zip(parts, again, strict=True))
    assert not np.array_equal(parts[0].names, other[0].names)


def test_hardly_any_text_is_an_error(monkeypatch):
    monkeypatch.setattr(_docstrings, "PACKAGES", ("nbmake",))
    with pytest.raises(data.DataError, match="found only"):
        data.load_docstrings()


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(_docstrings, "PACKAGES", ("no_such_package",))
    with pytest.raises(data.DataError, match="pip install no_such_package"):
        data.load_docstrings()
