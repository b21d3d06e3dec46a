"""The subjects of the section `agency` do their work, and are judged by what was promised."""

from bench import agency_statement_subjects, section_agency

NUMBER = 4


def test_each_subject_does_its_work(rehearse):
    by_name = rehearse("agency")
    debts = section_agency.QUICK_DEBTS
    assert {name: found["units"] for name, found in by_name.items()} == {
        f"simulate_{debts}": debts,
        f"place_{debts}": debts,
        f"list_{debts}": debts,
        f"state_{agency_statement_subjects.QUICK_PAYMENTS}": agency_statement_subjects.QUICK_PAYMENTS,
    }
    assert by_name[f"simulate_{debts}"]["facts"] == {"debts": debts, "left out": 0}


def test_figures_are_judged_by_what_was_promised():
    late = {"place_50000": {"wall_s_min": 60.1}}
    assert [bar.is_met for bar in section_agency.bars(late)] == [False]
    assert [bar.is_met for bar in section_agency.bars({"place_50000": {"wall_s_min": 59.9}})] == [True]
    assert section_agency.bars({}) == []
