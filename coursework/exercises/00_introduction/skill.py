import numpy as np

# %% [exercise] id="skill" title="A number that knows its baseline" points=1 function="skill"


# %% [solution]
def skill(accuracy, training_labels, test_labels):
    baseline = np.mean(test_labels == np.bincount(training_labels).argmax())
    return (accuracy - baseline) / (1 - baseline)


# %% [hidden]
TOLERANCE = 1e-9


def cases(rng):
    found = []
    for accuracy in (0.2, 0.7, 0.95):
        training = np.append(rng.integers(4, size=40), [2] * 12)
        found.append((accuracy, training, np.append(rng.integers(4, size=25), [1] * 9)))
    return found


# %% [wrong] name="ratio" expect="a ratio has no fixed top"
def skill(accuracy, training_labels, test_labels):
    return accuracy / np.mean(test_labels == np.bincount(training_labels).argmax())


# %% [wrong] name="difference" expect="divide by how far it could have got"
def skill(accuracy, training_labels, test_labels):
    return accuracy - np.mean(test_labels == np.bincount(training_labels).argmax())


# %% [wrong] name="test-commonest" expect="you chose the class by the test labels"
def skill(accuracy, training_labels, test_labels):
    baseline = np.bincount(test_labels).max() / len(test_labels)
    return (accuracy - baseline) / (1 - baseline)


# %% [wrong] name="training-accuracy" expect="measured on the test labels"
def skill(accuracy, training_labels, test_labels):
    baseline = np.bincount(training_labels).max() / len(training_labels)
    return (accuracy - baseline) / (1 - baseline)


# %% [wrong] name="even-guessing" expect="answer the commonest class"
def skill(accuracy, training_labels, test_labels):
    baseline = 1 / len(np.unique(training_labels))
    return (accuracy - baseline) / (1 - baseline)
