# %% [exercise] id="room-to-copy" title="Predict: room to copy" points=1 function="channels_to_copy"


# %% [solution]
def channels_to_copy(side, n_halvings, image_channels=1):
    numbers = side * side * image_channels
    for _ in range(n_halvings):
        side = (side + 1) // 2
    return -(-numbers // (side * side))


# %% [hidden]
TOLERANCE = 0


def cases(rng):
    arguments = [(int(rng.integers(4, 70)), int(rng.integers(0, 4))) for _ in range(4)]
    return [*arguments, (int(rng.integers(5, 40)), 2, 3), (int(2 * rng.integers(3, 9) + 1), 1)]


# %% [wrong] name="one-side-only" expect="height and width"
def channels_to_copy(side, n_halvings, image_channels=1):
    return 2**n_halvings * image_channels


# %% [wrong] name="grey-only" expect="three numbers for each pixel"
def channels_to_copy(side, n_halvings, image_channels=1):
    return 4**n_halvings


# %% [wrong] name="always-even" expect="7 halved and rounded up is 4"
def channels_to_copy(side, n_halvings, image_channels=1):
    return 4**n_halvings * image_channels


# %% [wrong] name="rounded-down" expect="round up to 3"
def channels_to_copy(side, n_halvings, image_channels=1):
    numbers = side * side * image_channels
    for _ in range(n_halvings):
        side = (side + 1) // 2
    return numbers // (side * side)
