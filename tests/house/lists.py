"""The committed lists that tests compare with the code, and how each is made from it."""

import ast
from collections import Counter

from .files import name_of

SUDO_LIST = "sudo.txt"


def escalations(source):
    """Calls that set the user's rights aside."""
    return [node for node in source.nodes if isinstance(node, ast.Call) and escalates(node)]


def escalates(call):
    method = name_of(call.func).split(".")[-1] or getattr(call.func, "attr", "")
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    if isinstance(call.func, ast.Attribute) and method == "sudo":
        return not any(isinstance(value, ast.Constant) and value.value is False for value in arguments)
    if method in ("with_user", "Environment", "env", "update_env"):
        as_root = any(keyword.arg == "su" and getattr(keyword.value, "value", True) for keyword in call.keywords)
        return as_root or any(map(is_superuser, arguments))
    return False


def is_superuser(node):
    if isinstance(node, ast.Constant):
        return node.value == 1 and node.value is not True
    return name_of(node).split(".")[-1] in ("SUPERUSER_ID", "user_root", "root_id")


def sudo_lines(sources):
    """`path count` of every file that sets rights aside."""
    counts = Counter({source.path: len(escalations(source)) for source in sources})
    return [f"{path} {count}" for path, count in sorted(counts.items()) if count]
