from odoo.exceptions import UserError
from odoo.http import request

from ..tools import told
from .payment_pages import PaymentPages, read_ids

DOUBTS_A_DAY = 5


class PaymentWays(PaymentPages):
    """What a customer may do besides paying: choose the day of a reminder, or ask a person."""

    # --- another day ---

    def _render_day_form(self, visit, typed=None, error=""):
        """The form “Choose another day”; back to the page where nothing can be chosen."""
        Page, Reminder = request.env["cobranca.debt.page"], request.env["cobranca.payment.reminder"]
        days = Reminder._get_days(visit.company)
        lines = Reminder._get_eligible(visit.lines)
        if not days or not lines:
            return request.redirect(visit.path, code=303)
        shown = Page._get_page(visit.company, visit.debtor, visit.lines)
        values = {
            "shown": shown,
            "choices": [row for row in shown["rows"] if row["id"] in lines.ids],
            "days": {
                "first": days[0].isoformat(),
                "last": days[1].isoformat(),
                "until": Page._day(visit.debtor.env, days[1]),
            },
            "known": shown["chosen_day"],
            "typed": typed or {"lines": lines.ids, "quando": ""},
            "error": error,
        }
        return self._render_visit("payments_day", visit, values)

    def _save_day(self, visit):
        """Take the day that was chosen; of the lines only those of this page."""
        form = request.httprequest.form
        typed = {"lines": read_ids(form.getlist("pagamento")), "quando": form.get("quando", "")[:10]}
        lines = visit.lines.filtered(lambda line: line.id in typed["lines"])
        Reminder = request.env["cobranca.payment.reminder"].with_context(lang=visit.debtor.env.lang)
        try:
            Reminder._record(visit.company, visit.debtor, lines, told.day(typed["quando"]))
        except UserError as refused:
            return self._render_day_form(visit, typed, str(refused))
        return request.redirect(f"{visit.path}?aviso=lembrete", code=303)

    # --- a question ---

    def _render_doubt_form(self, visit, typed=None, error=""):
        """The form “I have a question”, with what was typed and what was wrong with it."""
        Page, Doubt = request.env["cobranca.debt.page"], request.env["cobranca.payment.doubt"]
        shown = Page._get_page(visit.company, visit.debtor, visit.lines)
        values = {
            "shown": shown,
            "subjects": Doubt.with_context(lang=visit.debtor.env.lang)._get_subjects(),
            "answers": Page._get_answer_ways(visit.debtor),
            "until": Page._day(visit.debtor.env, Doubt._get_deadline(visit.company)),
            "typed": typed or {"line": shown["rows"][0]["id"] if len(shown["rows"]) == 1 else 0},
            "error": error,
        }
        return self._render_visit("payments_doubt", visit, values)

    def _save_doubt(self, visit):
        """Take a question; of the lines only those of this page."""
        typed = self._read_doubt()
        Attempt, env = request.env["cobranca.attempt"], visit.debtor.env
        if Attempt._is_over("doubt", visit.key, DOUBTS_A_DAY, hours=24):
            return self._render_doubt_form(
                visit, typed, env._("You wrote to us several times today. A person answers; you may also call.")
            )
        line = visit.lines.filtered(lambda line: line.id == typed["line"])
        ways = request.env["cobranca.debt.page"]._get_answer_ways(visit.debtor)
        answer = next((way["label"] for way in ways if way["code"] == typed["answer"]), "")
        answer = answer and env._("Wishes the answer: %(way)s", way=answer)
        Doubt = request.env["cobranca.payment.doubt"].with_context(lang=env.lang)
        try:
            dispute = Doubt._record(
                visit.company, visit.debtor, line, typed["subject"], typed["text"], answer, typed["files"]
            )
        except UserError as refused:
            return self._render_doubt_form(visit, typed, str(refused))
        Attempt._count("doubt", visit.key)
        return request.redirect(f"{visit.path}?aviso={'contestado' if dispute else 'duvida'}", code=303)

    def _read_doubt(self):
        """What the form “I have a question” says, as values."""
        form = request.httprequest.form
        [line, *_more] = [*read_ids([form.get("pagamento", "")]), 0]
        return {
            "line": line,
            "subject": form.get("assunto", "")[:20],
            "text": form.get("mensagem", "")[:2000],
            "answer": form.get("resposta", "")[:20],
            "files": self._read_files(),
        }
