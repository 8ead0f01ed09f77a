"""What a registry entry holds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DatasetInfo:
    """What is known about a data set.

    Attributes:
        name: Name in this registry; the loader is this name after its verb.
        title: Name for people.
        source: Package, download or generator that the data comes from.
        licence: Licence of the data.
        citation: Who made it, to be cited.
        url: Page that describes it.
        feature_names: Names of the columns, empty if they have none.
        class_names: Names of the classes in the order of their numbers, empty if there are none.
        profile: "quick" if it is there without a download, "full" if not.
        size: How many examples of what shape, in words.
        loader: Name of the function that returns it.
    """

    name: str
    title: str
    source: str
    licence: str
    citation: str
    url: str
    profile: str
    size: str
    loader: str
    feature_names: tuple[str, ...] = ()
    class_names: tuple[str, ...] = ()
