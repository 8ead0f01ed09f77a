"""Every house rule complains about a notebook that breaks it: a rule that cannot fail is none."""

import copy
import json
from pathlib import Path

import pytest

from tests.house import RULES, read_book, read_notebook
from tests.house.book import notebook_from

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "templates" / "chapter_template.ipynb"
CONTENT = json.loads(TEMPLATE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def book():
    return read_book(ROOT)


def cell(content, id):
    return next(cell for cell in content["cells"] if cell["id"] == id)


def insert(content, id, source, kind="code", before=None, metadata=None):
    position = [cell["id"] for cell in content["cells"]].index(before or "results")
    made = {"cell_type": kind, "id": id, "metadata": metadata or {}, "source": [source]}
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    content["cells"].insert(position, made)


def append(id, text):
    return lambda content: cell(content, id)["source"].append(f"\n{text}")


def replace(id, old, new):
    def change(content):
        source = "".join(cell(content, id)["source"])
        assert old in source, f"{id} does not hold {old!r}"
        cell(content, id)["source"] = [source.replace(old, new)]

    return change


def add(id, source, **options):
    return lambda content: insert(content, id, source, **options)


def put(*path, value):
    def change(content):
        *folders, last = path
        for folder in folders:
            content = (
                cell(content, folder)
                if isinstance(content.get("cells"), list)
                else (content[folder])
            )
        content[last] = value

    return change


def drop(id):
    return lambda content: content["cells"].remove(cell(content, id))


def rename(id, new):
    return lambda content: cell(content, id).update(id=new)


BROKEN = [
    ("file_format", lambda content: content.update(nbformat_minor=4)),
    ("file_format", lambda content: content["metadata"].pop("kernelspec")),
    ("file_format", lambda content: content["metadata"].update(colab={"provenance": []})),
    ("stripped", put("baseline", "execution_count", value=3)),
    ("stripped", put("baseline", "outputs", value=[{"output_type": "stream"}])),
    ("stripped", put("baseline", "metadata", value={"execution": {}})),
    ("cell_ids", rename("baseline", "a1b2c3d4")),
    ("cell_ids", rename("baseline", "Base_line")),
    ("cell_ids", rename("baseline", "model")),
    ("opening", drop("settings")),
    ("opening", add("early", "1 + 1", before="imports")),
    ("opening", append("settings", "N_MORE = 1  # too late")),
    ("opening", put("colab-setup", "metadata", value={})),
    ("colab", append("colab-setup", "    %pip install tensorflow")),
    ("colab", replace("title", "/github/", "/github/another/")),
    ("colab", append("summary", "[x](https://colab.research.google.com/github/a/b/c.ipynb)")),
    ("headings", append("summary", "# Another title")),
    ("headings", append("idea-text", "#### Too deep")),
    ("cell_sizes", append("baseline", "\n".join(["1"] * 45))),
    (
        "cell_sizes",
        lambda content: [append(c["id"], "\n" * 20)(content) for c in content["cells"]],
    ),
    ("prose_between", add("extra", "1 + 1", before="test-text")),
    ("imports", append("model", "import os")),
    ("imports", append("imports", "from nnbook_utils import _names")),
    ("imports", append("imports", "from nnbook_utils.data import load_digits")),
    ("imports", append("imports", "import nnbook_utils.data")),
    ("imports", append("model", "plotting._axes()")),
    ("other_chapters", append("model", "%run ../chapters/other.ipynb")),
    ("other_chapters", append("imports", "from coursework import exercise_files")),
    ("names", append("model", "net = model")),
    ("names", append("model", "keras.optimizers.Adam(lr=1)")),
    ("names", append("model", "X2 = 3")),
    ("constants", replace("settings", "  # step size of Adam", "\n")),
    ("constants", replace("settings", "BATCH_SIZE", "batch_size")),
    ("results_cell", append("model", 'results.report("chapter_template", {})')),
    ("results_cell", replace("results", '"chapter_template"', '"another"')),
    ("results_cell", rename("results", "outcome")),
    ("split_names", replace("load-data", "train, validation, test", "train, test, validation")),
    ("split_names", replace("load-data", "validation, test", "validation, holdout")),
    ("test_set", replace("baseline", "validation.targets", "test.targets")),
    ("test_set", replace("fit", "validation_data=validation_scaled", "validation_data=test")),
    ("test_set", append("test-score", "model.fit(test_inputs, test_targets)")),
    ("test_set", append("model", "def peek():\n    return test.features")),
    ("figure_metadata", put("history-plot", "metadata", value={})),
    ("figure_metadata", append("model", "plt.plot([1])")),
    ("figure_metadata", append("model", "def draw():\n    plt.plot([1])\ndraw()")),
    (
        "figure_metadata",
        lambda content: cell(content, "history-plot").update(
            metadata=cell(content, "data-plot")["metadata"]
        ),
    ),
    ("figure_reading", drop("problem-reading")),
    ("no_show", append("history-plot", "plt.show()")),
    ("exercise_cells", drop("stub-mean-error")),
    ("exercise_cells", put("check-mean-error", "metadata", value={})),
    ("exercise_cells", rename("exercise-mean-error", "exercise-other")),
    ("stubs", replace("stub-mean-error", 'raise NotImplementedError("mean-error")', "...")),
    ("stubs", replace("stub-mean-error", '("mean-error")', '("other")')),
    ("stubs", append("stub-mean-error", "logits = # TODO")),
    ("checks", replace("check-mean-error", "assert ", "")),
    ("checks", append("check-mean-error", "    assert error > 0")),
    ("checks", replace("check-mean-error", '("mean-error")', '("other")')),
    ("exercise_scope", append("check-mean-error", "    assert baseline_error, 'no'")),
    ("exercise_scope", append("check-mean-error", "    keras.Model().fit()")),
    ("sentence_lines", append("summary", "One sentence. Another one.")),
    ("sentence_lines", append("summary", "A sentence that goes on\nin a second line.")),
    ("portable_markup", append("summary", ":::{note}\nRead this.\n:::")),
    ("portable_markup", append("summary", "```{figure} x.png\n```")),
    ("portable_markup", append("summary", "(sec-summary)=")),
    ("portable_markup", append("summary", "See {doc}`index`.")),
    ("citations", append("summary", "It is known {cite}`nobody1900`.")),
    ("quoted_bounds", replace("test-text", "55<!--", "56<!--")),
    ("quoted_bounds", replace("test-text", "test_error.max", "test_error.min")),
    ("quoted_bounds", replace("test-text", "55<!--", "fifty-five <!--")),
    ("no_emoji", append("summary", "Well done \N{PARTY POPPER}.")),
]


@pytest.mark.parametrize(("rule", "change"), BROKEN)
def test_rule_complains_about_a_broken_notebook(rule, change, book):
    content = copy.deepcopy(CONTENT)
    change(content)
    assert RULES[rule](notebook_from(content, TEMPLATE.stem, "templates", book))


@pytest.mark.parametrize("rule", ["cell_count", "exercise_count"])
def test_rule_complains_about_a_chapter_as_short_as_the_template(rule, book):
    assert RULES[rule](notebook_from(CONTENT, TEMPLATE.stem, "chapters", book))


def test_every_rule_has_a_broken_notebook():
    tested = {rule for rule, _ in BROKEN} | {"cell_count", "exercise_count"}
    assert tested == set(RULES)


@pytest.mark.parametrize(
    "source",
    [
        "A first sentence.\nA second one, e.g. this: `a. B`.",
        "- An item that runs on\n  in a second line.",
        "$$\nx = 1. Y\n$$\n\nIt holds {cite}`rosenblatt1958`.",
        "**Next.** A chapter on images.",
        "Accuracy 0.97 vs. 0.95 (Smith et al. 2001).",
    ],
)
def test_sentence_rule_accepts_good_prose(source, book):
    content = copy.deepcopy(CONTENT)
    append("summary", "\n" + source)(content)
    assert not RULES["sentence_lines"](notebook_from(content, TEMPLATE.stem, "templates", book))


@pytest.mark.parametrize(
    ("id", "source"),
    [
        ("test-gap", "gap = test.targets.mean()"),
        ("split-once", "train, validation, test = data.load_digits(seed=SEED)"),
        ("scaling", "test_inputs = (test.features - center) / spread"),
        ("helper", "def score(test):\n    return test.targets"),
    ],
)
def test_test_set_rule_accepts_honest_use(id, source, book):
    content = copy.deepcopy(CONTENT)
    insert(content, id, source)
    assert not RULES["test_set"](notebook_from(content, TEMPLATE.stem, "templates", book))


def test_reading_a_notebook_gives_its_cells(book):
    notebook = read_notebook(TEMPLATE, book)
    assert notebook.cell("settings").source.startswith("SEED = 0")
    assert notebook.cell("no-such-cell") is None
