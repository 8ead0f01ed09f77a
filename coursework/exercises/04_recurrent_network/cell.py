import numpy as np

# %% [exercise] id="cell" title="The cell" points=2 function="all_states"


# %% [solution]
def all_states(inputs, kernel, recurrent, bias):
    state = np.zeros((len(inputs), len(bias)))
    states = []
    for step in range(inputs.shape[1]):
        state = np.tanh(inputs[:, step] @ kernel + state @ recurrent + bias)
        states.append(state)
    return np.stack(states, axis=1)


# %% [hidden]
TOLERANCE = 1e-8


def cases(rng):
    arguments = []
    for _ in range(3):
        n_sequences, n_steps, n_features, n_units = rng.integers(2, 7, size=4)
        arguments.append(
            (
                rng.normal(size=(n_sequences, n_steps, n_features)),
                rng.normal(size=(n_features, n_units)),
                rng.normal(size=(n_units, n_units)),
                rng.normal(size=n_units),
            )
        )
    return arguments


# %% [wrong] name="last-state-only" expect="the last state only"
def all_states(inputs, kernel, recurrent, bias):
    state = np.zeros((len(inputs), len(bias)))
    for step in range(inputs.shape[1]):
        state = np.tanh(inputs[:, step] @ kernel + state @ recurrent + bias)
    return state


# %% [wrong] name="steps-first" expect="the batch comes first"
def all_states(inputs, kernel, recurrent, bias):
    state = np.zeros((len(inputs), len(bias)))
    states = []
    for step in range(inputs.shape[1]):
        state = np.tanh(inputs[:, step] @ kernel + state @ recurrent + bias)
        states.append(state)
    return np.stack(states)


# %% [wrong] name="nothing-carried" expect="nothing is carried along"
def all_states(inputs, kernel, recurrent, bias):
    return np.tanh(inputs @ kernel + bias)


# %% [wrong] name="state-outside" expect="the states after the first differ"
def all_states(inputs, kernel, recurrent, bias):
    state = np.zeros((len(inputs), len(bias)))
    states = []
    for step in range(inputs.shape[1]):
        state = np.tanh(inputs[:, step] @ kernel + bias) + state @ recurrent
        states.append(state)
    return np.stack(states, axis=1)


# %% [wrong] name="transposed" expect="not its transpose"
def all_states(inputs, kernel, recurrent, bias):
    state = np.zeros((len(inputs), len(bias)))
    states = []
    for step in range(inputs.shape[1]):
        state = np.tanh(inputs[:, step] @ kernel + state @ recurrent.T + bias)
        states.append(state)
    return np.stack(states, axis=1)


# %% [wrong] name="zero-state-included" expect="leave out the zero state"
def all_states(inputs, kernel, recurrent, bias):
    states = [np.zeros((len(inputs), len(bias)))]
    for step in range(inputs.shape[1]):
        states.append(np.tanh(inputs[:, step] @ kernel + states[-1] @ recurrent + bias))
    return np.stack(states, axis=1)
