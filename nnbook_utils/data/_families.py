"""Family trees as facts: who is whose mother, brother or aunt, with some to be inferred."""

import itertools

import numpy as np

from nnbook_utils.data._checks import checked_seed, number_between, whole_number
from nnbook_utils.data._split import split_indices
from nnbook_utils.data._types import Triples

MOST_FAMILIES = 1000
MOST_CHILDREN = 10
MARRIES = 0.85  # probability of each child of the eldest couple but the first, who always does
HELD_OUT = (0.7, 0.15, 0.15)  # shares of the pairs of people that a derived relation joins
# A relation by the gender of the tail: 0 for a man, 1 for a woman. The first six names are facts
# from which all others follow.
PARENT, SPOUSE, CHILD = ("father", "mother"), ("husband", "wife"), ("son", "daughter")
SIBLING, AUNT = ("brother", "sister"), ("uncle", "aunt")
NIECE, GRANDPARENT = ("nephew", "niece"), ("grandfather", "grandmother")
BASIC = (*PARENT, *SPOUSE, *CHILD)
RELATIONS = (*BASIC, *SIBLING, *AUNT, *NIECE, *GRANDPARENT)
NAMES = (
    (
        *("Adam", "Ben", "Carl", "David", "Emil", "Felix", "George", "Hugo", "Ivan", "Jonas"),
        *("Karim", "Leo", "Max", "Noah", "Omar", "Paul", "Ravi", "Simon", "Theo", "Victor"),
    ),
    (
        *("Anna", "Bella", "Clara", "Dora", "Emma", "Fatima", "Grace", "Hanna", "Ida", "Julia"),
        *("Kate", "Lena", "Maria", "Nora", "Olga", "Petra", "Rosa", "Sofia", "Tara", "Vera"),
    ),
)

Fact = tuple[int, int, int]  # head, relation, tail
Couple = tuple[int, int, list[int]]  # husband, wife, children


def make_family_trees(
    n_families: int = 14, *, most_children: int = 4, seed: int = 0
) -> tuple[Triples, Triples, Triples]:
    """Make families of three generations, as facts of the form head, relation, tail.

    A fact reads "the tail is the RELATION of the head": (Nora 13, father, Ben 4) says
    that Ben 4 is the father of Nora 13. There are 14 relations.

    - father, mother: a man or woman whose child the head is.
    - husband, wife: the man or woman to whom the head is married.
    - son, daughter: a male or female child of the head.
    - brother, sister: another son or daughter of the head's parents.
    - uncle, aunt: a brother or sister of a parent of the head, or the husband of such an aunt or
      the wife of such an uncle.
    - nephew, niece: a man or woman of whom the head is uncle or aunt.
    - grandfather, grandmother: the father or mother of a parent of the head.

    Each family starts from one couple with 2 or more children. The first child marries, each
    other one with probability 0.85, always somebody from outside of whom no parents are known;
    each of these couples has 1 or more children, who are the third generation. The number of
    children is drawn evenly from those allowed. A couple is a man and a woman with the same
    children. No fact joins two families.

    The first six relations are basic: all their facts are in training, and all other facts follow
    from them. Of the pairs of people whom one of the other eight relations joins, 15 % are in the
    validation part and 15 % in the test part, the rest in training. Both facts about a pair, as
    uncle and niece, are in the same part, so no held-out fact is one of training the other way
    round.

    Args:
        n_families: Families, 2 to 1000. 14 of them have about 200 people and 1,900 facts, with
            seed 0 178 people and 1,502 facts.
        most_children: Most children of a couple, 2 to 10.
        seed: Same seed, same families and same split.

    Returns:
        train, validation and test, each with
        `triples`, int32, (n, 3), columns head, relation and tail: numbers from 0 into the names;
        `entities`, tuple of str, (number of people,), different names like "Nora 13", in
        which 13 is the person's number; `relations`, tuple of str, (14,), in the order above.
        The names are the same in all parts.

    Raises:
        TypeError: If an argument is no whole number.
        ValueError: If an argument is outside its range.

    Source: made here; the form follows Hinton, Learning Distributed Representations of Concepts,
    Annual Conference of the Cognitive Science Society, 1986.

    Example:
        >>> train, validation, test = make_family_trees(2)
        >>> people, (head, relation, tail) = train.entities, train.triples[0]
        >>> print(people[tail], "is the", train.relations[relation], "of", people[head])
        Ben 4 is the father of Nora 13
    """
    n_families = whole_number("n_families", n_families, minimum=2)
    number_between("n_families", n_families, 2, MOST_FAMILIES)
    most_children = whole_number("most_children", most_children, minimum=2)
    number_between("most_children", most_children, 2, MOST_CHILDREN)
    rng = np.random.default_rng(checked_seed(seed))
    genders, couples = _people(n_families, most_children, rng)
    entities = tuple(
        f"{NAMES[gender][rng.integers(len(NAMES[gender]))]} {person}"
        for person, gender in enumerate(genders)
    )
    basic, derived = _basic_facts(genders, couples), _derived_facts(genders, couples)
    pairs = sorted({_pair(fact) for fact in derived})
    parts = [basic, [], []]
    for part, rows in zip(
        parts, split_indices(len(pairs), fractions=HELD_OUT, seed=seed), strict=True
    ):
        chosen = {pairs[row] for row in rows}
        part.extend(fact for fact in derived if _pair(fact) in chosen)
    train, validation, test = (
        Triples(rng.permutation(np.array(part, np.int32)), entities, RELATIONS) for part in parts
    )
    return train, validation, test


def _people(
    n_families: int, most_children: int, rng: np.random.Generator
) -> tuple[list[int], list[Couple]]:
    """Return the gender of each person, 0 for a man, and each couple with its children."""
    genders: list[int] = []
    couples: list[Couple] = []

    def add(*added: int) -> list[int]:
        genders.extend(added)
        return list(range(len(genders) - len(added), len(genders)))

    def add_children(fewest: int) -> list[int]:
        return add(*rng.integers(2, size=rng.integers(fewest, most_children + 1)).tolist())

    for _ in range(n_families):
        eldest = tuple(add(0, 1))
        children = add_children(2)
        couples.append((*eldest, children))
        for place, child in enumerate(children):
            if place == 0 or rng.random() < MARRIES:
                husband, wife = sorted((child, *add(1 - genders[child])), key=genders.__getitem__)
                couples.append((husband, wife, add_children(1)))
    return genders, couples


def _basic_facts(genders: list[int], couples: list[Couple]) -> list[Fact]:
    """Return the facts on couples and their children."""
    facts = []
    for husband, wife, children in couples:
        facts += [_fact(husband, SPOUSE, wife, genders), _fact(wife, SPOUSE, husband, genders)]
        for parent, child in itertools.product((husband, wife), children):
            facts.append(_fact(child, PARENT, parent, genders))
            facts.append(_fact(parent, CHILD, child, genders))
    return facts


def _derived_facts(genders: list[int], couples: list[Couple]) -> list[Fact]:
    """Return all facts that follow from the basic ones."""
    parents = {child: couple[:2] for couple in couples for child in couple[2]}
    siblings = {
        child: [other for other in couple[2] if other != child]
        for couple in couples
        for child in couple[2]
    }
    spouses = {h: w for h, w, _ in couples} | {w: h for h, w, _ in couples}
    facts = []
    for child in parents:
        facts += [_fact(child, SIBLING, sibling, genders) for sibling in siblings[child]]
        for parent in parents[child]:
            for grandparent in parents.get(parent, ()):
                facts.append(_fact(child, GRANDPARENT, grandparent, genders))
            for sibling in siblings.get(parent, ()):
                for relative in {sibling, spouses.get(sibling, sibling)}:
                    facts.append(_fact(child, AUNT, relative, genders))
                    facts.append(_fact(relative, NIECE, child, genders))
    return facts


def _fact(head: int, names: tuple[str, str], tail: int, genders: list[int]) -> Fact:
    return head, RELATIONS.index(names[genders[tail]]), tail


def _pair(fact: Fact) -> tuple[int, int]:
    """Return the two people of a fact, whichever way round it is."""
    return min(fact[0], fact[2]), max(fact[0], fact[2])
