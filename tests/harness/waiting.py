"""Waiting for something to become true, with a limit and a clear failure."""

import socket
import time

PAUSE_S = 0.02


def wait_until(condition, what, limit_s=120.0):
    """Call a condition until it is truthy.

    :param condition: callable without arguments
    :param str what: what is waited for, for the failure's message
    :return: the condition's first truthy value
    :raise TimeoutError: when the limit has passed
    """
    deadline = time.monotonic() + limit_s
    while True:
        if value := condition():
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {limit_s:g} s: {what} (last seen: {value!r})")
        time.sleep(PAUSE_S)


def free_port():
    """A loopback TCP port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
