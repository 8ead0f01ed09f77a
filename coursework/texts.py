"""The README.txt of each zip file."""

from coursework.assignments import Assignment

__all__ = ["for_instructors", "for_students"]

STUDENTS = """\
{title}
{due}
{notebook} is the notebook to complete.
Its first cell lists the exercises and their points.

Run it
------

{run}

Replace the line "raise NotImplementedError(...)" of each exercise by your code,
run that cell, then run the check below it.
The check says what is wrong, or "Passed".
An exercise needs the cells colab-setup, imports and settings, the first three
with code, and its own two cells; no other has to run.

Hand it in
----------

Restart the kernel, run the cells that you need once more from the top, and save.
Hand in {notebook}, under that name, in the way that your teacher has named.
{colab_save}
Licence
-------

{licence}
"""
ON_COLAB = """\
On Colab (colab.research.google.com), choose File > Upload notebook.
The first cell with code installs what the notebook needs.

"""
LOCALLY = """\
On your own machine you need Python 3.11, 3.12 or 3.13.
In the folder of the notebook, on Linux and macOS:

    python3 -m venv .venv
    .venv/bin/pip install jupyterlab "nnbook-utils[tensorflow] @ {install}"
    .venv/bin/jupyter lab

On Windows:

    py -m venv .venv
    .venv\\Scripts\\pip install jupyterlab "nnbook-utils[tensorflow] @ {install}"
    .venv\\Scripts\\jupyter lab"""
UNKNOWN = """\
The notebook needs the book's helpers, the package nnbook-utils, and TensorFlow.
Your teacher tells you how to install them."""
COLAB_SAVE = "On Colab, File > Download > Download .ipynb saves it on your machine.\n"
LICENCE = """\
The notebook comes from "{book}".
Its code is under the MIT licence (LICENSE), its text under
CC BY 4.0 (LICENSE-text). {changed}"""
ADDED = "The first cell was added for this assignment."
TRIMMED = """The notebook was shortened to its exercises
for this assignment, and a first cell was added."""

INSTRUCTORS = """\
{title}: for instructors, not for students
{due}
{chapter}_solved.ipynb  the students' notebook with the model solutions
rubric.md  points, what each check demands, typical mistakes and what they are told
points.csv  the points of each exercise
exercises  for each exercise: model solution, hidden test, typical wrong answers

Each exercise file is the one of the book's repository, where everybody can read it.
What students cannot know are the inputs of the hidden test: they are drawn from a
seed that you choose. The docstrings of coursework/exercise_files.py and
coursework/hidden_tests.py in the repository say how these files are run.

Licence
-------

{licence}
"""


def for_students(assignment: Assignment) -> str:
    """Return how to run the notebook and how to hand it in.

    Example:
        >>> print(for_students(assignment))  # doctest: +SKIP
    """
    install = assignment.install_from
    return STUDENTS.format(
        title=assignment.title,
        due=_due(assignment),
        notebook=f"{assignment.chapter}.ipynb",
        run=ON_COLAB + LOCALLY.format(install=install) if install else UNKNOWN,
        colab_save=COLAB_SAVE if install else "",
        licence=_licence(assignment),
    )


def for_instructors(assignment: Assignment) -> str:
    """Return what the instructors' files are.

    Example:
        >>> print(for_instructors(assignment))  # doctest: +SKIP
    """
    return INSTRUCTORS.format(
        title=assignment.title,
        due=_due(assignment),
        chapter=assignment.chapter,
        licence=_licence(assignment),
    )


def _due(assignment: Assignment) -> str:
    return f"Due on {assignment.due_text}.\n" if assignment.due else ""


def _licence(assignment: Assignment) -> str:
    changed = TRIMMED if assignment.exercises_only else ADDED
    return LICENCE.format(book=assignment.book, changed=changed)
