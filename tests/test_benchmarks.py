"""Benchmarks: slices of chapters, recorded runs, what follows from them, and the command."""

import dataclasses
import inspect
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import contests, records, report, slices, tricks
from benchmarks.contests import CHAPTERS, CONTESTS
from benchmarks.slices import choose, digests, run_slice
from nnbook_utils.data._types import SentencePairs

CELLS = {
    "imports": "import functools\nimport math",
    "settings": "SEED = 0\nN_STEPS = 10 * SEED  # steps\nUNUSED = 5\nlog = []\nlog.append(SEED)",
    "data": "numbers = [1, 2]\nnumbers = numbers + [SEED]\nlog.append('data')\nother = 1",
    "train": "log.append('train')\ntotal = sum(numbers)\n\ndef double(x):\n    return scale(x)",
    "scale": "factor = 2\n\n@functools.cache\ndef scale(x):\n    return factor * x",
    "later": "total = total + N_STEPS\nfor number in numbers:\n    total += number",
    "stub-double": "def double(x):\n    raise NotImplementedError",
    "results": "double = None",
    "broken": "wrong = missing_everywhere",
    "failing": "failed = 1 / (numbers[0] - 1)",
    "again": "other = 2",
}


@pytest.fixture
def notebook(tmp_path):
    return write_notebook(tmp_path / "01_small.ipynb", CELLS)


def write_notebook(path, sources):
    cells = [nbformat.v4.new_code_cell(source, id=name) for name, source in sources.items()]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def cells_of(statements):
    return [statement.cell for statement in statements]


def test_slice_runs_what_a_name_needs_in_the_chapters_order(notebook):
    found = run_slice(notebook, ["double"])
    assert found["double"](4) == 8
    assert found["log"] == [0]
    assert "numbers" not in found


def test_cell_named_runs_whole_and_others_in_part(notebook):
    found = run_slice(notebook, cells=["train"])
    assert found["log"] == [0, "train"]
    assert found["total"] == 3
    assert "other" not in found


def test_rebinding_waits_for_the_value_before(notebook):
    assert run_slice(notebook, cells=["later"], given={"SEED": 1})["total"] == (1 + 2 + 1) * 2 + 10


def test_given_value_holds_for_later_settings_and_spares_its_statements(notebook):
    found = run_slice(notebook, ["scale"], given={"SEED": 3, "factor": 7})
    assert (found["N_STEPS"], found["log"], found["scale"](1)) == (30, [3], 7)
    assert cells_of(choose(notebook, ["scale"], given={"factor": 7})) == ["scale"]


def test_decorators_belong_to_their_function(notebook):
    assert run_slice(notebook, ["scale"])["scale"].cache_info().hits == 0


def test_stubs_checks_and_results_are_left_out(notebook):
    assert {"stub-double", "results"}.isdisjoint(cells_of(choose(notebook, ["double"])))
    with pytest.raises(ValueError, match="no code cell 'results' that a slice can hold"):
        run_slice(notebook, cells=["results"])


@pytest.mark.parametrize(
    ("names", "cells", "message"),
    [
        (["nowhere"], [], "'nowhere' is bound in no cell"),
        (["other"], [], "'other' is bound in again, data; name the cell"),
        ([], ["broken"], "'missing_everywhere' is bound in no cell"),
        ([], ["trian"], "no code cell 'trian'"),
    ],
)
def test_slices_that_cannot_be_chosen_say_why(notebook, names, cells, message):
    with pytest.raises(ValueError, match=message):
        run_slice(notebook, names, cells)


def test_naming_the_cell_decides_between_two(notebook):
    assert run_slice(notebook, ["other"], ["again"])["other"] == 2


def test_error_of_a_statement_names_its_cell(notebook):
    with pytest.raises(ZeroDivisionError) as error:
        run_slice(notebook, ["failed"])
    assert "01_small.ipynb#failing" in str(error.traceback[-1].path)


def test_settings_that_are_read_belong_to_a_slice_and_imports_do_not(notebook):
    statements = choose(notebook, cells=["later"])
    assert {"SEED", "N_STEPS"} <= {name for s in statements for name in s.binds}
    assert "UNUSED" not in {name for s in statements for name in s.binds}
    assert "imports" not in cells_of(choose(notebook, ["scale"]))


def test_slice_that_ran_reports_what_choose_says(notebook):
    ran = []
    run_slice(notebook, cells=["train"], ran=ran)
    assert ran == choose(notebook, cells=["train"])


@pytest.mark.parametrize(
    ("cell", "source", "kept"),
    [
        ("scale", CELLS["scale"].replace("    return", "    # why\n    return"), True),
        ("scale", CELLS["scale"].replace("2", "3"), False),
        ("data", "numbers = []", True),
        ("settings", CELLS["settings"].replace("5", "6"), True),
    ],
)
def test_digests_notice_changes_of_what_ran_alone(notebook, tmp_path, cell, source, kept):
    ran = {statement.digest for statement in choose(notebook, ["double"])}
    changed = write_notebook(tmp_path / "02_changed.ipynb", CELLS | {cell: source})
    assert (ran <= digests(changed)) is kept


class ChosenError(Exception):
    """Carries the statements that a run would have executed."""


def with_helpers(source):
    """Return the source of a function of a contest, and of those that it calls."""
    own = inspect.getmembers(contests, inspect.isfunction)
    return "\n".join([source, *(inspect.getsource(f) for name, f in own if f"{name}(" in source)])


def few_sentences(*_, **__):
    """Stand for the sentences of the full profile, which a slice needs before it is chosen."""
    part = SentencePairs(np.array(["we go , now ."]), np.array(["on y va ."]))
    return part, part, part


def would_run(monkeypatch, contest, side):
    """Return the statements of a side's slice, and the source of the function that asks for it."""
    asked = []

    def only_choose(path, names=(), cells=(), given=None, ran=None):
        asked.append(with_helpers(inspect.getsource(inspect.stack()[2].frame.f_code)))
        raise ChosenError(choose(path, names, cells, given))

    monkeypatch.setattr(contests, "run_slice", only_choose)
    monkeypatch.setattr(contests.data, "fetch_french_english", few_sentences)
    with pytest.raises(ChosenError) as found:
        CONTESTS[contest].sides[side](0)
    return found.value.args[0], asked[0]


@pytest.mark.parametrize("contest", CONTESTS)
def test_contests_find_their_names_in_todays_chapters(monkeypatch, contest):
    path = CHAPTERS / f"{CONTESTS[contest].chapter}.ipynb"
    whole = {n for s in slices._statements(path) if s.cell in slices.WHOLE for n in s.binds}
    bound, read = set(whole), set()
    for side in CONTESTS[contest].sides:
        statements, source = would_run(monkeypatch, contest, side)
        bound |= {name for statement in statements for name in statement.binds}
        read |= set(re.findall(r'cell\["(\w+)"\]', source))
        assert {statement.digest for statement in statements} <= digests(path)
    assert read
    assert read <= bound, f"{contest} reads {sorted(read - bound)}, which its slice does not hold"


def test_words_that_are_not_common_share_a_number():
    words = contests.CommonWords(["b b , c", "a b c"], 2)
    assert words == {"": 0, "<start>": 1, "<end>": 2, "<unknown>": 3, "b": 4, "c": 5}
    assert (words["a"], words["b"], len(words), list(words)[3]) == (3, 4, 6, "<unknown>")


def test_bits_per_word_are_those_of_the_true_words_alone():
    keras = pytest.importorskip("keras")
    sources = np.arange(1200) % 4
    targets = np.tile([[1, 2, 0], [3, 0, 0]], (600, 1))
    part = SentencePairs(sources, targets)
    logits = np.log([0.1, 0.5, 0.25, 0.15])
    cell = {"keras": keras, "encode_pairs": lambda rows: (rows.sources, None, rows.targets)}

    def model(inputs, training):
        return np.tile(logits.astype("float32"), (len(inputs[0]), 3, 1))

    bits = contests._bits_per_word(cell, model, part)
    assert bits == pytest.approx((1 + 2 - np.log2(0.15)) / 3, abs=1e-5)


def test_translation_trains_the_chapters_networks(monkeypatch):
    """Each side in miniature: the loss falls, and all figures are there."""
    pytest.importorskip("tensorflow")
    words = np.array(["one", "two", "three", "four", "five", "six", "seven", "eight"])
    french = np.array(["un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit"])
    drawn = np.random.default_rng(0).integers(8, size=(1280, 4))
    part = SentencePairs(*(np.array([" ".join(row) for row in c[drawn]]) for c in (words, french)))
    few = contests._first(part, 64)
    monkeypatch.setattr(contests.data, "fetch_french_english", lambda *_, **__: (part, few, few))
    monkeypatch.setattr(contests, "SIZES", {"D_MODEL": 16, "LSTM_UNITS": 16, "N_BLOCKS": 1})
    monkeypatch.setenv("NNBOOK_PROFILE", "full")
    for side in CONTESTS["translation"].sides:
        run = CONTESTS["translation"].sides[side](1)
        assert len(run.scores) == len(run.seconds) == contests.N_PASSES
        assert run.seconds == sorted(run.seconds)
        assert run.scores[0] < run.scores[-1] < 0
        assert run.score == pytest.approx(-run.scores[-1])  # test and validation are the same here
        assert 0 < run.score < np.log2(12)
        assert set(run.more) == {"exact", "rouge"}
        assert 0 <= run.more["exact"] <= run.more["rouge"] <= 1


def make_run(side="ours", seed=0, contest="cnn", **changes):
    return {
        "contest": contest,
        "side": side,
        "seed": seed,
        "seconds": [10.0, 20.0, 40.0] if side == "listing" else [4.0, 8.0, 50.0],
        "scores": [0.5, 0.7, 0.6] if side == "listing" else [0.4, 0.8, 0.9],
        "score": 0.6 if side == "listing" else 0.85,
        "total": 40.0 if side == "listing" else 50.0,
        "parameters": 100 if side == "listing" else 50,
        "more": {},
        "peak_memory_mib": 1000.0 if side == "listing" else 1500.0,
        "device": "one core of a CPU",
        "machine": "x86_64",
        "date": f"2026-01-0{seed + 1}",
        "versions": {"python": "3.11", "keras": "3.10"},
    } | changes


PAIR = [make_run("listing"), make_run()]


def test_records_are_sorted_and_replaced(tmp_path):
    path = tmp_path / "results" / "benchmarks.json"
    assert records.load(path) == []
    for run in (make_run(seed=1), make_run("listing"), make_run(seed=1, score=0.9)):
        records.add(run, path)
    found = records.load(path)
    assert [(run["side"], run["seed"]) for run in found] == [("listing", 0), ("ours", 1)]
    assert found[1]["score"] == 0.9
    assert [file.name for file in path.parent.iterdir()] == ["benchmarks.json"]


@pytest.mark.parametrize("text", ["{", "[{}]", "[1]", '[{"contest": "mlp"}]', "3"])
def test_damaged_records_are_kept_and_named(tmp_path, text):
    path = tmp_path / "benchmarks.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"benchmarks\.json holds no records"):
        records.add(make_run(), path)
    assert path.read_text() == text


def test_runs_are_stale_once_the_chapter_lacks_a_statement(tmp_path):
    path = write_notebook(tmp_path / f"{CONTESTS['cnn'].chapter}.ipynb", CELLS)
    ran = [statement.digest for statement in choose(path, ["scale"])]
    runs = [
        make_run(seed=0, statements=ran),
        make_run(seed=1, statements=[*ran, "000000000000"]),
        make_run(seed=2),
        make_run(seed=3, contest="abolished", statements=ran),
    ]
    assert records.stale(runs, tmp_path) == {
        ("cnn", "ours", 1),
        ("cnn", "ours", 2),
        ("abolished", "ours", 3),
    }


def test_summary_compares_runs_of_the_same_seed():
    listing, ours = records.summaries(PAIR)
    assert (listing.faster, listing.ahead, listing.parameter_ratio) == (None, None, None)
    assert ours.faster == records.Spread(20 / 8, None, 1)  # the listing had 0.6 after 20 s
    assert ours.ahead.mean == pytest.approx(0.8 - 0.6)
    assert (ours.memory_ratio.mean, ours.parameter_ratio, ours.missed) == (1.5, 0.5, 0)


def test_rival_of_a_contest_takes_the_listings_place(tmp_path):
    names = {"contest": "translation"}
    rival = make_run("listing", **names) | {"side": "LSTM pair"}
    table = records.summaries([rival, make_run(**names)])
    assert [row.side for row in table] == ["LSTM pair", "ours"]
    assert (table[0].faster, table[0].parameter_ratio) == (None, None)
    assert table[1].faster == records.Spread(20 / 8, None, 1)
    assert table[1].parameter_ratio == 0.5
    report.plot([rival, make_run(**names)], tmp_path / "a.svg")
    assert report.STYLES["listing"][0].lower() in (tmp_path / "a.svg").read_text().lower()


def test_every_rival_is_a_side():
    alone = {"transformer", "gnn"}  # published figures stand in place of a rival
    assert {c.name for c in CONTESTS.values() if c.rival not in c.sides} == alone


def test_goal_never_reached_is_counted_and_no_ratio():
    runs = [*PAIR, make_run("listing", 1, scores=[0.9, 0.95, 0.99]), make_run(seed=1)]
    ours = records.summaries(runs)[1]
    assert (ours.missed, ours.faster.runs, ours.score.runs) == (1, 1, 2)
    assert "not reached in 1 of 2" in report.markdown([ours])
    nothing = records.summaries(runs[2:])[1]
    assert nothing.faster is None


def test_run_without_a_pair_is_not_compared():
    ours = records.summaries([make_run("listing", 0), make_run(seed=1)])[1]
    assert (ours.faster, ours.missed, ours.ahead) == (None, 0, None)


def test_first_score_after_the_listings_seconds_leaves_equal_seconds_open():
    ours = records.summaries([PAIR[0], make_run(seconds=[41.0, 42.0, 50.0])])[1]
    assert ours.ahead is None


@pytest.mark.parametrize(
    ("contest", "total", "ahead"),
    [("mlp", 20.0, 0.25), ("mlp", 41.0, None), ("transformer", 20.0, -0.25)],
)
def test_without_curves_whole_trainings_are_compared(monkeypatch, contest, total, ahead):
    sides = dict.fromkeys(("listing", "ours"))
    known = contests.Contest(contest, "", "", "", sides, higher=contest == "mlp")
    monkeypatch.setitem(CONTESTS, contest, known)
    flat = {"contest": contest, "seconds": [], "scores": []}
    runs = [make_run("listing", **flat), make_run(**flat | {"total": total})]
    ours = records.summaries(runs)[1]
    assert ours.faster.mean == 40 / total
    assert ours.ahead == (None if ahead is None else records.Spread(pytest.approx(ahead), None, 1))


def test_spread_is_that_of_runs_and_of_starts_trained_at_once():
    assert records.Spread.of([]) is None
    assert records.Spread.of([1.0, None, 3.0]) == records.Spread(2.0, pytest.approx(2**0.5), 2)
    many = {"contest": "gnn", "side": "graph attention", "more": {"runs": 20, "spread": 0.01}}
    score = records.summaries([make_run(seed=seed, **many) for seed in range(2)])[0].score
    assert score == records.Spread(0.85, pytest.approx(0.01), 40)


def test_further_figures_stand_beside_the_score():
    runs = [make_run(seed=seed, more={"exact": seed / 4, "rouge": 0.5}) for seed in range(2)]
    assert records.summaries(runs)[0].more == {"exact": 0.125, "rouge": 0.5}
    assert "| 0.8500 ± 0.0; share exactly right 0.125; ROUGE-1 0.500 |" in report.markdown(
        records.summaries(runs)
    )
    half = [make_run(more={"exact": 0.5}), make_run(seed=1)]  # of an older version
    assert records.summaries(half)[0].more == {}


def test_stale_runs_count_only_where_there_are_no_others():
    runs = [*PAIR, make_run(seed=1, score=0.1)]
    old = {("cnn", "ours", 1), ("cnn", "listing", 0)}
    listing, ours = records.summaries(runs, old)
    assert (listing.stale, ours.stale, ours.score.mean) == (True, False, 0.85)
    assert f"1, {report.STALE}" in report.markdown([listing])


def test_table_text():
    runs = [*PAIR, make_run("listing", 1), make_run(seed=1, score=0.95)]
    lines = report.markdown(records.summaries(runs)).splitlines()
    assert len(lines) == 4
    assert lines[3] == (
        "| cnn: CIFAR-10, accuracy | ours | 2 | 0.9000 ± 0.071 | 50.0 ± 0.0 | 2.50 ± 0.0 "
        "| +0.20 ± 0.0 | 50 (0.50 times) | 1,500 (1.5 times) |"
    )


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(0.97, 4, "0.9700"), (1234.5, 3, "1,234"), (0.000031, 2, "0.0000"), (31.25, 3, "31.2")],
)
def test_numbers_have_no_exponents(value, digits, text):
    assert report._number(value, digits) == text


def test_losses_have_a_minus_sign():
    assert report._signed(records.Spread(-0.25, None, 1)) == "−0.25"


def test_published_figures_stand_beside_the_contest():
    run = make_run(contest="transformer", side="ours")
    assert "published: nanoGPT" in report.markdown(records.summaries([run]))


def test_conditions_name_versions_and_days():
    runs = [make_run(), make_run(seed=1), make_run(seed=2, device="one GPU")]
    assert report.conditions(runs) == [
        "one GPU, x86_64; python 3.11, keras 3.10; 2026-01-03",
        "one core of a CPU, x86_64; python 3.11, keras 3.10; 2026-01-01 to 2026-01-02",
    ]


def test_plot_is_the_same_every_time(tmp_path):
    first, second, none = (tmp_path / name for name in ("a.svg", "b.svg", "c.svg"))
    for path in (first, second):
        report.plot(PAIR, path)
    report.plot([make_run(seconds=[], scores=[])], none)
    assert first.read_bytes() == second.read_bytes()
    assert report.drawn(PAIR) in first.read_text()
    assert not none.exists()


@pytest.fixture
def results(tmp_path, monkeypatch):
    """A file of results, and a command whose runs take no time; seed 1 of the listing fails."""
    made = []

    def run(contest, side, seed):
        made.append((contest, side, seed))
        if (side, seed) == ("listing", 1):
            raise ChildProcessError("out of memory")
        return make_run(side, seed, contest, statements=["current"])

    monkeypatch.setattr(command, "_run", run)
    monkeypatch.setattr(records, "digests", lambda path: {"current"})
    return tmp_path / "benchmarks.json", made


def test_unknown_contest_is_named(capsys):
    assert command.main(["cn"]) == 2
    assert "no contest 'cn'; there are mlp, cnn" in capsys.readouterr().err


def test_failed_run_is_reported_and_the_others_kept(results, capsys):
    path, made = results
    assert command.main(["mlp", "--runs", "2", "--results", str(path)]) == 1
    said = capsys.readouterr()
    assert "mlp listing 1 failed: out of memory" in said.err
    assert "| mlp: made table" in said.out
    assert len(records.load(path)) == 3
    assert [run[1] for run in made] == ["ours", "listing", "listing", "ours"]
    assert path.with_suffix(".svg").is_file()


def test_command_goes_on_where_it_stopped(results):
    path, made = results
    options = ["mlp", "--runs", "1", "--results", str(path)]
    assert command.main([*options, "--sides", "ours"]) == 0
    assert command.main(options) == 0
    assert made == [("mlp", "ours", 0), ("mlp", "listing", 0)]
    assert command.main([*options, "--again"]) == 0
    assert len(made) == 4


def test_stale_runs_are_made_again(results):
    path, made = results
    records.add(make_run("ours", 0, "mlp", statements=["earlier"]), path)
    assert command.main(["mlp", "--runs", "1", "--sides", "ours", "--results", str(path)]) == 0
    assert made == [("mlp", "ours", 0)]
    assert records.load(path)[0]["statements"] == ["current"]


def test_show_runs_nothing(results, capsys):
    path, made = results
    records.add(make_run("ours", 0, "mlp"), path)
    assert command.main(["--show", "--results", str(path)]) == 0
    assert report.STALE in capsys.readouterr().out
    assert made == []


def test_process_that_fails_brings_its_error(monkeypatch):
    monkeypatch.setattr(sys, "executable", sys.executable)
    ended = subprocess.CompletedProcess([], 1, "", "Traceback\nKeyError: 'nothing'")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: ended)
    with pytest.raises(ChildProcessError, match="KeyError: 'nothing'"):
        command._run("mlp", "ours", 0)


def test_committed_runs_are_of_contests_and_sides():
    for run in records.load():
        assert run["side"] in CONTESTS[run["contest"]].sides


def test_committed_plot_shows_the_committed_runs():
    path, runs = records.DEFAULT.with_suffix(".svg"), records.load()
    assert path.is_file() is any(run["scores"] for run in runs)
    picture = path.read_text(encoding="utf-8") if path.is_file() else report.drawn(runs)
    assert report.drawn(runs) in picture, "run: python -m benchmarks --show"


def make_trick(*factors, score=0.9):
    plain = {"seconds": [1.0, 2.0], "scores": [0.5, 0.8], "total": 2.0}
    return {
        "name": "a trick",
        "task": "a task",
        "runs": [
            {
                "plain": plain,
                "changed": {
                    "seconds": [1 / factor, 2 / factor],
                    "scores": [0.4, score],
                    "total": 2 / factor,
                },
            }
            for factor in factors
        ],
    }


@pytest.mark.parametrize(
    ("factors", "score", "verdict"),
    [
        ((2.0, 2.2), 0.8, "helps"),
        ((0.9, 1.2), 0.8, "no difference"),
        ((0.4, 0.5), 0.8, "costs time"),
        ((2.0, 2.2), 0.7, "misses the score"),
    ],
)
def test_tricks_are_judged_by_time_to_the_plain_score(factors, score, verdict):
    (row,) = report.trick_rows([make_trick(*factors, score=score)])
    assert len(row) == len(report.TRICK_HEAD)
    assert row[-1] == verdict


def test_tricks_on_record_are_those_of_the_script():
    known = {(trick.name, trick.task) for trick in tricks.TRICKS}
    assert {(record["name"], record["task"]) for record in records.read(tricks.RESULTS)} <= known


def test_tricks_are_recorded_one_by_one(tmp_path, monkeypatch):
    done = make_trick(2.0)["runs"][0]
    trick = tricks.Trick("a trick", "a task", lambda _: done["plain"], lambda _: done["changed"])
    other = dataclasses.replace(trick, name="another")
    monkeypatch.setattr(tricks, "TRICKS", (trick, other))
    monkeypatch.setattr(tricks, "keep_to_one_device", lambda profile: "none")
    path = tmp_path / "tricks.json"
    tricks.main(["another"], path)
    tricks.main(["a trick"], path)
    found = records.read(path)
    assert [record["name"] for record in found] == ["a trick", "another"]
    assert found[0]["runs"] == [done] * len(tricks.SEEDS)


def test_reviews_are_padded_on_either_side():
    rows = [np.array([1, 2, 3]), np.array([4])]
    assert tricks.padded(rows, 2).tolist() == [[2, 3], [0, 4]]
    assert tricks.padded(rows, 2, left=False).tolist() == [[2, 3], [4, 0]]
