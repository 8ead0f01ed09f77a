import subprocess
import sys
import types

import numpy as np
import pytest

from nnbook_utils import exercises
from nnbook_utils.cells import run_source

CHECK = 'with exercise("double"):\n    value = double(2)\n    assert value == 4, "twice 2 is 4"\n'


def check(answer, check_source=CHECK):
    """Run a student's cell and its check as a notebook would; return status and feedback."""
    namespace = {"exercise": exercises.exercise, "np": np}
    run_source(answer, "book.ipynb#stub-double", namespace)
    run_source(check_source, "book.ipynb#check-double", namespace)
    return exercises.status().get("double"), exercises.feedback("double")


def test_stub_is_unsolved(capsys):
    stub = 'def double(x):\n    """Return 2 x."""\n    raise NotImplementedError("double")\n'
    assert check(stub) == ("unsolved", "")
    assert capsys.readouterr().out == "double: Not solved yet\n"


@pytest.mark.parametrize("raised", ['NotImplementedError("todo")', "NotImplementedError"])
def test_a_stub_with_other_words_is_unsolved(raised):
    assert check(f"def double(x):\n    raise {raised}\n") == ("unsolved", "")


def test_a_stub_called_from_another_module_is_unsolved():
    answer = (
        "import functools\n"
        "def inner(x, y):\n    raise NotImplementedError('double')\n"
        "def double(x):\n    return functools.reduce(inner, [1, 2])\n"
    )
    assert check(answer) == ("unsolved", "")


def test_a_stub_that_runs_in_a_namespace_of_its_own_is_unsolved():
    stub = run_source("def double(x):\n    raise NotImplementedError('double')\n", "stub", {})
    namespace = {"exercise": exercises.exercise, "double": stub["double"]}
    run_source(CHECK, "book.ipynb#check-double", namespace)
    assert exercises.status() == {"double": "unsolved"}


@pytest.mark.parametrize("message", ["cannot convert", "unable to convert"])
def test_a_librarys_not_implemented_error_is_an_error(message):
    answer = "import numbers\nclass N(int): pass\ndef double(x):\n    return ask(x)\n"
    library = {"__name__": "library"}
    run_source(f"def ask(x):\n    raise NotImplementedError('{message}')\n", "lib.py", library)
    namespace = {"exercise": exercises.exercise, "ask": library["ask"]}
    run_source(answer, "book.ipynb#stub-double", namespace)
    run_source(CHECK, "book.ipynb#check-double", namespace)
    assert exercises.status() == {"double": "error"}
    assert exercises.feedback("double") == (
        f"NotImplementedError: {message}\nin double, line 4 of its cell: return ask(x)"
    )


def test_right_answer_passes(capsys):
    assert check("def double(x):\n    return 2 * x\n") == ("passed", "")
    assert capsys.readouterr().out == "double: Passed\n"


def test_wrong_answer_shows_the_message(capsys):
    assert check("def double(x):\n    return x\n") == ("failed", "twice 2 is 4")
    assert capsys.readouterr().out == "double: Not right yet\ntwice 2 is 4\n"


@pytest.mark.parametrize("message", ["", ', ""', ', "  "'])
def test_assert_without_a_message_shows_its_line(message):
    source = f'with exercise("double"):\n    value = double(2)\n    assert value == 4{message}\n'
    status, feedback = check("def double(x):\n    return x\n", source)
    assert status == "failed"
    assert feedback == f"This does not hold: assert value == 4{message}"


def test_assert_of_the_student_shows_the_students_line():
    status, feedback = check("def double(x):\n    assert x > 5\n    return x\n")
    assert (status, feedback) == ("failed", "This does not hold: assert x > 5")


def test_numpy_comparison_is_feedback():
    source = 'with exercise("double"):\n    np.testing.assert_allclose(double(np.ones(2)), 2)\n'
    status, feedback = check("def double(x):\n    return x\n", source)
    assert status == "failed"
    assert "Not equal to tolerance" in feedback


def test_error_shows_the_students_own_line(capsys):
    answer = "def double(x):\n    y = np.ones(3)\n    return y.reshape(2, 2)\n"
    status, feedback = check(answer)
    assert status == "error"
    assert feedback == (
        "ValueError: cannot reshape array of size 3 into shape (2,2)\n"
        "in double, line 3 of its cell: return y.reshape(2, 2)"
    )
    assert capsys.readouterr().out == f"double: Stopped by an error\n{feedback}\n"


def test_error_shows_the_innermost_of_the_students_lines():
    answer = "def halve(x):\n    return x / 0\ndef double(x):\n    return 4 * halve(x)\n"
    assert check(answer)[1] == (
        "ZeroDivisionError: division by zero\nin halve, line 2 of its cell: return x / 0"
    )


def test_error_without_a_message_shows_its_type_only():
    assert check("def double(x):\n    raise KeyError\n")[1].splitlines()[0] == "KeyError"


def test_error_in_the_check_asks_for_a_return_value():
    source = 'with exercise("double"):\n    assert double(2).shape == (), "shape"\n'
    status, feedback = check("def double(x):\n    2 * x\n", source)
    assert status == "error"
    assert feedback == (
        "AttributeError: 'NoneType' object has no attribute 'shape'\n"
        "The check could not use what your function returned: "
        'assert double(2).shape == (), "shape"\n'
        "Does it return a value, of the kind that the task describes?"
    )


def test_missing_answer_asks_to_run_its_cell():
    status, feedback = check("pass")
    assert status == "error"
    assert feedback == (
        "NameError: name 'double' is not defined\n"
        "Run the cell with your answer first, then this check again."
    )


def test_name_error_inside_the_answer_shows_its_line():
    feedback = check("def double(x):\n    return tow * x\n")[1]
    assert feedback.endswith("in double, line 2 of its cell: return tow * x")


def test_exit_does_not_stop_the_notebook():
    status, feedback = check("import sys\ndef double(x):\n    sys.exit('bye')\n")
    assert (status, feedback.splitlines()[0]) == ("error", "SystemExit: bye")


def test_endless_recursion_is_an_error():
    status, feedback = check("def double(x):\n    return double(x)\n")
    assert status == "error"
    assert feedback.startswith("RecursionError")
    assert "in double, line 2" in feedback


def test_interrupt_passes_through_and_leaves_no_status():
    namespace = {"exercise": exercises.exercise}
    with pytest.raises(KeyboardInterrupt):
        run_source('with exercise("double"):\n    raise KeyboardInterrupt', "cell", namespace)
    assert exercises.status() == {}


def test_interrupt_forgets_the_former_status():
    check("def double(x):\n    return 2 * x\n")
    with pytest.raises(KeyboardInterrupt), exercises.exercise("double"):
        raise KeyboardInterrupt
    assert exercises.status() == {}


def test_status_keeps_the_last_outcome_of_each():
    check("def double(x):\n    return x\n")
    with exercises.exercise("other"):
        raise NotImplementedError("other")
    check("def double(x):\n    return 2 * x\n")
    assert exercises.status() == {"other": "unsolved", "double": "passed"}
    assert exercises.feedback("double") == ""


def test_status_is_a_copy():
    exercises.status()["double"] = "passed"
    assert exercises.status() == {}


def test_clear_forgets():
    check("def double(x):\n    return x\n")
    exercises.clear()
    assert exercises.status() == {}


def test_feedback_of_an_unknown_exercise_suggests_the_nearest():
    check("def double(x):\n    return x\n")
    with pytest.raises(ValueError, match=r"exercise 'duoble' has run; did you mean 'double'\?"):
        exercises.feedback("duoble")
    exercises.clear()
    with pytest.raises(ValueError, match="known: none"):
        exercises.feedback("double")


@pytest.mark.parametrize("wrong", ["", "Double", "a_b", "a-", "-a", "a b", "a\n", None, 3])
def test_names_must_be_kebab_case(wrong):
    with pytest.raises(ValueError, match="kebab-case such as 'backward-pass', got"):
        exercises.exercise(wrong)


@pytest.mark.parametrize("right", ["a", "a-b", "conv-2d", "backward-pass"])
def test_kebab_case_names(right):
    with exercises.exercise(right) as entered:
        pass
    assert entered.id == right
    assert exercises.status() == {right: "passed"}


def test_feedback_is_cut_at_two_thousand_characters():
    status, feedback = check(
        "def double(x):\n    return x\n", CHECK.replace('"twice 2 is 4"', '"x" * 5000')
    )
    assert status == "failed"
    assert feedback == "x" * 2000 + " ..."
    assert check(
        "def double(x):\n    return x\n", CHECK.replace('"twice 2 is 4"', '"x" * 2000')
    ) == (
        "failed",
        "x" * 2000,
    )


@pytest.fixture
def shown(monkeypatch):
    """What a notebook would display, collected."""
    bundles = []
    display = types.SimpleNamespace(
        display=lambda bundle, raw: bundles.append(bundle) if raw else pytest.fail("not raw")
    )
    fake = types.SimpleNamespace(get_ipython=lambda: object(), display=display)
    monkeypatch.setitem(sys.modules, "IPython", fake)
    return bundles


def test_notebook_output_carries_text_markup_and_status(shown, capsys):
    check("def double(x):\n    return x\n", CHECK.replace("twice 2 is 4", "2 < 4 & more"))
    (bundle,) = shown
    assert set(bundle) == {"text/plain", "text/html", exercises.EXERCISE_MIME}
    assert bundle["text/plain"] == "double: Not right yet\n2 < 4 & more"
    assert bundle[exercises.EXERCISE_MIME] == {"id": "double", "status": "failed"}
    assert bundle["text/html"] == (
        "<div class='nnbook-exercise nnbook-failed' role='status' "
        "style='border-left:0.3em solid #d55e00;padding:0.3em 0.8em'>"
        "<strong>double: Not right yet</strong>"
        "<pre style='margin:0.3em 0 0;white-space:pre-wrap'>2 &lt; 4 &amp; more</pre></div>"
    )
    assert capsys.readouterr().out == ""


def test_notebook_output_without_detail(shown):
    check("def double(x):\n    return 2 * x\n")
    (bundle,) = shown
    assert bundle["text/html"] == (
        "<div class='nnbook-exercise nnbook-passed' role='status' "
        "style='border-left:0.3em solid #009e73;padding:0.3em 0.8em'>"
        "<strong>double: Passed</strong></div>"
    )
    assert bundle[exercises.EXERCISE_MIME] == {"id": "double", "status": "passed"}


@pytest.mark.parametrize(
    ("raised", "edge"),
    [("NotImplementedError", "unsolved' role='status' style='border-left:0.3em solid #8a8a8a"),
     ("OSError", "error' role='status' style='border-left:0.3em solid #d55e00")],
)  # fmt: skip
def test_each_status_has_its_own_edge(shown, raised, edge):
    check(f"def double(x):\n    raise {raised}\n")
    assert edge in shown[0]["text/html"]


def test_ipython_without_a_shell_prints(monkeypatch, capsys):
    fake = types.SimpleNamespace(get_ipython=lambda: None)
    monkeypatch.setitem(sys.modules, "IPython", fake)
    check("def double(x):\n    return 2 * x\n")
    assert capsys.readouterr().out == "double: Passed\n"


def test_in_a_real_shell_the_students_line_is_found():
    """IPython compiles cells under names of its own; lines and statuses must survive that."""
    code = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "shell.run_cell('from nnbook_utils import exercise')\n"
        "shell.run_cell('def double(x):\\n    y = 0\\n    return x / y')\n"
        'shell.run_cell(\'with exercise("double"):\\n    assert double(2) == 4, "wrong"\')\n'
        "from nnbook_utils import exercises\n"
        "print(exercises.status())\n"
        "print(exercises.feedback('double'))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "{'double': 'error'}" in done.stdout
    assert "in double, line 3 of its cell: return x / y" in done.stdout
