"""Which Python the environments are made of."""

import sys

import pytest

import environment

FITTING = f'#!/bin/sh\nexec {sys.executable} "$@"\n'
WITHOUT_VENV = f'#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"\n'
TOO_OLD = "#!/bin/sh\necho 3 9\n"


@pytest.fixture
def distribution(tmp_path, monkeypatch):
    """Writes the Python that the distribution has."""
    path = tmp_path / "python3"
    monkeypatch.setattr(environment, "DISTRIBUTION", str(path))
    monkeypatch.delenv("PYTHON", raising=False)

    def write(text):
        path.write_text(text)
        path.chmod(0o755)
        return str(path)

    return write


def test_the_distribution_s_comes_first(distribution):
    path = distribution(FITTING)
    assert environment.find_python() == (path, sys.version_info[:2])


def test_a_wish_comes_before_it(distribution, monkeypatch):
    distribution(FITTING)
    monkeypatch.setenv("PYTHON", sys.executable)
    assert environment.find_python()[0] == sys.executable


@pytest.mark.parametrize("text", [WITHOUT_VENV, TOO_OLD])
def test_one_that_does_not_fit_is_passed_over(distribution, text):
    distribution(text)
    assert environment.find_python() == (sys.executable, sys.version_info[:2])


@pytest.mark.usefixtures("distribution")
def test_there_may_be_none():
    assert environment.find_python() == (sys.executable, sys.version_info[:2])
