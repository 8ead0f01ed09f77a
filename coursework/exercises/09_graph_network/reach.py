import numpy as np

# %% [exercise] id="reach" title="Predict: who can know of it?" points=2 function="who_notices"


# %% [solution]
def who_notices(adjacency, node, n_layers):
    reached = np.arange(len(adjacency)) == node
    for _ in range(n_layers):
        reached = reached | (adjacency @ reached > 0)
    return reached


# %% [hidden]
def cases(rng):
    found = []
    for n in rng.integers(6, 14, size=5):
        upper = np.triu(rng.random((n, n)) < 0.2, k=1).astype(float)
        found.append((upper + upper.T, int(rng.integers(n)), int(rng.integers(0, 5))))
    return found


# %% [wrong] name="one-hop-too-far" expect="three layers carry three hops"
def who_notices(adjacency, node, n_layers):
    reached = np.arange(len(adjacency)) == node
    for _ in range(n_layers + 1):
        reached = reached | (adjacency @ reached > 0)
    return reached


# %% [wrong] name="no-self-loops" expect="a node always notices its own change"
def who_notices(adjacency, node, n_layers):
    return np.linalg.matrix_power(adjacency, n_layers)[node] > 0


# %% [wrong] name="counts-walks" expect="return truth values"
def who_notices(adjacency, node, n_layers):
    return np.linalg.matrix_power(adjacency + np.eye(len(adjacency)), n_layers)[node]


# %% [wrong] name="everybody" expect="node 4 is four hops away"
def who_notices(adjacency, node, n_layers):
    return np.ones(len(adjacency), bool)


# %% [wrong] name="one-layer-short" expect="three layers reach it"
def who_notices(adjacency, node, n_layers):
    reached = np.arange(len(adjacency)) == node
    for _ in range(n_layers - 1):
        reached = reached | (adjacency @ reached > 0)
    return reached
