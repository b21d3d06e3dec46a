"""The subjects of the section `dunning` do their work, and its figures are judged by what was promised."""

from bench import section_dunning
from bench.dunning_mail import GROWTH, ROWS, WARM, WARM_S
from bench.framework import Subject

NUMBER = 6

DEBTORS, LINES = 4, 30


def test_each_subject_does_its_work(rehearse):
    """All of them in one process, see `rehearsal`; the peer is fetched, so it is not among them."""
    by_name = rehearse("dunning")
    assert {name: found["units"] for name, found in by_name.items()} == {
        "cycle_2": 2,
        "cycle_4": 4,
        "no_links_4": 4,
        "one_bad_of_4": 4,
        "repeat_4": 4,
        "select_4": 4,
        "day_30": LINES,
        "first_day_30": LINES,
    }
    assert by_name["cycle_4"]["facts"]["mails accepted"] == DEBTORS
    assert by_name["one_bad_of_4"]["facts"]["mails accepted"] == DEBTORS - 1
    assert by_name["repeat_4"]["facts"][ROWS] == 0
    assert by_name["repeat_4"]["facts"][WARM] > 0
    assert by_name["select_4"]["facts"]["messages"] == DEBTORS
    assert by_name["first_day_30"]["facts"]["messages"] == LINES // 3
    # Of ten debtors with lines of 1 to 10, 41 to 50 and 81 to 90 days: D+3, D+7 and D+45.
    assert by_name["day_30"]["facts"]["messages"] == 3


def made_up(queries, python_ms, **facts):
    return {
        "queries_per_unit": queries,
        "python_cpu_ms_per_unit": python_ms,
        "cpu_ms_per_unit": 1.2 * python_ms,
        "wall_s_min": 1.5,
        "facts": facts,
    }


def test_figures_are_judged_by_what_was_promised():
    figures = {
        "cycle_333": made_up(14, 20, **{GROWTH: 30}),
        "cycle_1000": made_up(14, 24, **{GROWTH: 41}),
        "no_links_1000": made_up(14, 20),
        "one_bad_of_1000": made_up(14, 31),
        "repeat_1000": made_up(1, 1, **{ROWS: 0, WARM: 7}),
        "select_1000": made_up(1, 1, **{WARM: 5}),
        "day_100000": made_up(1, 1, **{WARM_S: 1.5}),
        "first_day_100000": made_up(1, 1),
        "oca_1000": made_up(76, 60),
    }
    assert [bar.what for bar in section_dunning.bars(figures) if not bar.is_met] == [
        "the whole cycle of 1000 messages, queries each (tried for)",
        "the whole cycle of 1000 messages, ms of CPU in Python each (tried for)",
        "MB of memory more at the peak of 1000 messages",
        "1000 messages against 333, CPU of each",
        "the day again, queries",
        "one bad record, CPU against a clean run",
        "selecting among 100000 lines, seconds",
    ]


def test_without_the_package_index_the_peer_is_left_out(monkeypatch):
    def fail(*_peer):
        raise section_dunning.peers.NotFetched("no network")

    monkeypatch.setattr(section_dunning.peers, "fetch", fail)
    assert section_dunning.peer(None, "template", DEBTORS) == Subject(
        "oca_4", unit="message", unavailable="not measured: no network"
    )
