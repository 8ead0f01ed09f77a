"""What is known about the graphs."""

from nnbook_utils.data._info import DatasetInfo

GRAPHS = (
    DatasetInfo(
        name="cora",
        title="Cora, papers that cite each other",
        source="download: github.com/kimiyoung/planetoid",
        licence="not stated (distributed with Planetoid, MIT)",
        citation="Sen et al. 2008, AI Magazine 29(3); parts by Yang, Cohen and Salakhutdinov, "
        "ICML 2016",
        url="https://github.com/kimiyoung/planetoid",
        profile="full",
        size="a graph of 2,708 nodes, 5,278 edges, 1,433 features",
        loader="fetch_cora",
        class_names=(
            *("theory", "reinforcement learning", "genetic algorithms", "neural networks"),
            *("probabilistic methods", "case-based reasoning", "rule learning"),
        ),
    ),
    DatasetInfo(
        name="digits_graph",
        title="Handwritten digits joined to those most like them",
        source="scikit-learn",
        licence="CC BY 4.0",
        citation="Alpaydin and Kaynak 1998, doi:10.24432/C50P49",
        url="https://archive.ics.uci.edu/dataset/80",
        profile="quick",
        size="a graph of 1,797 nodes, 64 features",
        loader="load_digits_graph",
        class_names=tuple("0123456789"),
    ),
    DatasetInfo(
        name="family_trees",
        title="Family trees as facts",
        source="made from a seed",
        licence="that of this book's code (MIT)",
        citation="after Hinton 1986, Learning Distributed Representations of Concepts",
        url="https://www.cs.toronto.edu/~hinton/absps/families.pdf",
        profile="quick",
        size="facts of 14 relations on any number of families",
        loader="make_family_trees",
    ),
    DatasetInfo(
        name="karate_club",
        title="Zachary's karate club",
        source="networkx",
        licence="not stated (distributed with networkx, BSD 3-clause)",
        citation="Zachary 1977, Journal of Anthropological Research 33(4)",
        url="https://networkx.org/documentation/stable/auto_examples/graph/plot_karate_club.html",
        profile="quick",
        size="a graph of 34 nodes, 78 edges",
        loader="load_karate_club",
        class_names=("Mr. Hi", "Officer"),
    ),
)
