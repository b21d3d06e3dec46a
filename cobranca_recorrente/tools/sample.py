"""A choice that nobody makes."""

from collections.abc import Mapping
from hashlib import sha256


def fair_sample(owners: Mapping[int, int], size: int, seed: str) -> list[int]:
    """Some items of each owner, by chance, and the same ones whenever it is asked with the same seed.

    :param owners: {item: owner}
    :param size: items of each owner, at most
    :param seed: for example the day
    :return: the chosen items in their order

    >>> owners = {1: 7, 2: 7, 3: 7, 4: 8}
    >>> chosen = fair_sample(owners, 2, "2026-11-19")
    >>> len(chosen), 4 in chosen, chosen == fair_sample(owners, 2, "2026-11-19")
    (3, True, True)
    """
    taken = {}
    for item in sorted(owners, key=lambda item: sha256(f"{seed}:{item}".encode()).digest()):
        chosen = taken.setdefault(owners[item], [])
        if len(chosen) < size:
            chosen.append(item)
    return sorted(item for chosen in taken.values() for item in chosen)
