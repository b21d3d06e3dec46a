from babel.dates import format_date as babel_date
from babel.dates import format_skeleton

from odoo import models
from odoo.tools.misc import babel_locale_parse, format_date

from ..tools import message_text

MANY = 3


class CobrancaMessageWords(models.AbstractModel):
    """Which invoices a message is about and how its amount is made up, in words."""

    _name = "cobranca.message.words"
    _description = "Invoices of a Message in Words"

    # === INVOICES === #

    def _get_documents(self):
        """The debts of the message, the oldest first, as (name, due date).

        :return: list of (text, date)
        """
        lines = self.line_ids.sorted(lambda line: (line.due, line.id))
        return [(self._get_document_name(line), line.due) for line in lines]

    def _get_document_name(self, line):
        """The number that the customer finds on his invoice.

        :param line: cobranca.message.line
        """
        return message_text.one_line(line.name or line.line_id.move_id.name or "")

    def _is_about_invoices(self):
        moves = self.line_ids.move_id
        return bool(moves) and all(move.move_type == "out_invoice" for move in moves)

    def _get_topic(self):
        """What it is about, so that nobody else learns of a debt: month and kind of document, no amount."""
        moves = self.line_ids.move_id
        months = {(move.invoice_date or move.date).replace(day=1) for move in moves}
        month = babel_date(months.pop(), "MMMM", locale=self._get_locale()) if len(months) == 1 else ""
        is_one, is_invoice = len(moves) == 1, self._is_about_invoices()
        if is_invoice and month:
            return (
                self.env._("Your invoice of %(month)s", month=month)
                if is_one
                else self.env._("Your invoices of %(month)s", month=month)
            )
        if is_invoice:
            return self.env._("Your invoices")
        return self.env._("Your payment") if is_one or not moves else self.env._("Your payments")

    def _get_invoices_in_words(self):
        """The invoices as part of a sentence, after a verb or “about”."""
        documents = self._get_documents()
        days = [format_date(self.env, due) for _name, due in documents]
        is_invoice = self._is_about_invoices()
        if not documents:
            return self.env._("your payment")
        if len(documents) == 1:
            values = {"name": documents[0][0], "due": days[0]}
            if is_invoice:
                return self.env._("invoice %(name)s, due on %(due)s", **values)
            return self.env._("the payment %(name)s, due on %(due)s", **values)
        if len(documents) < MANY:
            both = self.env._("%(first)s and %(second)s", first=days[0], second=days[1])
            dues = days[0] if days[0] == days[1] else both
            values = {"first": documents[0][0], "second": documents[1][0], "dues": dues}
            if is_invoice:
                return self.env._("invoices %(first)s and %(second)s, due on %(dues)s", **values)
            return self.env._("the payments %(first)s and %(second)s, due on %(dues)s", **values)
        values = {"count": len(documents), "due": days[0]}
        if is_invoice:
            return self.env._("%(count)s invoices, the oldest due on %(due)s", **values)
        return self.env._("%(count)s payments, the oldest due on %(due)s", **values)

    def _get_locale(self):
        return babel_locale_parse(self.env.lang)

    # === AMOUNTS === #

    def _get_debt_table(self, debts):
        """What is asked and how it is made up.

        :param dict debts: {account.move.line: tools.debt.Debt}
        :return: dict(rows, total_label, total); a single debt has a row for each part, several have one each
        """
        lines = self.line_ids.sorted(lambda line: (line.due, line.id))
        if len(lines) == 1:
            parts = self._get_parts(lines, debts)
            rows = [{"label": label, "detail": "", "amount": amount} for label, amount in parts if len(parts) > 1]
        else:
            rows = [self._get_debt_row(line, debts) for line in lines]
        return {"rows": rows, "total_label": self._get_total_label(), "total": self.currency_id.format(self.amount)}

    def _get_total_label(self):
        lines = self.line_ids
        if lines and not any(line.days_late > 0 or line.amount != line.residual for line in lines):
            return self.env._("Amount until the due date")
        day = format_skeleton("Md", self.amount_on, locale=self._get_locale())
        return self.env._("Amount on %(day)s", day=day)

    def _get_debt_row(self, line, debts):
        parts = self._get_parts(line, debts)
        due = self.env._("due on %(due)s", due=format_date(self.env, line.due))
        explained = [f"{label} {amount}" for label, amount in parts] if len(parts) > 1 else []
        return {
            "label": self._get_document_name(line),
            "detail": " · ".join([due, *explained]),
            "amount": self.currency_id.format(line.amount),
        }

    def _get_parts(self, line, debts):
        """What the amount of a line consists of.

        :return: list of (label, amount in words)
        """
        debt = debts.get(line.line_id)
        agreed = debt.agreed if debt else None
        parts = [
            (self.env._("Original amount"), line.residual),
            (self._get_correction_label(agreed), line.correction),
            (self._get_fine_label(agreed), line.fine),
            (self._get_interest_label(agreed, debt, line), line.interest),
            (self.env._("Punctuality discount"), -line.discount),
        ]
        return [(label, self.currency_id.format(amount)) for label, amount in parts if amount]

    def _get_correction_label(self, agreed):
        if agreed and agreed.index:
            return self.env._("Correction by %(index)s", index=agreed.index.name)
        return self.env._("Monetary correction")

    def _get_fine_label(self, agreed):
        if not agreed:
            return self.env._("Fine")
        return self.env._("Fine of %(percent)s", percent=self._format_percent(agreed.fine_percent))

    def _get_interest_label(self, agreed, debt, line):
        days = debt.days_late if debt else line.days_late
        if not agreed:
            return self.env._("Interest, %(days)s days", days=days)
        if agreed.interest_percent is None:
            return self.env._("Interest at the legal rate, %(days)s days", days=days)
        percent = self._format_percent(agreed.interest_percent)
        return self.env._("Interest of %(percent)s a month, %(days)s days", percent=percent, days=days)

    def _format_percent(self, percent):
        return self.env["cobranca.charge.policy.version"]._format_percent(float(percent))
