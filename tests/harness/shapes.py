"""What a call to an outside service must look like.

A shape is one of
- a value (`"BRL"`, `None`): exactly that;
- a type (`str`, `int`, `float`, `bool`): a value of just that type (True is no int);
- a compiled regular expression: a text that it matches from end to end;
- a callable: called with the value, truthy for a good one;
- a dict: an object with exactly these keys (`optional("key")` may be missing);
- a list of one shape: a list whose items all have it; of several: that many items;
- `any_of(shape, …)`, `ANYTHING`.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class optional:
    """A key that may be missing."""

    key: str


@dataclass(frozen=True, init=False)
class any_of:
    """One of several shapes."""

    shapes: tuple

    def __init__(self, *shapes):
        object.__setattr__(self, "shapes", shapes)


def ANYTHING(_value):
    return True


def mismatches(value, shape, where="body"):
    """Where a value differs from a shape.

    :param where: how the value is called in the messages
    :return: list of messages, empty when it fits
    """
    if isinstance(shape, any_of):
        fits = any(not mismatches(value, one, where) for one in shape.shapes)
        return [] if fits else [f"{where}: {value!r} fits none of {len(shape.shapes)} shapes"]
    if isinstance(shape, dict):
        return object_mismatches(value, shape, where)
    if isinstance(shape, list):
        return list_mismatches(value, shape, where)
    return [] if fits_plain(value, shape) else [f"{where}: {value!r} is not {name_of(shape)}"]


def fits_plain(value, shape):
    if isinstance(shape, re.Pattern):
        return isinstance(value, str) and bool(shape.fullmatch(value))
    if isinstance(shape, type):
        return type(value) is shape
    if callable(shape):
        return bool(shape(value))
    return type(value) is type(shape) and value == shape


def name_of(shape):
    if isinstance(shape, re.Pattern):
        return f"text like {shape.pattern!r}"
    return getattr(shape, "__name__", repr(shape))


def object_mismatches(value, shape, where):
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is no object"]
    known = {key.key if isinstance(key, optional) else key: (key, item) for key, item in shape.items()}
    found = [f"{where}.{key}: unknown" for key in value if key not in known]
    for name, (key, item) in known.items():
        if name in value:
            found += mismatches(value[name], item, f"{where}.{name}")
        elif not isinstance(key, optional):
            found.append(f"{where}.{name}: missing")
    return found


def list_mismatches(value, shape, where):
    if not isinstance(value, list):
        return [f"{where}: {value!r} is no list"]
    shapes = shape * len(value) if len(shape) == 1 else shape
    if len(shapes) != len(value):
        return [f"{where}: {len(value)} items instead of {len(shapes)}"]
    return [
        message
        for number, (item, one) in enumerate(zip(value, shapes, strict=True))
        for message in mismatches(item, one, f"{where}[{number}]")
    ]
