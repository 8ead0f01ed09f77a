# %% [exercise] id="layers-needed" title="How deep must it be?" points=2 function="layers_needed"


# %% [solution]
def layers_needed(width, size, stride):
    seen, jump, layers = 1, 1, 0
    while seen < width:
        seen, jump, layers = seen + (size - 1) * jump, jump * stride, layers + 1
    return layers


# %% [hidden]
TOLERANCE = 0.1


def cases(rng):
    drawn = rng.integers([2, 2, 1], [300, 8, 4], size=(7, 3))
    return [(1, 3, 2), *(tuple(map(int, numbers)) for numbers in drawn)]


# %% [wrong] name="divides" expect="adds two, not three"
def layers_needed(width, size, stride):
    return -(-width // size)


# %% [wrong] name="forgets-the-stride" expect="twice as far apart"
def layers_needed(width, size, stride):
    return -(-(width - 1) // (size - 1))


# %% [wrong] name="wants-more-than-asked" expect="exactly as wide"
def layers_needed(width, size, stride):
    seen, jump, layers = 1, 1, 0
    while seen <= width and width > 1:
        seen, jump, layers = seen + (size - 1) * jump, jump * stride, layers + 1
    return layers


# %% [wrong] name="at-least-one-layer" expect="without any layer"
def layers_needed(width, size, stride):
    seen, jump, layers = size, stride, 1
    while seen < width:
        seen, jump, layers = seen + (size - 1) * jump, jump * stride, layers + 1
    return layers


# %% [wrong] name="always-three" expect="mind the size"
def layers_needed(width, size, stride):
    seen, jump, layers = 1, 1, 0
    while seen < width:
        seen, jump, layers = seen + 2 * jump, jump * stride, layers + 1
    return layers
