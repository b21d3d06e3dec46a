from odoo import models
from odoo.tools.misc import format_date

from ..tools import debt as kernel
from ..tools.late_charges import ZERO, Charges


class CobrancaDebtWords(models.AbstractModel):
    """A debt explained in words, to customers as to those who speak with them."""

    _name = "cobranca.debt.words"
    _description = "Words about a Debt"

    # === BUSINESS METHODS === #

    def _cobranca_explain_debts(self, date, memos=None):
        """What is to be paid on a day, line by line, and why.

        :param date date: day of the payment
        :param memos: cobranca.charge, what stayed open of charges of other invoices, which are paid
        :return: dict(title, lines, sums, amount, total, has_more, is_one) for the template `debt_explained`
        """
        debts = {line: debt for line, debt in self._cobranca_read_debts(date).items() if debt.charges.total}
        left = memos._get_memo_debts() if memos else {}
        every = [*debts.values(), *left.values()]
        currency = (self.company_id or self.env.company)[:1].currency_id
        total = sum((debt.charges.total - debt.discount for debt in every), ZERO)
        return {
            "title": self.env._("Amount to pay on %(day)s", day=format_date(self.env, date)),
            "lines": [line._cobranca_explain_debt(debt, date) for line, debt in debts.items()]
            + [line._cobranca_explain_memos(debt, memos) for line, debt in left.items()],
            "sums": self._cobranca_sum_up(every, currency),
            "amount": float(total),
            "total": currency.format(float(total)),
            "has_more": any(debt.charges.charges or debt.discount for debt in every),
            "is_one": len(every) == 1,
        }

    def _cobranca_explain_memos(self, debt, memos):
        """One line of which only charges are open, since it was paid.

        :param debt: tools.debt.Debt
        :param memos: cobranca.charge, of this line and of others
        """
        self.ensure_one()
        own = memos.sudo().filtered(lambda memo: memo.line_id == self)  # sudo: for who may see the invoice
        return {**self._cobranca_explain_amount(debt), "sentences": [own._get_memo_sentence()]}

    def _cobranca_sum_up(self, debts, currency):
        """The parts of some debts.

        :return: list of dict(label, amount), without those that are zero
        """
        debts = list(debts)
        charges = Charges(
            *(
                sum((getattr(debt.charges, name) for debt in debts), ZERO)
                for name in ("principal", "correction", "fine", "interest")
            )
        )
        discount = sum((debt.discount for debt in debts), ZERO)
        parts = [
            (self.env._("Open amount"), charges.principal),
            (self.env._("Monetary correction"), charges.correction),
            (self.env._("Fine"), charges.fine),
            (self.env._("Interest"), charges.interest),
            (self._cobranca_get_discount_label(debts), -discount),
        ]
        return [
            {"label": label, "amount": currency.format(float(amount))}
            for place, (label, amount) in enumerate(parts)
            if amount or (not place and not charges.charges)
        ]

    def _cobranca_get_discount_label(self, debts):
        """What these debts cost less for is called; overridden where it is something else."""
        return self.env._("Punctuality discount")

    def _cobranca_get_discount_sentence(self, debt):
        return self.env._("The discount for paying in time is taken off.")

    def _cobranca_get_discount_note(self, debt):
        """The same beside the amount of one debt, for who pays it now.

        :param debt: tools.debt.Debt with a discount
        """
        amount = self.company_id.currency_id.format(float(debt.discount))
        return self.env._("Includes %(amount)s off for paying in time", amount=amount)

    def _cobranca_explain_debt(self, debt, date):
        """One line: name, parts, sentences.

        :param debt: tools.debt.Debt
        """
        self.ensure_one()
        return {**self._cobranca_explain_amount(debt), "sentences": self._cobranca_get_sentences(debt, date)}

    def _cobranca_explain_amount(self, debt):
        currency = self.company_id.currency_id
        return {
            "name": self.move_id.name or self.name or "",
            "due": format_date(self.env, debt.due),
            "parts": self._cobranca_sum_up([debt], currency),
            "total": currency.format(float(debt.charges.total - debt.discount)),
        }

    def _cobranca_get_sentences(self, debt, date):
        """Why it is this amount.

        :return: list of sentences
        """
        sentences = [self._cobranca_get_delay_sentence(debt, date)]
        if debt.agreed and debt.days_late:
            sentences += self._cobranca_get_charge_sentences(debt)
        if debt.discount:
            sentences.append(self._cobranca_get_discount_sentence(debt))
        remarks = (self._cobranca_get_remark(code, detail) for code, detail in debt.remarks)
        return list(filter(None, [*sentences, *remarks]))

    def _cobranca_get_delay_sentence(self, debt, date):
        due, day = format_date(self.env, debt.due), format_date(self.env, date)
        if debt.days_late:
            values = {"due": due, "day": day, "days": debt.days_late}
            if debt.counted_from != debt.due:
                since = format_date(self.env, debt.counted_from)
                return self.env._(
                    "Due on %(due)s, no business day, so counted from %(since)s: %(days)s days until %(day)s.",
                    since=since,
                    **values,
                )
            return self.env._("Due on %(due)s: %(days)s days until %(day)s.", **values)
        if debt.counted_from:
            return self.env._("Due on %(due)s; within the days of tolerance nothing is charged.", due=due)
        if date > debt.due and debt.charges.principal:
            return self.env._("Due on %(due)s, no business day: paid on %(day)s nothing is charged.", due=due, day=day)
        return self.env._("Due on %(due)s.", due=due)

    def _cobranca_get_charge_sentences(self, debt):
        agreed, version = debt.agreed, self.env["cobranca.charge.policy.version"]
        sentences = []
        if debt.charges.correction:
            sentences.append(self.env._("Corrected by %(index)s.", index=agreed.index.name))
        if debt.charges.fine:
            fine = version._format_percent(float(agreed.fine_percent))
            sentences.append(self.env._("Fine of %(percent)s, once.", percent=fine))
        if debt.charges.interest and agreed.interest_percent is not None:
            interest = version._format_percent(float(agreed.interest_percent))
            sentences.append(
                self.env._("Interest of %(percent)s a month, by days, without interest on interest.", percent=interest)
            )
        elif debt.charges.interest:
            sentences.append(self.env._("Interest at the legal rate (Lei 14.905/2024), by days."))
        return sentences

    def _cobranca_get_remark(self, code, detail):
        """What a reader must know of a figure; empty for what needs no word."""
        texts = {
            kernel.FOREIGN: self.env._("In another currency: shown without fine and interest."),
            kernel.NO_POLICY: "",
            kernel.MIXED: self.env._(
                "This invoice bills contracts with different conditions: those of the company count."
            ),
            kernel.CAPPED: self.env._("Limited to what a consumer may be charged (CDC, art. 52, § 1º)."),
            kernel.NO_FIGURES: self.env._(
                "%(index)s has no published value yet: it is left out.", index=detail or self.env._("The legal rate")
            ),
            kernel.GAP: self.env._("The value of %(month)s is missing: what depends on it is left out.", month=detail),
            kernel.REPEATED: self.env._(
                "Later months are not published yet: %(index)s was used for them.", index=detail
            ),
        }
        return texts.get(code, "")
