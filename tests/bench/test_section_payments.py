"""The subjects of the section `payments` do their work."""

from bench import section_payments

NUMBER = 6


def test_each_subject_does_its_work(rehearse):
    by_name = rehearse("payments")
    number = section_payments.QUICK_DEBTS
    assert set(by_name) == {f"page_{number}", f"page_again_{number}"}
    for found in by_name.values():
        assert found["units"] == number
        assert found["facts"]["payments on the page"] == number
        assert found["facts"]["quotes"] == 1
    again = by_name[f"page_again_{number}"]["facts"]
    assert again["queries"] <= section_payments.MOST_QUERIES, "a query for each debt is too many"


def test_figures_are_judged_by_what_was_promised():
    figures = {
        "page_100": {"queries": 100, "wall_s_min": 1.0, "facts": {}},
        "page_again_100": {"queries": 160, "wall_s_min": 1.0, "facts": {"ms": 301, "queries": 41}},
    }
    assert [bar.what for bar in section_payments.bars(figures) if not bar.is_met] == [
        "the page of 100 debts, queries",
        "the page of 100 debts, seconds",
    ]
    assert section_payments.bars({}) == []
