"""The contests: what trains on each side, and how each side is judged.

Every function here calls the chapter's own cells. `run(seed)` trains one network and returns a
`Run`; scores on the way are of validation data, the last one of the test set, looked at once.
"""

import collections
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.slices import Statement, run_slice
from nnbook_utils import data

CHAPTERS = Path(__file__).resolve().parent.parent / "chapters"
LISTING, OURS = "listing", "ours"

ran: list[Statement] = []  # on which the slices of this process depend

__all__ = ["CONTESTS", "LISTING", "OURS", "Contest", "Run", "ran"]


@dataclass
class Run:
    """One training run.

    Attributes:
        seconds: When each score of the curve was known, since training began.
        scores: The validation scores then; empty where training is judged at its end only.
        score: The score on the test set.
        parameters: Weights of the network.
        total: Seconds of the whole training.
        more: Further figures by name.
    """

    seconds: list[float]
    scores: list[float]
    score: float
    parameters: int
    total: float
    more: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Contest:
    """Two or more ways to train on the same data and split.

    Attributes:
        name: One word for the command line.
        chapter: The chapter whose cells run.
        data: What is trained on, for people.
        measure: What the score is, for people.
        sides: A function from seed to `Run` for each side.
        higher: Whether a higher score is better.
        published: A published figure in words, where there is no listing to run.
        curve: What the scores on the way are, where they are not the measure on validation data.
        rival: The side with which the others are compared.
    """

    name: str
    chapter: str
    data: str
    measure: str
    sides: Mapping[str, Callable[[int], Run]]
    higher: bool = True
    published: str = ""
    curve: str = ""
    rival: str = LISTING


def slice_of(chapter: str, seed: int, *names: str, cells: tuple[str, ...] = (), **given: Any):
    """Run a part of a chapter with another seed, and other settings if given."""
    path = CHAPTERS / f"{chapter}.ipynb"
    return run_slice(path, names, cells, {"SEED": seed, **given}, ran)


def end_only(model: Any, seconds: float, score: float) -> Run:
    """Return the run of a network that is judged at its end only."""
    return Run([], [], float(score), model.count_params(), seconds)


def multilayer_perceptron(side: str, seed: int) -> Run:
    """The table of a thousand rows; one epoch before it, so that tracing is not timed."""
    train = f"run_{side}"
    cell = slice_of("01_multilayer_perceptron", seed, train, "listing_test", "listing_truth")
    cell[train](seed, n_epochs=1)
    model, seconds = cell[train](seed)
    threshold = 0.5 if side == LISTING else 0.0  # probabilities, and logits
    right = (model(cell["listing_test"]).numpy()[:, 0] > threshold) == cell["listing_truth"]
    return end_only(model, seconds, np.mean(right))


def convolutional_network(side: str, seed: int, **given: Any) -> Run:
    """CIFAR-10, ten epochs unless `given` says otherwise, which stands in place of settings."""
    names = ("compile_both", "train_one", "LOADERS", "accuracy")
    cell = slice_of("02_convolutional_network", seed, *names, **given)
    n_epochs = cell["N_EPOCHS"]["CIFAR-10"]
    parts = cell["LOADERS"]["CIFAR-10"](seed=seed)
    model = cell["compile_both"]("CIFAR-10", len(parts[0].labels))[side]
    cell["training"].restart(model, seed)
    seconds, scores = cell["train_one"]("CIFAR-10", side, model, *parts[:2], n_epochs)
    score = cell["accuracy"](model, parts[2].images, parts[2].labels)
    return Run(seconds, scores, float(score), model.count_params(), seconds[-1])


def autoencoder(side: str, seed: int) -> Run:
    """Noisy MNIST; the score on the way is the loss that both sides lower."""
    names = ("returned_by", "mean_psnr", "noisy_test", "digits_test")
    cells, model, history = (
        (("fit-listing",), "listing", "listing_history")
        if side == LISTING
        else (("fit-denoiser",), "denoiser", "denoiser_history")
    )
    cell = slice_of("03_autoencoder", seed, *names, cells=("noisy-digits", *cells))
    judged = slice(0, 1000)
    returned = cell["returned_by"](cell[model], cell["noisy_test"][judged])
    score = cell["mean_psnr"](returned, cell["digits_test"].images[judged])
    losses = [-loss for loss in cell[history]["val_loss"]]
    seconds = cell[history]["seconds"]
    return Run(seconds, losses, float(score), cell[model].count_params(), seconds[-1])


def recurrent_network(side: str, seed: int) -> Run:
    """Signs of sums, judged on ten thousand fresh sequences."""
    train = f"run_{side}"
    cell = slice_of("04_recurrent_network", seed, train, "JUDGES", "sum_accuracy")
    model, seconds = cell[train](*cell["JUDGES"]["on training"], seed)
    score = cell["sum_accuracy"](model, *cell["JUDGES"]["10,000 fresh"])
    return end_only(model, seconds, score)


# The made reviews of the quick profile, which the full one does not read.
UNUSED_REVIEWS = {
    "reviews": None,
    "reviews_validation": None,
    "reviews_test": None,
    "VOCABULARY": {},
}


def sentiment_05(side: str, seed: int) -> Run:
    """IMDB with an LSTM."""
    name = "listing" if side == LISTING else "lean"
    cell = slice_of("05_lstm", seed, name, "last_words", **UNUSED_REVIEWS)
    model, scores, seconds = cell[name]
    return _sentiment(cell, model, scores, seconds)


def sentiment_06(side: str, seed: int) -> Run:
    """IMDB with a GRU."""
    name = "listing" if side == LISTING else "lean"
    cell = slice_of("06_gru", seed, name, "last_words")
    model, scores, seconds = cell[name]
    return _sentiment(cell, model, scores, seconds)


def _sentiment(cell: dict[str, Any], model: Any, scores: list[float], seconds: list[float]) -> Run:
    tokens, labels = cell["contest_test"]
    rows = cell["last_words"](tokens, model.input_shape[1])
    right = (model.predict(rows, batch_size=500, verbose=0)[:, 0] > 0.5) == labels
    return Run(seconds, scores, float(np.mean(right)), model.count_params(), seconds[-1])


def bag_of_words(seed: int) -> Run:
    """IMDB with logistic regression on which words occur."""
    cell = slice_of("05_lstm", seed, "bag_line", "counter", "contest_test", **UNUSED_REVIEWS)
    with cell["training"].timed() as watch:
        rows = cell["counter"].fit_transform(cell["contest"][0])
        cell["bag_line"].fit(rows, cell["contest"][1])
    tokens, labels = cell["contest_test"]
    score = cell["bag_line"].score(cell["counter"].transform(tokens), labels)
    return Run([], [], float(score), cell["bag_line"].coef_.size + 1, watch.seconds)


def adversarial_network(side: str, seed: int) -> Run:
    """MNIST drawn from noise; the score is the Fréchet distance in the chapter's classifier."""
    own = ("fresh_game", "N_STEPS")
    if side == LISTING:
        own = ("listing_game", "listing_step", "N_LISTING_STEPS")
    names = ("train_game", "draw", "distances", "features_of", "frechet_distance", "digits_test")
    cell = slice_of("08_generative_adversarial_network", seed, *names, *own, cells=("classifier",))
    tf, subset = cell["tf"], cell["SUBSET"]
    game = cell["listing_game"] if side == LISTING else cell["fresh_game"](seed)
    n_steps = cell["N_LISTING_STEPS"] if side == LISTING else cell["N_STEPS"]
    options = {"take_step": cell["listing_step"]} if side == LISTING else {}
    size = game.generator.input_shape[1]
    seconds, scores, looking = [], [], 0.0

    def drawings(n: int, number: int) -> np.ndarray:
        return cell["draw"](game.generator, tf.random.stateless_normal((n, size), (seed, number)))

    def look(step: int, game: Any) -> None:
        nonlocal looking
        seconds.append(watch.seconds - looking)  # judging is not training
        scores.append(-float(cell["distances"](drawings(subset, 99))[0]))
        looking = watch.seconds - seconds[-1]

    with cell["training"].timed() as watch, tempfile.TemporaryDirectory() as folder:
        cell["train_game"](game, n_steps, folder, look, every=n_steps // 20, **options)
    features, test = (
        cell["features_of"](images)
        for images in (drawings(5 * subset, 98), cell["digits_test"].images[: 5 * subset])
    )
    score = np.mean(
        [
            cell["frechet_distance"](features[part], test[part])
            for part in (slice(k * subset, (k + 1) * subset) for k in range(5))
        ]
    )
    return Run(seconds, scores, float(score), game.generator.count_params(), seconds[-1])


def transformer(seed: int) -> Run:
    """Tiny Shakespeare, nats per character of the validation text."""
    cell = slice_of("07_transformer", seed, cells=("gpt-model",))
    nats = [-float(bits * np.log(2)) for bits in cell["lm_bits"]]
    seconds = cell["lm_times"]
    return Run(seconds, nats, -nats[-1], cell["writer"].count_params(), seconds[-1])


# On one core a training takes a few minutes.
MOST_WORDS, N_WORDS = 8, 3000  # of a sentence; of each language, with numbers of their own
N_PASSES = 3  # over all pairs of the training part
N_JUDGED, N_WRITTEN = 2000, 500  # pairs judged after each pass; translations written at the end
SIZES = {"D_MODEL": 96, "LSTM_UNITS": 128}  # twice those of the chapter
TRANSLATORS = {"LSTM pair": ("lstm_translator", 0.01), OURS: ("translator", 0.003)}


class CommonWords(dict):
    """Word -> number, as the chapter's vocabularies; all other words share one number."""

    def __init__(self, texts: Iterable[str], n_words: int):
        words = " ".join(texts).replace(",", "").split()  # the chapter reads over commas
        common = [word for word, _ in collections.Counter(words).most_common(n_words)]
        names = ("", "<start>", "<end>", "<unknown>", *common)
        super().__init__((name, number) for number, name in enumerate(names))

    def __missing__(self, word: str) -> int:
        return self["<unknown>"]


def translation(side: str, seed: int) -> Run:
    """Everyday sentences from English into French, with the network and the rate of the chapter.

    The score is what the true translation costs, word by word, if the words before it are known.
    """
    build, rate = TRANSLATORS[side]
    train, validation, test = data.fetch_french_english(MOST_WORDS, seed=seed)
    given = SIZES | {
        "pairs": train,
        "ENGLISH": CommonWords(train.sources, N_WORDS),
        "FRENCH": CommonWords(train.targets, N_WORDS),
        "SOURCE_STEPS": MOST_WORDS + 1,
        "TARGET_STEPS": MOST_WORDS + 2,
        "N_TRANSLATION_EPOCHS": N_PASSES,
    }
    names = ("fit_translator", "encode_pairs", "greedy", "rouge", "split_words")
    cell = slice_of("07_transformer", seed, build, *names, **given)
    cell["keras"].utils.set_random_seed(seed)
    model = cell[build]()
    seconds, scores, looking = [], [], 0.0

    def look(*_: Any) -> None:
        nonlocal looking
        seconds.append(watch.seconds - looking)  # judging is not training
        scores.append(-_bits_per_word(cell, model, _first(validation, N_JUDGED)))
        looking = watch.seconds - seconds[-1]

    callback = cell["keras"].callbacks.LambdaCallback(on_epoch_end=look)
    with cell["training"].timed() as watch:
        cell["fit_translator"](model, rate, by_xla=side == OURS, callbacks=[callback])
    score = _bits_per_word(cell, model, test)
    few = _first(test, N_WRITTEN)
    written = cell["greedy"](model, few.sources)
    truth = [" ".join(cell["split_words"](text)) for text in few.targets]
    pairs = list(zip(written, truth, strict=True))
    more = {
        "exact": float(np.mean([ours == theirs for ours, theirs in pairs])),
        "rouge": float(np.mean([cell["rouge"](*pair) for pair in pairs])),
    }
    return Run(seconds, scores, score, model.count_params(), seconds[-1], more)


def _first(part: Any, n_pairs: int) -> Any:
    return type(part)(*(column[:n_pairs] for column in part))


def _bits_per_word(cell: dict[str, Any], model: Any, part: Any) -> float:
    """Return minus the mean binary logarithm of the share given to each true word and the end."""
    total, n_words = 0.0, 0
    for start in range(0, len(part.sources), 500):
        rows = type(part)(*(column[start : start + 500] for column in part))
        sources, moved, targets = cell["encode_pairs"](rows)
        logits = model([sources, moved], training=False)
        nats = cell["keras"].losses.sparse_categorical_crossentropy(targets, logits, True)
        total += float(np.sum(nats.numpy()[targets > 0])) / np.log(2)
        n_words += int(np.sum(targets > 0))
    return float(total / n_words)


def graph_network(side: str, seed: int) -> Run:
    """Cora, the published split; twenty starts side by side, seconds are a start's share."""
    names = ("right", "test_nodes", "test_labels", "scores", "weights")
    cells = ("train-main",) if side == "graph convolution" else ("train-main", "attention-train")
    cell = slice_of("09_graph_network", seed, *names, cells=cells)
    each = cell["right"](cell["scores"][side], cell["test_nodes"], cell["test_labels"])
    parameters = sum(int(np.prod(weight.shape[1:])) for weight in cell["weights"][side])
    watch = cell["gcn_watch" if side == "graph convolution" else "gat_watch"]
    seconds = watch.seconds / len(each)
    spread = {"runs": len(each), "spread": float(np.std(each, ddof=1))}
    return Run([], [], float(np.mean(each)), parameters, seconds, spread)


def _both(train: Callable[[str, int], Run]) -> dict[str, Callable[[int], Run]]:
    return {side: (lambda seed, side=side: train(side, seed)) for side in (LISTING, OURS)}


# On one core an epoch of these widths costs about twice as much as one of the listing, so a cycle
# planned for half the listing's epochs ends with it.
WIDTHS_OF_DIGITS = (16, 32, 64)
EPOCHS_IN_TIME = 5
CONTESTS = {
    contest.name: contest
    for contest in (
        Contest(
            "mlp",
            "01_multilayer_perceptron",
            "made table, 1,000 rows",
            "accuracy",
            _both(multilayer_perceptron),
        ),
        Contest(
            "cnn",
            "02_convolutional_network",
            "CIFAR-10",
            "accuracy",
            _both(convolutional_network)
            | {
                "ours, narrow": lambda seed: convolutional_network(
                    OURS, seed, WIDTHS={"CIFAR-10": WIDTHS_OF_DIGITS}
                ),
                "ours, narrow, short": lambda seed: convolutional_network(
                    OURS,
                    seed,
                    WIDTHS={"CIFAR-10": WIDTHS_OF_DIGITS},
                    N_EPOCHS={"CIFAR-10": EPOCHS_IN_TIME},
                ),
            },
        ),
        Contest(
            "autoencoder",
            "03_autoencoder",
            "noisy MNIST",
            "PSNR in dB",
            _both(autoencoder),
            curve="minus the validation loss",
        ),
        Contest(
            "rnn",
            "04_recurrent_network",
            "signs of sums, 1,000 sequences",
            "accuracy",
            _both(recurrent_network),
        ),
        Contest(
            "lstm",
            "05_lstm",
            "IMDB",
            "accuracy",
            _both(sentiment_05) | {"bag of words": bag_of_words},
        ),
        Contest("gru", "06_gru", "IMDB", "accuracy", _both(sentiment_06)),
        Contest(
            "transformer",
            "07_transformer",
            "Tiny Shakespeare",
            "nats per character",
            {OURS: transformer},
            higher=False,
            published="nanoGPT 1.88 on a CPU, 1.47 on a GPU",
            curve="minus nats per character",
        ),
        Contest(
            "translation",
            "07_transformer",
            "English into French",
            "bits per word",
            {side: (lambda seed, side=side: translation(side, seed)) for side in TRANSLATORS},
            higher=False,
            curve="minus bits per word",
            rival="LSTM pair",
        ),
        Contest(
            "gan",
            "08_generative_adversarial_network",
            "MNIST",
            "Fréchet distance",
            _both(adversarial_network),
            higher=False,
            curve="minus the Fréchet distance",
        ),
        Contest(
            "gnn",
            "09_graph_network",
            "Cora, public split",
            "accuracy",
            {
                name: (lambda seed, name=name: graph_network(name, seed))
                for name in ("graph convolution", "graph attention")
            },
            published="GCN 0.815, GAT 0.83",
        ),
    )
}
