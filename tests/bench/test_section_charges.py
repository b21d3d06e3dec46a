"""The subjects of the section `charges` do their work, and both ways find the same."""

from bench import desk, section_charges

NUMBER = 6


def test_each_subject_does_its_work(rehearse):
    """All of them in one process, see `rehearsal`; `test_bench` shows that the framework measures each in its own."""
    by_name = rehearse("charges")
    [number] = section_charges.QUICK_SIZES
    debts = {f"{kind}_{number}" for kind in ("reader", "one_sql", "open_lines", "behavior")}
    cases = {f"{way}_{desk.QUICK_CASES}" for way in desk.WAYS}
    assert set(by_name) == debts | {"receive_10", "reconcile_10"} | cases
    assert by_name[f"queue_open_{desk.QUICK_CASES}"]["facts"]["taken"] == 1
    assert {name: found["units"] for name, found in by_name.items()} == {
        name: int(name.rpartition("_")[2]) for name in by_name
    }
    sums = by_name[f"reader_{number}"]["facts"]
    assert min(sums.values()) > 0
    assert sums == by_name[f"one_sql_{number}"]["facts"]
    assert 0 < by_name[f"open_lines_{number}"]["facts"]["open lines"] < number
    assert by_name[f"behavior_{number}"]["facts"]["customers"] > 0
    assert [bar for bar in section_charges.bars(by_name) if not bar.is_met] == []


def made_up(queries, wall_s, **facts):
    return {"queries": queries, "wall_s_min": wall_s, "facts": facts}


def test_figures_are_judged_by_what_was_promised():
    figures = {
        "reader_10000": made_up(12, 1.2, fine=100),
        "one_sql_10000": made_up(1, 0.1, fine=100),
        "reader_100000": made_up(31, 9, fine=101),
        "one_sql_100000": made_up(1, 1, fine=100),
        "behavior_100000": made_up(1, 61, customers=9),
    }
    assert [bar.what for bar in section_charges.bars(figures) if not bar.is_met] == [
        "the debts of 10000 lines, seconds",
        "the debts of 100000 lines, queries",
        "the debts of 100000 lines, cents that differ from one SQL",
        "how customers pay, from 100000 lines, seconds",
    ]
