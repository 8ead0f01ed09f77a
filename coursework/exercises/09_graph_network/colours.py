import numpy as np

# %% [exercise] id="colours" title="Explain: a ring and two triangles" points=3 function="colour_counts"


# %% [solution]
def colour_counts(adjacency, n_rounds):
    colours = [0] * len(adjacency)
    for _ in range(n_rounds):
        seen = [
            (colours[node], tuple(sorted(colours[other] for other in np.flatnonzero(row))))
            for node, row in enumerate(adjacency)
        ]
        names = {description: number for number, description in enumerate(sorted(set(seen)))}
        colours = [names[description] for description in seen]
    return sorted(colours.count(colour) for colour in set(colours))


# %% [hidden]
def cases(rng):
    found = []
    for n in rng.integers(5, 12, size=6):
        upper = np.triu(rng.random((n, n)) < 0.3, k=1).astype(int)
        found.append((upper + upper.T, int(rng.integers(0, 4))))
    return found


# %% [wrong] name="starts-with-numbers" expect="all nodes start with the same colour"
def colour_counts(adjacency, n_rounds):
    return [1] * len(adjacency)


# %% [wrong] name="degrees-only" expect="this is the degree alone"
def colour_counts(adjacency, n_rounds):
    if n_rounds == 0:
        return [len(adjacency)]
    return sorted(np.unique(adjacency.sum(axis=1), return_counts=True)[1].tolist())


# %% [wrong] name="which-colours-not-how-many" expect="the centre differs"
def colour_counts(adjacency, n_rounds):
    colours = [0] * len(adjacency)
    for _ in range(n_rounds):
        seen = [
            (colours[node], tuple(sorted({colours[other] for other in np.flatnonzero(row)})))
            for node, row in enumerate(adjacency)
        ]
        names = {description: number for number, description in enumerate(sorted(set(seen)))}
        colours = [names[description] for description in seen]
    return sorted(colours.count(colour) for colour in set(colours))


# %% [wrong] name="one-round-too-many" expect="before the first round"
def colour_counts(adjacency, n_rounds):
    colours = [0] * len(adjacency)
    for _ in range(n_rounds + 1):
        seen = [
            (colours[node], tuple(sorted(colours[other] for other in np.flatnonzero(row))))
            for node, row in enumerate(adjacency)
        ]
        names = {description: number for number, description in enumerate(sorted(set(seen)))}
        colours = [names[description] for description in seen]
    return sorted(colours.count(colour) for colour in set(colours))
