"""The subjects of the section `reports` do their work, and are judged by what was promised."""

from bench import reports_contracts, section_reports

NUMBER = 4


def test_each_subject_does_its_work(rehearse):
    by_name = rehearse("reports")
    lines = section_reports.QUICK_LINES
    expected = dict.fromkeys(section_reports.WAYS, lines) | {"make_workbook": 2 * lines}
    assert {name: found["units"] for name, found in by_name.items()} == expected
    assert by_name["take_positions"]["facts"]["positions"] == 12
    assert by_name["make_workbook"]["facts"]["KB"] > 10
    assert {"cobranca.step.report", "shares of the causes", "amount and delay, the page"} <= {*by_name["look"]["facts"]}
    assert {"overview", "ladder", "slowest list or pivot"} <= {*by_name["open_dashboard"]["facts"]}


def test_recurring_revenue_is_looked_at(bench, template):
    subject = section_reports.revenue(bench, template)
    found = bench.child(subject.database(), subject.run, subject.number, check=subject.check)
    assert found["units"] == section_reports.QUICK_CONTRACTS
    assert len(found["facts"]) == len(reports_contracts.LISTS) + len(reports_contracts.PIVOTS) + 1


def test_figures_are_judged_by_what_was_promised():
    def met(**ms):
        return [
            bar.is_met for bar in section_reports.bars({name: {"facts": {"ms": found}} for name, found in ms.items()})
        ]

    assert met(plain=100, age=149) == [True] and met(plain=100, age=151) == [False]
    assert met(age=100, oca=1999) == [False] and met(age=100, oca=2001) == [True]
    assert met(look_at_revenue=999) == [True] and met(look_at_revenue=1001) == [False]
    assert met(age_as_of=601, look=999, open_dashboard=299) == [False, True, True]
    assert met(show_dashboard=5001) == [False] and met(show_dashboard=4999) == [True]
    book = {"make_workbook": {"number": 2, "facts": {"s": 61, section_reports.GROWTH: 99}}}
    assert [bar.is_met for bar in section_reports.bars(book)] == [False, True]
    assert section_reports.bars({}) == []
