# ruff: noqa: E501 - programs of students stand in one line
import csv
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from coursework.__main__ import main
from coursework.assignments import read_assignment
from coursework.grading import gradebooks, reports
from coursework.grading.classes import HIDDEN_DIR, KEPT
from coursework.grading.course import grade_folder
from coursework.grading.judge import Course, Mark, Result, grade, load, seed_of
from coursework.grading.sandbox import Limits, NoSandboxError, Sandbox, command
from coursework.grading.session import Room, find_sandbox
from coursework.grading.similarity import alike, normal_form
from coursework.grading.submissions import Submission, collect

ROOT = Path(__file__).parent.parent
SEED = 7403
LIMITS = Limits(seconds=2.0, memory=256 * 2**20, processes=16)
NEEDS = "grading needs bubblewrap: apt install bubblewrap"
HALF = """\
import numpy as np

# %% [exercise] id="half" title="A half" points=2 function="half"

# %% [solution]
def half(values):
    return values / 2

# %% [hidden]
def cases(rng):
    return [(rng.random(4),), (rng.random((3, 2)),)]

# %% [wrong] name="third" expect="divide by two"
def half(values):
    return values / 3

# %% [wrong] name="double" expect="divide by two"
def half(values):
    return values * 2

# %% [wrong] name="same" expect="divide by two"
def half(values):
    return values
"""
TOTAL = (
    HALF.replace("half", "total")
    .replace("values / 2", "values.sum()")
    .replace("points=2", "points=3")
)
CELLS = {
    "title": "# Tiny",
    "colab-setup": "# nothing to install",
    "imports": "import numpy as np\n\nfrom nnbook_utils import exercise",
    "settings": "SEED = 0",
    "exercise-half": "### Exercise: a half",
    "stub-half": 'def half(values):\n    raise NotImplementedError("half")',
    "check-half": 'with exercise("half"):\n'
    "    assert np.allclose(half(np.array([2.0, 4.0])), [1, 2]), 'divide by two'",
    "exercise-total": "### Exercise: a total",
    "stub-total": 'def total(values):\n    raise NotImplementedError("total")',
    "check-total": 'with exercise("total"):\n'
    "    assert np.isclose(total(np.array([2.0, 4.0])), 6), 'divide by two'",
}
RIGHT_HALF = "def half(values):\n    return values / 2"
RIGHT_TOTAL = "def total(values):\n    return values.sum()"


def notebook(*cells, ids=("stub-half", "stub-total")):
    ids = [*ids, *(f"more-{place}" for place in range(len(cells)))]
    code = [
        {"cell_type": "code", "id": name, "metadata": {}, "outputs": [], "source": source}
        for name, source in zip(ids, cells, strict=False)
    ]
    return json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


RIGHT = notebook(RIGHT_HALF, RIGHT_TOTAL)


@pytest.fixture(scope="module")
def sandbox():
    try:
        return find_sandbox()  # its probe forks 20 times at most, and says whether the limit holds
    except NoSandboxError as error:
        if os.environ.get("CI") and sys.platform == "linux":
            pytest.fail(f"{NEEDS}\n{error}")
        pytest.skip(f"{NEEDS}\n{error}")


def tiny_book(root):
    """Write a repository with one chapter that needs no TensorFlow into a folder."""
    (root / "chapters").mkdir()
    folder = root / "coursework/exercises/01_tiny"
    folder.mkdir(parents=True)
    cells = [
        {
            "cell_type": "markdown" if name.startswith(("title", "exercise-")) else "code",
            "id": name,
            "metadata": {},
            "source": source,
        }
        for name, source in CELLS.items()
    ]
    (root / "chapters/01_tiny.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}}))
    (folder / "half.py").write_text(HALF)
    (folder / "total.py").write_text(TOTAL)
    (root / "_config.yml").write_text("title: A book\n")
    (root / "references.bib").write_text("")
    return root


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return tiny_book(tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="module")
def course(root):
    assignment = read_assignment("01_tiny", root)
    namespace, _ = load(assignment)
    return Course(assignment, SEED, namespace, LIMITS)


@pytest.fixture(scope="module")
def room(sandbox, course):
    with Room(sandbox, load(course.assignment)[1], LIMITS) as room:
        yield room


@pytest.fixture
def graded(course, room):
    def graded(content, name="Ada"):
        files = content if isinstance(content, dict) else {"a.ipynb": content}
        return grade(course, Submission(name, "files", "", files), room)

    return graded


def points(result):
    return [mark.points for mark in result.marks]


# Answers that are right


@pytest.mark.parametrize(
    "half",
    [
        RIGHT_HALF,
        "import sys\ndef half(values):\n    print('x' * 9999)\n"
        "    print('!', file=sys.stderr)\n    return values / 2",
        "%matplotlib inline\n" + RIGHT_HALF,
        RIGHT_HALF + "\nplot(half)",  # an error after the function
        "from math import pi as number\ndef half(values):\n    return values * 0.5 + 0 * number",
        "half = lambda values: values / 2",
    ],
)
def test_right_answers_get_all_points(graded, half):
    assert points(graded(notebook(half, RIGHT_TOTAL))) == [2, 3]


@pytest.mark.parametrize(
    "content",
    [
        notebook(RIGHT_TOTAL, RIGHT_HALF, ids=("a", "b")),  # without ids, reordered
        notebook(RIGHT_HALF, RIGHT_TOTAL, RIGHT_HALF),  # duplicated
        notebook(
            "def helper(v):\n    return v / 2",
            "def half(v):\n    return helper(v)",
            RIGHT_TOTAL,
            ids=("x", "stub-half", "stub-total"),
        ),
        notebook(
            RIGHT_HALF, RIGHT_TOTAL, "assert False", ids=("stub-half", "stub-total", "check-half")
        ),
    ],
)
def test_edited_notebooks_are_graded(graded, content):
    assert points(graded(content)) == [2, 3]


def test_colab_keeps_ids_elsewhere(graded):
    content = json.loads(RIGHT)
    for cell in content["cells"]:
        cell["metadata"] = {"id": cell.pop("id")}
    assert points(graded(json.dumps(content).encode())) == [2, 3]


# Answers that are wrong


@pytest.mark.parametrize(
    ("half", "status", "said"),
    [
        ("def half(values):\n    return values", "failed", "divide by two"),
        (CELLS["stub-half"], "unsolved", "replace the line"),
        ("def half(values:\n    return", "unreadable", "Python cannot read"),
        ("def half(values):\n    return [1.0, 2.0]", "hidden", "other inputs"),
        ("def half(values):\n    return values / [][1]", "error", "IndexError"),
        ("def halves(values):\n    return values / 2", "missing", "no cell defines"),
    ],
)
def test_wrong_answers_are_told_why(graded, half, status, said):
    result = graded(notebook(half, RIGHT_TOTAL))
    assert result.marks[0].status == status
    assert said in result.marks[0].feedback
    assert points(result) == [0, 3]


def test_an_error_cannot_carry_hidden_inputs_out(graded):
    source = (
        "def half(values):\n    if len(values) == 2: return values / 2\n"
        "    raise type('Leak%d' % (values[0] * 1e6), (Exception,), {})(str(values))"
    )
    mark = graded(notebook(source, RIGHT_TOTAL)).marks[0]
    assert mark.status == "hidden"
    assert "Leak" not in mark.feedback
    assert "0." not in mark.feedback


# The hostile set: each ends in no points for the answer, and the next student gets theirs

WASTE = "def half(values):\n    {}\n    return values"
HOSTILE = {
    "endless": "while True: pass",
    "no-interrupt": "import signal\n    for n in range(1, 65):\n"
    "        try: signal.signal(n, signal.SIG_IGN)\n        except Exception: pass\n"
    "    while True:\n        try:\n            while True: pass\n"
    "        except BaseException: pass",
    "memory": "held = []\n    while True: held.append(bytearray(2**24))",
    "forks": "import os\n    while True:\n        try: os.fork()\n        except OSError: pass",
    "threads": "import threading, time\n    while True:\n"
    "        threading.Thread(target=time.sleep, args=(9,)).start()",
    "flood": "while True: print('x' * 2**20)",
    "flood-socket": "import os\n    for n in range(3, 64):\n"
    "        try: os.write(n, b'x' * 2**20)\n        except OSError: pass",
    "exit": "import os\n    os._exit(0)",
    "kill": "import os\n    os.kill(-1, 9)",
    "segfault": "import ctypes\n    ctypes.string_at(0)",
    "assert": "import builtins, numpy, numpy.testing as t\n"
    "    numpy.allclose = numpy.isclose = lambda *a, **k: True\n"
    "    t.assert_allclose = lambda *a, **k: None\n    builtins.AssertionError = SystemExit",
    "ipython": "import sys, types\n    sys.modules['IPython'] = types.ModuleType('IPython')",
    "trace": "import sys\n    def local(frame, event, arg):\n        frame.f_locals['wrong'] = None\n"
    "        return local\n    sys.settrace(local)",
    "status": "import nnbook_utils.exercises as e\n    e._statuses = {'half': 'passed'}",
    "liar": "class Liar:\n        def __eq__(self, other): return True\n"
    "        def __array__(self, *a, **k): return values\n        def __le__(self, o): return True\n"
    "    return Liar()",
    "disk": "import itertools\n    for n in itertools.count():\n"
    "        open(f'{n}', 'wb').write(b'x' * 2**24)",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_answers_harm_nobody(graded, name):
    hostile = graded(notebook(WASTE.format(HOSTILE[name]), RIGHT_TOTAL), "Mallory")
    assert points(hostile)[0] == 0
    assert hostile.marks[0].feedback
    assert points(hostile)[1] == 3  # their own other answer
    assert points(graded(RIGHT)) == [2, 3]


READER = """\
import os
def half(values):
    found = []
    for place in {places!r}:
        try:
            found.append(open(place).read())
        except OSError:
            pass
        try:
            open(place, "w").write("mine")
            found.append("written")
        except OSError:
            pass
        try:
            os.remove(place)
            found.append("removed")
        except OSError:
            pass
    try:
        os.listdir({folder!r})
        found.append("listed")
    except OSError:
        pass
    return values / 2 if not found else values
"""


def test_nothing_of_the_disk_can_be_read_written_or_removed(graded, tmp_path, root):
    other = tmp_path / "other.ipynb"
    other.write_bytes(RIGHT)
    places = [other, root / "coursework/exercises/01_tiny/half.py", ROOT / "README.md"]
    places += [ROOT / "coursework/hidden_tests.py", Path("/etc/passwd"), Path("/etc/shadow")]
    before = {place: place.read_bytes() for place in places[:4]}
    reader = READER.format(places=[str(place) for place in places], folder=str(tmp_path))
    assert points(graded(notebook(reader, RIGHT_TOTAL))) == [2, 3]
    assert {place: place.read_bytes() for place in places[:4]} == before


def test_there_is_no_network(graded):
    connect = "socket.create_connection(('127.0.0.1', {}), 1)"
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        source = f"import socket\ndef half(v):\n    {connect.format(port)}\n    return v / 2"
        result = graded(notebook(source, RIGHT_TOTAL))
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
        with socket.create_connection(("127.0.0.1", port), 1):  # from out here it works
            server.accept()[0].close()
    assert points(result) == [0, 3]


def test_nothing_stays_for_the_next_student(graded):
    leaves = "import os, numpy\ndef half(values):\n    open('../left', 'w').write('x')\n    numpy.left = 1\n    return values / 2"
    finds = "import os, numpy\ndef half(values):\n    return values if os.path.exists('../left') or hasattr(numpy, 'left') else values / 2"
    assert points(graded(notebook(leaves, RIGHT_TOTAL))) == [2, 3]
    assert points(graded(notebook(finds, RIGHT_TOTAL))) == [2, 3]


# What was handed in


@pytest.mark.parametrize(
    "content",
    [b"", b"not json", b"[]", b'{"cells": 3}', b"[" * 100_000, b"\xff\xfe", b'{"cells": [[]]}'],
)
def test_what_is_no_notebook_is_a_flag(graded, content):
    result = graded(content)
    assert points(result) == [0, 0]
    assert "not a notebook" in result.flags[0]


@pytest.mark.parametrize("source", ["(" * 90_000, "-" * 90_000 + "1", "x = " + "[" * 9_000, "\0"])
def test_source_that_breaks_parsers(graded, source):
    assert points(graded(notebook(RIGHT_HALF, RIGHT_TOTAL, source))) == [2, 3]


def test_names_of_canvas_moodle_and_people(tmp_path):
    (tmp_path / "lovelaceada_LATE_12_345_Copy of 01_tiny-1.ipynb").write_bytes(RIGHT)
    (tmp_path / "turingalan_13_346_hw (2).ipynb").write_bytes(RIGHT)
    moodle = tmp_path / "Emmy Noether_99_assignsubmission_file_"
    moodle.mkdir()
    (moodle / "Untitled.ipynb").write_bytes(RIGHT)
    (tmp_path / "grace.ipynb").write_bytes(RIGHT)
    found = {one.student: (one.source, one.id) for one in collect(tmp_path)}
    assert found == {
        "lovelaceada": ("canvas", "12"),
        "turingalan": ("canvas", "13"),
        "Emmy Noether": ("moodle", "99"),
        "grace": ("files", ""),
    }


def test_bombs_large_files_and_paths_that_lead_out(tmp_path, monkeypatch):
    monkeypatch.setattr("coursework.grading.submissions.MAX_NOTEBOOK", 10**6)
    (tmp_path / "large.ipynb").write_bytes(b" " * (10**6 + 1))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../escaped.ipynb", RIGHT)
        archive.writestr("bomb.ipynb", b" " * 10**8)
        archive.writestr("fine.ipynb", RIGHT)
    (tmp_path / "mallory.zip").write_bytes(stream.getvalue())
    if os.name == "posix":
        (tmp_path / "link.ipynb").symlink_to("/etc/passwd")
    found = {one.student: one for one in collect(tmp_path)}
    assert "MiB" in found["large"].faults[0]
    assert list(found["mallory"].files) == ["mallory.zip/fine.ipynb"]
    assert [("leads out" in one, "MiB" in one) for one in found["mallory"].faults] == [
        (True, False),
        (False, True),
    ]
    assert os.name != "posix" or "link" in found["link"].faults[0]
    assert not (tmp_path.parent / "escaped.ipynb").exists()


def test_a_notebook_of_100_megabytes_is_a_flag_and_costs_nobody_else(sandbox, root, tmp_path):
    folder = tmp_path / "handed-in"
    folder.mkdir()
    (folder / "ada.ipynb").write_bytes(RIGHT)
    output = b'{"cells": [], "metadata": {"output": "' + b"x" * 10**8 + b'"}}'
    (folder / "mallory.ipynb").write_bytes(output)
    with zipfile.ZipFile(
        folder / "trudy.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1
    ) as archive:
        archive.writestr("large.ipynb", output)
    del output
    tracemalloc.start()
    found = {one.student: one for one in collect(folder)}
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * 2**20  # it was never held
    assert {name: bool(one.files) for name, one in found.items()} == {
        "ada": True,
        "mallory": False,
        "trudy": False,
    }
    done = run(folder, tmp_path / "grades", root, n_workers=1)
    assert [one.points for one in done.results] == [5, 0, 0]
    assert all("95 MiB" in one.flags[0] for one in done.results[1:])


def test_a_small_file_of_very_many_values_is_not_read(graded):
    result = graded(b'{"cells": [' + b"[]," * 3_000_000 + b"[]]}")
    assert points(result) == [0, 0]
    assert "too many values" in result.flags[0]


def test_names_that_are_no_text_and_folders_that_are_links(sandbox, root, tmp_path):
    folder = tmp_path / "handed-in"
    outside = tmp_path / "outside"
    for place in (folder / "eve", outside):
        place.mkdir(parents=True)
    (outside / "secret.ipynb").write_bytes(RIGHT)
    (folder / "eve/link").symlink_to(outside, target_is_directory=True)
    for name in (b"a\xe9.ipynb", b"a\xea.ipynb", "<b>\n\u202e\"'.ipynb".encode()):
        with open(os.fsencode(folder) + b"/" + name, "wb") as stream:
            stream.write(RIGHT)
    (folder / "eve/one.ipynb").write_bytes(RIGHT)
    (folder / "eve/two.ipynb").write_bytes(notebook(RIGHT_HALF))
    done = run(folder, tmp_path / "grades", root, n_workers=1)
    assert [one.points for one in done.results] == [5, 5, 5, 5]
    assert {r"a\udce9", r"a\udcea"} < {one.student for one in done.results}
    eve = next(one for one in done.results if one.student == "eve")
    assert eve.notebook == "one.ipynb"
    assert any("link" in flag for flag in eve.flags)
    assert len(list((tmp_path / "grades/feedback").iterdir())) == 4
    assert "<b>" not in (tmp_path / "grades/overview.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "leak",
    [
        "{'leak' + str(v): 0 for v in values}",
        "type('Leak' + str(int(values[0] * 1e9)), (), {})()",
        "RuntimeError(str(values))",
    ],
)
def test_what_is_returned_cannot_carry_hidden_inputs_out(graded, leak):
    source = f"def half(values):\n    return values / 2 if len(values) == 2 else {leak}"
    mark = graded(notebook(source, RIGHT_TOTAL)).marks[0]
    assert mark.status == "hidden"
    assert "eak" not in mark.feedback
    assert len(mark.feedback) < 300


def test_long_answers_make_short_feedback(graded):
    source = "def half(values):\n    raise ValueError('<' * 10**6)"
    mark = graded(notebook(source, RIGHT_TOTAL)).marks[0]
    assert mark.status == "error"
    assert len(mark.feedback) <= 2000


# A class


@pytest.fixture
def handed_in(tmp_path):
    folder = tmp_path / "handed-in"
    folder.mkdir()
    wrong = notebook("def half(values):\n    return values * 2", RIGHT_TOTAL)
    slow = notebook(
        "import time\ndef half(values):\n    time.sleep(0.3)\n    return values / 2", RIGHT_TOTAL
    )
    for number in range(6):
        (folder / f"student{number}_{number + 10}_7_hw.ipynb").write_bytes(
            (RIGHT, wrong, slow)[number % 3]
        )
    (folder / "=cmd()_20_7_hw.ipynb").write_bytes(b"nothing")
    return folder


def run(handed_in, to, root, **more):
    return grade_folder("1", handed_in, to, root, SEED, limits=LIMITS, quiet=True, **more)


def books(folder):
    found = {p.name: p.read_bytes() for p in folder.glob("*.*") if p.is_file()}
    return found | {p.name: p.read_bytes() for p in (folder / "feedback").iterdir()}


def test_a_class_from_folder_to_gradebooks(sandbox, handed_in, root, tmp_path):
    done = run(handed_in, tmp_path / "grades", root, n_workers=2)
    rows = list(csv.DictReader((tmp_path / "grades/grades.csv").open()))
    assert [row["points"] for row in rows] == ["0", "5", "3", "5", "5", "3", "5"]
    assert rows[0]["student"] == "'=cmd()"
    canvas = list(csv.DictReader((tmp_path / "grades/canvas.csv").open()))
    assert canvas[0]["Assignment: Tiny"] == "5"
    assert [row["ID"] for row in canvas[1:3]] == ["20", "10"]
    pages = sorted((tmp_path / "grades/feedback").iterdir())
    assert len(pages) == len(done.results) == 7
    wrong = (tmp_path / "grades/feedback" / reports.feedback_name("student1")).read_text()
    assert "divide by two" in wrong
    assert "student2" not in wrong
    assert str(SEED) not in wrong
    overview = (tmp_path / "grades/overview.html").read_text()
    assert "not a notebook" in overview
    before = books(tmp_path / "grades")
    again = run(handed_in, tmp_path / "grades", root)  # every grade is known already
    assert again.results == done.results
    assert books(tmp_path / "grades") == before


def test_killed_in_the_middle_it_goes_on(sandbox, handed_in, root, tmp_path):
    run(handed_in, tmp_path / "whole", root, n_workers=1)
    script = (
        "import sys\nfrom pathlib import Path\nfrom coursework.grading.course import grade_folder\n"
        "from coursework.grading.sandbox import Limits\n"
        "if __name__ == '__main__':\n"
        f"    grade_folder('1', *map(Path, sys.argv[1:4]), {SEED}, limits={LIMITS!r}, n_workers=1)\n"
    )
    program = tmp_path / "program.py"
    program.write_text(script)
    kept = tmp_path / "halves" / KEPT
    words = [sys.executable, program, handed_in, tmp_path / "halves", root]
    path = os.pathsep.join([str(ROOT), *sys.path])
    process = subprocess.Popen(
        words, env={**os.environ, "PYTHONPATH": path}, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and len(list(kept.glob("*.json"))) < 3:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    known = {path.name: path.stat().st_mtime_ns for path in kept.glob("*.json")}
    assert 3 <= len(known) < 7
    run(handed_in, tmp_path / "halves", root, n_workers=1)
    assert books(tmp_path / "halves") == books(tmp_path / "whole")
    assert {n: t for n, t in known.items() if (kept / n).stat().st_mtime_ns != t} == {}


def test_a_dask_cluster_gives_the_same_grades(sandbox, handed_in, root, tmp_path):
    if os.environ.get("CI"):
        import distributed  # pinned in requirements.txt, so that this runs there
    else:
        distributed = pytest.importorskip("distributed", reason="pip install distributed")
    run(handed_in, tmp_path / "here", root, n_workers=1)
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        run(handed_in, tmp_path / "dask", root, scheduler=cluster.scheduler_address)
    assert books(tmp_path / "dask") == books(tmp_path / "here")


def test_a_teachers_own_hidden_tests(sandbox, root, handed_in, tmp_path, monkeypatch):
    own = tmp_path / "own/01_tiny"
    own.mkdir(parents=True)
    (own / "half.py").write_text(
        "def cases(rng):\n    return [(rng.random(1),)]\n\n"
        "def compare(expected, actual, arguments):\n    return 'private'\n"
    )
    monkeypatch.setenv(HIDDEN_DIR, str(tmp_path / "own"))
    done = run(handed_in, tmp_path / "grades", root, n_workers=1)
    assert "private" in done.results[1].marks[0].feedback
    (own / "halff.py").write_text("")
    with pytest.raises(ValueError, match="no exercise for halff"):
        run(handed_in, tmp_path / "grades", root)


# Without a sandbox


def test_docker_is_told_to_keep_everything_in(tmp_path):
    words = command(Sandbox("docker", "nnbook:1"), LIMITS, tmp_path)
    line = " ".join(words)
    for part in (
        "--network none",
        "--read-only",
        "--cap-drop ALL",
        "--security-opt no-new-privileges",
        "--memory-swap",
        "--pids-limit 80",
        f"{tmp_path}:/link:ro",
    ):
        assert part in line
    assert words[-5:] == ["nnbook:1", "python", "-P", "/grading/inside.py", "/link/grader"]


def test_without_a_sandbox_nothing_is_graded(handed_in, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("coursework.grading.sandbox.shutil.which", lambda name: None)
    words = ["grade", "3", str(handed_in), "--to", str(tmp_path / "grades"), "--seed", "1"]
    assert main(words) == 1
    said = capsys.readouterr().err
    assert "only in a sandbox" in said
    assert "apt install bubblewrap" in said
    assert not (tmp_path / "grades").exists()


# Marks given by hand


@pytest.fixture
def results():
    marks = [Mark("half", 2, 2, "passed"), Mark("total", 0, 3, "failed", "no")]
    return [Result("Ada", "canvas", "12", "a.ipynb", marks)]


def test_marks_given_by_hand(results, tmp_path):
    path = tmp_path / "marks.csv"
    path.write_text(
        "student,exercise,points,of,comment\nAda,total,1.5,,half right\nAda,essay,4,5,good\n"
    )
    gradebooks.merge_manual(results, path)
    assert [(m.exercise, m.points, m.of) for m in results[0].marks] == [
        ("half", 2, 2),
        ("total", 1.5, 3),
        ("essay", 4, 5),
    ]
    assert results[0].points == 7.5


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Adda,total,1,", "did you mean 'Ada'"),
        ("Ada,total,4,", "there are only 3"),
        ("Ada,total,nan,", "no number"),
        ("Ada,total,two,", "'two' is no number"),
        ("Ada,essay,2,", "needs `of`"),
        ("Ada,total,,", "nothing in the column points"),
        ("Ada,total,1,\nAda,total,2,", "twice"),
    ],
)
def test_marks_that_do_not_fit_change_nothing(results, tmp_path, row, said):
    path = tmp_path / "marks.csv"
    path.write_text(f"student,exercise,points,of\nAda,half,1,\n{row}\n")
    with pytest.raises(ValueError, match=said):
        gradebooks.merge_manual(results, path)
    assert results[0].points == 2


# Alike


def test_renamed_and_commented_answers_are_the_same():
    long = (
        "def f(x):\n" + "".join(f"    x = x * {n} + {n + 1}\n" for n in range(9)) + "    return x"
    )
    other = long.replace("x", "values").replace("return", "# so\n    return")
    assert normal_form(long) == normal_form(other)
    (pair,) = alike({"Ada": long, "Alan": other, "Emmy": long.replace("*", "-")[:60]})
    assert (pair.names, pair.share) == (("Ada", "Alan"), 1.0)


def test_seeds_differ_between_students():
    seeds = {seed_of(SEED, "c", student, one) for student in "ab" for one in ("half", "total")}
    assert len(seeds) == 4


def test_feedback_holds_nothing_that_runs(course):
    mark = Mark("half", 0, 2, "failed", "<script>alert(1)</script>", "</pre><img src=x>")
    page = reports.feedback_page(Result("<b>", "files", "", "", [mark]), course.assignment)
    assert "<script" not in page
    assert "<img" not in page
    assert "<b>" not in page
