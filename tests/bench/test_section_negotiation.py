"""The subjects of the section `negotiation` do their work, and are judged by what was promised."""

from bench import section_negotiation

NUMBER = 4


def test_each_subject_does_its_work(rehearse):
    by_name = rehearse("negotiation")
    debts, agreements = section_negotiation.QUICK_DEBTS, section_negotiation.QUICK_AGREEMENTS
    assert {name: found["units"] for name, found in by_name.items()} == {
        f"simulate_{debts}": debts,
        f"accept_{agreements}": agreements,
        f"break_{agreements}": agreements,
    }
    assert by_name[f"simulate_{debts}"]["facts"]["offers"] >= 2


def test_figures_are_judged_by_what_was_promised():
    figures = {
        "simulate_100": {"wall_s_min": 9.0, "facts": {"ms": 301}},
        "accept_1000": {"wall_s_min": 601.0, "facts": {section_negotiation.GROWTH: 3.0}},
        "break_1000": {"wall_s_min": 30.0, "facts": {section_negotiation.GROWTH: 101.0}},
    }
    assert [bar.what for bar in section_negotiation.bars(figures) if not bar.is_met] == [
        "a simulation of 100 debts, seconds",
        "1000 agreements, accept, seconds",
        "1000 agreements, break, MB more at its peak",
    ]
    assert section_negotiation.bars({}) == []
