"""The subjects of bank statements in the section `payments` do their work, and are judged by what was promised."""

from bench import statement_subjects, statements

NUMBER = 20


def test_each_subject_does_its_work(rehearse):
    by_name = rehearse("statements")
    imported, booked = by_name[f"statement_import_{NUMBER}"], by_name[f"statement_book_{NUMBER}"]
    assert imported["units"] == NUMBER
    assert imported["facts"]["certain"] == NUMBER * statement_subjects.CERTAIN // 10
    assert booked["units"] == booked["facts"]["matched"] == NUMBER
    assert [bar for bar in statements.bars(by_name) if not bar.is_met] == []


def made_up(wall_s, growth):
    return {"wall_s_min": wall_s, "facts": {statements.GROWTH: growth}}


def test_figures_are_judged_by_what_was_promised():
    figures = {"statement_import_10000": made_up(181, 20), "statement_book_10000": made_up(100, 101)}
    assert [bar.what for bar in statements.bars(figures) if not bar.is_met] == [
        "a statement of 10000 lines, import, seconds",
        "a statement of 10000 lines, book, MB more at its peak",
    ]
