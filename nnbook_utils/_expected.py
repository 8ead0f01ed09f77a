"""Reading of `expected.yml`, the contract on every number in the book."""

import math
import os
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

PROFILES = ("quick", "full")
BUDGETS = ("minutes", "peak_memory_gib")
METRIC_KEYS = ("label", "min", "max", "listing", "baseline", "published", "headline")


def read_expected(path: str | os.PathLike | None = None) -> dict[str, Any]:
    """Read and check the bounds; see `nnbook_utils.results.load_expected`."""
    if path is None:
        path = os.environ.get("NNBOOK_EXPECTED") or None
    source = resources.files("nnbook_utils") / "expected.yml" if path is None else Path(path)
    try:
        text = source.read_text(encoding="utf-8")
    except OSError as error:
        raise OSError(
            f"cannot read the expected results in {source} ({error.strerror}); reinstall "
            "nnbook-utils, or let NNBOOK_EXPECTED name a readable file"
        ) from error
    try:
        expected = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(f"{source} is not valid YAML: {error}") from error
    _require(isinstance(expected, Mapping), f"{source}", "a mapping from chapter to profiles")
    for chapter, entry in expected.items():
        _check_chapter(f"{source}: {chapter}", entry)
    return expected


def _require(condition: bool, place: str, wanted: str) -> None:
    if not condition:
        raise ValueError(f"{place} must be {wanted}")


def _check_chapter(place: str, entry: Any) -> None:
    _require(isinstance(entry, Mapping), place, "a mapping with title, quick and full")
    _check_keys(place, entry, ("title", *PROFILES))
    _require(isinstance(entry.get("title"), str), f"{place}: title", "a text")
    for profile in PROFILES:
        if profile in entry:
            _check_profile(f"{place}: {profile}", entry[profile])


def _check_profile(place: str, section: Any) -> None:
    _require(isinstance(section, Mapping), place, "a mapping with metrics, ratios and budgets")
    _check_keys(place, section, (*BUDGETS, "metrics", "ratios"))
    for budget in BUDGETS:
        if budget in section:
            _require(
                _is_finite(section[budget]) and section[budget] > 0,
                f"{place}: {budget}",
                f"a positive number, got {section[budget]!r}",
            )
    metrics = section.get("metrics")
    _require(
        isinstance(metrics, Mapping) and len(metrics) > 0,
        f"{place}: metrics",
        "a mapping with at least one metric",
    )
    for name, metric in metrics.items():
        _check_metric(f"{place}: {name}", metric, metrics)
    ratios = section.get("ratios", {})
    _require(isinstance(ratios, Mapping), f"{place}: ratios", "a mapping from name to label, aim")
    for name, ratio in ratios.items():
        _require(isinstance(ratio, Mapping), f"{place}: {name}", "a mapping with label and aim")
        _check_keys(f"{place}: {name}", ratio, ("label", "aim"))
        _check_labelled(f"{place}: {name}", ratio)
        _require(_is_finite(ratio.get("aim", 0)), f"{place}: {name}: aim", "a finite number")


def _check_metric(place: str, metric: Any, metrics: Mapping[str, Any]) -> None:
    _require(isinstance(metric, Mapping), place, "a mapping with label and min or max")
    _check_keys(place, metric, METRIC_KEYS)
    _check_labelled(place, metric)
    limits = {key: metric[key] for key in ("min", "max") if key in metric}
    _require(len(limits) > 0, place, "bounded: give min, max or both")
    for key, limit in limits.items():
        _require(_is_finite(limit), f"{place}: {key}", f"a finite number, got {limit!r}")
    if len(limits) == 2:
        _require(
            limits["min"] <= limits["max"],
            place,
            f"bounded by min <= max, got min {limits['min']} and max {limits['max']}",
        )
    for key in ("listing", "baseline"):
        other = metric.get(key)
        _require(
            other is None or other in metrics,
            f"{place}: {key}",
            f"the name of a metric of the same profile, got {other!r}",
        )
    _check_published(f"{place}: published", metric.get("published"))
    _require(isinstance(metric.get("headline", False), bool), f"{place}: headline", "true or false")


def _check_published(place: str, published: Any) -> None:
    if published is None:
        return
    _require(
        isinstance(published, Mapping) and set(published) == {"value", "source"},
        place,
        "a mapping with value and source",
    )
    _require(_is_finite(published["value"]), f"{place}: value", "a finite number")
    _require(isinstance(published["source"], str), f"{place}: source", "a text")


def _check_labelled(place: str, entry: Mapping[str, Any]) -> None:
    label = entry.get("label")
    _require(isinstance(label, str) and label != "", f"{place}: label", "a text")


def _check_keys(place: str, entry: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
    unknown = [str(key) for key in entry if key not in allowed]
    _require(
        not unknown,
        place,
        f"made of {', '.join(allowed)}; it also has {', '.join(unknown)}",
    )


def _is_finite(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
