"""The subjects of the section `billing` still do their work, and its figures are judged by what was promised."""

from bench import section_billing

NUMBER = 6


def test_each_subject_does_its_work(rehearse):
    """All but the peer, which is fetched, and the two processes; in one process, see `rehearsal`."""
    by_name = rehearse("billing")
    assert {name: found["units"] for name, found in by_name.items()} == {
        **{f"{name}_{NUMBER}": NUMBER for name in ("floor", "cobranca", "cobranca_fast", "one_bad_of")},
        "nothing_due": 1,
    }
    # One of each shape is made by Odoo, the others from it.
    assert by_name[f"cobranca_{NUMBER}"]["facts"] == {"standard": 1, "copied": NUMBER - 1}
    assert by_name[f"cobranca_fast_{NUMBER}"]["facts"] == {"standard": 1, "fast": NUMBER - 1}
    assert by_name["nothing_due"]["facts"] == {section_billing.WARM: 1}


def made_up(queries, cpu_ms, peak_mb=100, **facts):
    return {
        "queries": queries,
        "queries_per_unit": queries,
        "cpu_ms_per_unit": cpu_ms,
        "wall_ms_per_unit": 1.0,
        "wall_s_min": 10.0,
        "peak_rss_mb": peak_mb,
        "facts": facts,
    }


def test_figures_are_judged_by_what_was_promised():
    figures = {
        "floor_500": made_up(12, 40),
        "cobranca_500": made_up(6, 27),
        "cobranca_fast_500": made_up(1, 17),
        "floor_2000": made_up(12, 40),
        "cobranca_2000": made_up(6, 29, peak_mb=121),
        "cobranca_fast_2000": made_up(1, 15, peak_mb=119),
        "one_bad_of_500": made_up(7, 30),
        "two_processes_500": made_up(7, 30, **{section_billing.TOGETHER: 6.0}),
        "nothing_due": made_up(16, 1, **{section_billing.WARM: 1}),
    }
    missed = [bar.what for bar in section_billing.bars(figures) if not bar.is_met]
    assert missed == [
        "the fast way, 500 invoices, CPU against Odoo's own",
        "the normal way, 2000 invoices, CPU against Odoo's own",
        "the normal way, peak MB more at 2000 than at 500",
    ]
