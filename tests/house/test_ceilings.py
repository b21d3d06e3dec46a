"""Every part of the tests has a ceiling for its time, and together they fit into `make test`."""

import ceilings
from house.files import ROOT

BUDGET_S = 25 * 60
WORKERS = 2


def test_every_folder_with_tests_has_a_ceiling():
    files = [path.relative_to(ROOT).as_posix() for path in ROOT.glob("tests/**/test_*.py")]
    files += [path.relative_to(ROOT).as_posix() for path in ROOT.glob("cobranca_*/tests/test_*.py")]
    assert len(files) > 20
    assert {ceilings.part_of(file) for file in files} <= set(ceilings.CEILINGS_S)


def test_the_ceilings_fit_into_the_budget():
    assert sum(ceilings.CEILINGS_S.values()) / WORKERS <= BUDGET_S


def test_the_table_tells_what_grew():
    lines = ceilings.table({"tests/house/test_a.py": 40.0, "tests/house/test_b.py": 30.0, "tests/new/test_c.py": 1.0})
    assert [line.split()[-1] for line in lines] == ["CEILING", "CEILING"]
    assert "OVER ITS CEILING" in lines[0]
    assert "70 s of" in lines[0]
    assert "NO CEILING" in lines[1]


def test_what_takes_long_goes_first_and_the_rest_keeps_its_order():
    last, first = ceilings.LONG_ONES[-1], ceilings.LONG_ONES[0]
    collected = ["a.py::b", "a.py::a", f"{last}x.py::a", f"{first}::b", f"{first}::a"]
    ordered = sorted(collected, key=ceilings.turn_of)
    assert ordered == [f"{first}::b", f"{first}::a", f"{last}x.py::a", "a.py::b", "a.py::a"]


def test_what_takes_long_is_there():
    assert [path for path in ceilings.LONG_ONES if not (ROOT / path).exists()] == []
