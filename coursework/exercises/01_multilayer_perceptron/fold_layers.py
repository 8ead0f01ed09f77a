# %% [exercise] id="fold-layers" title="Fold the layers" points=2 function="fold"

# %% [solution]
def fold(network):
    weights, biases = network[0]
    for next_weights, next_biases in network[1:]:
        weights = weights @ next_weights
        biases = biases @ next_weights + next_biases
    return weights, biases


# %% [hidden]
TOLERANCE = 1e-8


def cases(rng):
    networks = []
    for n_layers in (1, 2, 5):
        sizes = rng.integers(1, 6, size=n_layers + 1)
        networks.append(
            [
                [rng.normal(size=(n_in, n_out)), rng.normal(size=(1, n_out))]
                for n_in, n_out in zip(sizes, sizes[1:])
            ]
        )
    return [(network,) for network in networks]


# %% [wrong] name="last-bias-only" expect="only the last bias arrived"
def fold(network):
    weights = network[0][0]
    for next_weights, _ in network[1:]:
        weights = weights @ next_weights
    return weights, network[-1][1]


# %% [wrong] name="weights-only" expect="return two arrays"
def fold(network):
    weights = network[0][0]
    for next_weights, _ in network[1:]:
        weights = weights @ next_weights
    return (weights,)


# %% [wrong] name="bias-before-weights" expect="the biases are off"
def fold(network):
    weights, biases = network[0]
    for next_weights, next_biases in network[1:]:
        weights = weights @ next_weights
        biases = biases @ next_weights
    return weights, biases


# %% [wrong] name="sum-of-transposed" expect="lead from 3 inputs to 2 outputs"
def fold(network):
    weights, biases = network[0]
    for next_weights, next_biases in network[1:]:
        weights = weights @ next_weights
        biases = biases @ next_weights + next_biases
    return weights.T, biases
