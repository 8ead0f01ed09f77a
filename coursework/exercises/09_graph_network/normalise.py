import numpy as np

# %% [exercise] id="normalise" title="Collect without a matrix" points=3 function="collect_edges"


# %% [solution]
def collect_edges(edges, states):
    degrees = 1 + np.bincount(edges.ravel(), minlength=len(states))
    collected = states / degrees[:, None]
    weights = 1 / np.sqrt(degrees[edges[:, 0]] * degrees[edges[:, 1]])
    np.add.at(collected, edges[:, 0], weights[:, None] * states[edges[:, 1]])
    np.add.at(collected, edges[:, 1], weights[:, None] * states[edges[:, 0]])
    return collected


# %% [hidden]
TOLERANCE = 1e-8


def cases(rng):
    found = []
    for n in rng.integers(5, 12, size=4):
        pairs = np.stack(np.triu_indices(n, k=1), axis=1)
        edges = pairs[rng.random(len(pairs)) < 0.4]
        found.append((edges, rng.normal(size=(n, 3))))
    return found


# %% [wrong] name="no-self-loops" expect="must not forget itself"
def collect_edges(edges, states):
    degrees = np.maximum(np.bincount(edges.ravel(), minlength=len(states)), 1)
    collected = np.zeros_like(states)
    weights = 1 / np.sqrt(degrees[edges[:, 0]] * degrees[edges[:, 1]])
    np.add.at(collected, edges[:, 0], weights[:, None] * states[edges[:, 1]])
    np.add.at(collected, edges[:, 1], weights[:, None] * states[edges[:, 0]])
    return collected


# %% [wrong] name="sum" expect="this is the sum"
def collect_edges(edges, states):
    collected = states.copy()
    np.add.at(collected, edges[:, 0], states[edges[:, 1]])
    np.add.at(collected, edges[:, 1], states[edges[:, 0]])
    return collected


# %% [wrong] name="mean" expect="the symmetric form"
def collect_edges(edges, states):
    degrees = 1 + np.bincount(edges.ravel(), minlength=len(states))
    collected = states.copy()
    np.add.at(collected, edges[:, 0], states[edges[:, 1]])
    np.add.at(collected, edges[:, 1], states[edges[:, 0]])
    return collected / degrees[:, None]


# %% [wrong] name="repeated-receivers-lost" expect="degrees 4 and 2"
def collect_edges(edges, states):
    degrees = np.ones(len(states))
    degrees[edges[:, 0]] += 1
    degrees[edges[:, 1]] += 1
    collected = states / degrees[:, None]
    weights = 1 / np.sqrt(degrees[edges[:, 0]] * degrees[edges[:, 1]])
    np.add.at(collected, edges[:, 0], weights[:, None] * states[edges[:, 1]])
    np.add.at(collected, edges[:, 1], weights[:, None] * states[edges[:, 0]])
    return collected
