import numpy as np
import pytest

from coursework import exercise_files, hidden_tests
from coursework.exercise_files import ExerciseFileError
from coursework.hidden_tests import difference

FILE = '''"""Twice a number."""

import numpy as np

# %% [exercise] id="twice-it" title="Twice it" points=2 function="twice"
FACTOR = 2


# %% [solution]
def twice(x):
    return FACTOR * x


# %% [hidden]
TOLERANCE = 1e-3


def cases(rng):
    return [(rng.normal(size=3),), (np.array([5]),)]


# %% [wrong] name="squares" expect="not the square"
def twice(x):
    return x**2


# %% [wrong] name="identity" expect="twice, not once"
def twice(x):
    return x


# %% [wrong] name="nothing" expect="return"
def twice(x):
    2 * x
'''


@pytest.fixture
def write(tmp_path):
    """A function that writes an exercise file of chapter 01_small and returns its path."""

    def write(text=FILE, name="twice_it.py", chapter="01_small"):
        folder = tmp_path / chapter
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_read_a_whole_file(write):
    path = write()
    exercise = exercise_files.read(str(path))
    assert (exercise.chapter, exercise.id, exercise.title) == ("01_small", "twice-it", "Twice it")
    assert (exercise.points, exercise.function, exercise.path) == (2, "twice", path)
    assert exercise.solution == "def twice(x):\n    return FACTOR * x\n"
    assert exercise.hidden.startswith("TOLERANCE = 1e-3\n")
    assert exercise.setup.startswith('"""Twice a number."""\n\nimport numpy as np\n')
    assert "FACTOR = 2" in exercise.setup
    assert exercise.lines == {"setup": 1, "solution": 10, "hidden": 15}
    assert [(one.name, one.expect, one.line) for one in exercise.wrong] == [
        ("squares", "not the square", 23),
        ("identity", "twice, not once", 28),
        ("nothing", "return", 33),
    ]
    assert exercise.wrong[0].source == "def twice(x):\n    return x**2\n"


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("    return FACTOR * x", "    return = x", 11, "not valid Python"),
        ("# %% [hidden]", "# %% [secret]", 14, r"one of \[exercise\], \[solution\]"),
        ("# %% [hidden]", "# %% hidden", 14, "a cell begins with"),
        ("# %% [hidden]", "# %% [hidden] seed=3", 14, r"unknown: \['seed'\]"),
        ("points=2 ", "", 5, r"missing: \['points'\]"),
        ('title="Twice it"', 'title=""', 5, r"missing: \['title'\]"),
        ("points=2", "points=0", 5, "points must be a whole number from 1, got '0'"),
        ("points=2", "points=1.5", 5, "points must be a whole number from 1, got '1.5'"),
        ("points=2", "points=2 points=3", 5, "each once, got 'points=3'"),
        ("points=2", "points", 5, "each once, got 'points'"),
        ('id="twice-it"', 'id="Twice"', 5, "id must be kebab-case, got 'Twice'"),
        ('id="twice-it"', 'id="thrice-it"', 5, "a file named thrice_it.py"),
        ('function="twice"', 'function="2x"', 5, "function must be a Python name, got '2x'"),
        ('function="twice"', 'function="double"', 9, r"\[solution\] must define double"),
        ('title="Twice it"', 'title="Twice it', 5, "cannot read the attributes"),
        ("def cases(rng)", "def inputs(rng)", 14, r"\[hidden\] must define cases"),
        ('name="identity"', 'name="squares"', 27, "kebab-case and unique, got 'squares'"),
        ('name="identity"', 'name="Same"', 27, "kebab-case and unique, got 'Same'"),
        ('expect="return"', 'expect=""', 32, r"missing: \['expect'\]"),
        ("def twice(x):\n    return x\n", "def once(x):\n    return x\n", 27, "must define twice"),
    ],
)  # fmt: skip
def test_malformed_files_name_file_and_line(write, old, new, line, message):
    assert old in FILE
    path = write(FILE.replace(old, new, 1))
    with pytest.raises(ExerciseFileError, match=message) as caught:
        exercise_files.read(path)
    assert str(caught.value).startswith(f"{path}, line {line}: ")


def test_a_file_without_cells(write):
    with pytest.raises(ExerciseFileError, match=r"line 1: no cell; begin with"):
        exercise_files.read(write("x = 1\n"))


def test_a_file_without_solution(write):
    start = FILE.index("# %% [solution]")
    path = write(FILE[:start] + FILE[FILE.index("# %% [hidden]") :])
    with pytest.raises(ExerciseFileError, match=r"one \[solution\] cell is needed, found 0"):
        exercise_files.read(path)


def test_a_file_with_two_hidden_tests(write):
    path = write(FILE + "\n\n# %% [hidden]\ndef cases(rng):\n    return []\n")
    with pytest.raises(ExerciseFileError, match=r"line 37: one \[hidden\] cell .*found 2"):
        exercise_files.read(path)


def test_the_header_comes_first(write):
    header = FILE[FILE.index("# %% [exercise]") : FILE.index("# %% [solution]")]
    path = write(FILE.replace(header, "") + "\n" + header)
    with pytest.raises(ExerciseFileError, match=r"line 5: the first cell must be \[exercise\]"):
        exercise_files.read(path)


def test_three_wrong_answers_are_needed(write):
    path = write(FILE[: FILE.index('# %% [wrong] name="nothing"')])
    with pytest.raises(ExerciseFileError, match="line 27: 3 wrong answers needed, found 2"):
        exercise_files.read(path)


def test_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        exercise_files.read(tmp_path / "absent.py")


def test_load_all_sorted_and_by_chapter(write, tmp_path):
    write(chapter="02_b")
    write()
    write(FILE.replace("twice-it", "again"), "again.py")
    write("", "__init__.py")
    found = exercise_files.load_all(root=tmp_path)
    assert [(one.chapter, one.id) for one in found] == [
        ("01_small", "again"),
        ("01_small", "twice-it"),
        ("02_b", "twice-it"),
    ]
    assert [one.id for one in exercise_files.load_all("02_b", tmp_path)] == ["twice-it"]
    assert exercise_files.load_all("03_none", tmp_path) == []


def test_hidden_test_draws_from_its_seed(write):
    exercise = exercise_files.read(write())
    first, again, other = (hidden_tests.hidden_test(exercise, seed, {}) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.cases[0][0], again.cases[0][0])
    assert not np.array_equal(first.cases[0][0], other.cases[0][0])
    np.testing.assert_array_equal(first.expected[0], 2 * first.cases[0][0])


def test_hidden_feedback_of_right_and_wrong_answers(write):
    exercise = exercise_files.read(write())
    assert hidden_tests.hidden_feedback(exercise, lambda x: x + x, 7, {}) is None
    assert (
        hidden_tests.hidden_feedback(
            exercise, lambda x: 2 * x + (len(x) == 3) * np.full_like(x, 1e-4), 7, {}
        )
        is None
    )
    wrong = hidden_tests.hidden_feedback(exercise, lambda x: x[:2], 7, {})
    assert wrong == "hidden case 1 of 2: the result: expected shape (3,), got (2,)"
    late = hidden_tests.hidden_feedback(exercise, lambda x: 2 * x if len(x) > 1 else x, 7, {})
    assert late == "hidden case 2 of 2: the result: 1 of 1 values differ"


def test_hidden_feedback_of_an_answer_that_fails(write):
    exercise = exercise_files.read(write())
    message = hidden_tests.hidden_feedback(exercise, lambda x: x.reshape(2, 2), 7, {})
    assert message.startswith("hidden case 1 of 2: ValueError: cannot reshape")


def test_an_answer_cannot_change_the_inputs(write):
    exercise = exercise_files.read(write())

    def in_place(x):
        x *= 2
        return x

    assert hidden_tests.hidden_feedback(exercise, in_place, 7, {}) is None


def test_hidden_code_sees_the_chapter_but_does_not_change_it(write):
    text = FILE.replace("    return FACTOR * x", "    return BASE * FACTOR * x")
    exercise = exercise_files.read(write(text))
    namespace = {"BASE": 10, "compare": lambda *_: "the chapter's own", "TOLERANCE": 1e9}
    before = dict(namespace)
    assert hidden_tests.hidden_feedback(exercise, lambda x: 20 * x, 7, namespace) is None
    assert namespace == before


def test_an_exercise_may_compare_in_its_own_way(write):
    own = (
        "def compare(expected, actual, arguments):\n"
        "    arguments[0][:] = 0\n"
        "    return None if (expected > 0).all() == actual else 'wrong sign'\n\n\n"
    )
    text = FILE.replace('# %% [wrong] name="squares"', own + '# %% [wrong] name="squares"')
    test = hidden_tests.hidden_test(exercise_files.read(write(text)), 7, {})
    signs = [bool((case[0] > 0).all()) for case in test.cases]
    assert test.feedback(signs) is None
    assert test.feedback([signs[0], not signs[1]]) == "hidden case 2 of 2: wrong sign"
    assert test.cases[1][0][0] == 5


def test_feedback_wants_one_output_a_case(write):
    test = hidden_tests.hidden_test(exercise_files.read(write()), 7, {})
    with pytest.raises(ValueError, match="2 cases need as many outputs, got 1"):
        test.feedback([1])


@pytest.mark.parametrize("body", ["[]", "[np.ones(3)]", "None"])
def test_cases_must_be_tuples(write, body):
    text = FILE.replace("[(rng.normal(size=3),), (np.array([5]),)]", body)
    with pytest.raises(ValueError, match=r"must return a list of argument tuples"):
        hidden_tests.hidden_test(exercise_files.read(write(text)), 7, {})


def test_errors_in_hidden_code_show_the_files_line(write):
    text = FILE.replace("    return [(rng.normal(size=3),)", "    return [(rng.nromal(size=3),)")
    path = write(text)
    with pytest.raises(AttributeError) as caught:
        hidden_tests.hidden_test(exercise_files.read(path), 7, {})
    assert caught.traceback[-1].lineno + 1 == 19
    assert str(path) in str(caught.traceback[-1].frame.code.raw.co_filename)


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (1.0, 1.0 + 1e-7),
        (1.0, 1),
        (1, np.int32(1)),
        (np.float32(0.5), 0.5),
        (1j, 1j),
        (2 + 0j, 2.0),
        (True, np.bool_(True)),
        ("a", "a"),
        (None, None),
        ((1, 2.0), [1, 2.0]),
        ([1.0, [2.0, "x"]], (1.0, (2.0, "x"))),
        ({"a": 1, "b": [np.ones(2)]}, {"b": [np.ones(2)], "a": 1}),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (np.array([NAN, 1.0]), np.array([NAN, 1.0])),
        (INF, INF),
        (1e9, 1e9 + 100),
    ],
)
def test_no_difference(expected, actual):
    assert difference(expected, actual) is None


@pytest.mark.parametrize(
    ("expected", "actual", "message"),
    [
        (1.0, 1.1, "the result: off by up to 0.1"),
        (1.0, 1.00001, "the result: off by up to 1e-05"),
        (np.zeros(3), np.array([0, 0.25, -0.5]), "the result: off by up to 0.5"),
        (np.zeros(3), np.zeros((3, 1)), "the result: expected shape (3,), got (3, 1)"),
        (np.array([1, 2]), np.array([1, 3]), "the result: 1 of 2 values differ"),
        (np.array([1]), np.array([1.0]), "the result: expected whole numbers, got real numbers"),
        (1.0, True, "the result: expected real numbers, got true or false"),
        (True, 1, "the result: expected true or false, got whole numbers"),
        (1.0, "1.0", "the result: expected real numbers, got text"),
        (1.0, 1j, "the result: expected real numbers, got complex128 values"),
        (1j, "a", "the result: expected complex128 values, got text"),
        ("a", "b", "the result: 1 of 1 values differ"),
        (1.0, NAN, "the result: holds NaN or infinite values"),
        (1.0, INF, "the result: holds NaN or infinite values"),
        (NAN, 1.0, "the result: expected NaN or infinite values in some places"),
        (1.0, None, "the result: expected float, got nothing (None)"),
        (None, 1.0, "the result: expected nothing (None), got float"),
        (1.0, [[1], [2, 3]], "the result: expected numbers, got list"),
        ((1, 2), (1, 2, 3), "the result: expected 2 values, got 3"),
        ((1, 2), 5, "the result: expected 2 values in a tuple or list, got int"),
        ((1, (2.0, 3.0)), (1, (2.0, 4.0)), "the result[1][1]: off by up to 1"),
        ({"a": 1}, [1], "the result: expected a dictionary, got list"),
        (
            {"a": 1, "c": 1},
            {"a": 1, "b": 1},  # a key may hold a hidden input, so what is there is only counted
            "the result: expected the keys ['a', 'c']; 1 of them are there, and 1 others",
        ),
        ({"a": (1, 2)}, {"a": (1, 3)}, "the result['a'][1]: 1 of 1 values differ"),
    ],
)  # fmt: skip
def test_difference_says_what_and_where(expected, actual, message):
    assert difference(expected, actual) == message


def test_difference_within_the_tolerance_given():
    assert difference(1.0, 1.05, tolerance=0.1) is None
    assert difference(0.0, 1e-7) is None
