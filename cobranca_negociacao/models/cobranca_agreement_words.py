from markupsafe import Markup

from odoo import models
from odoo.tools.misc import format_date


class CobrancaAgreementWords(models.AbstractModel):
    """What histories and documents say of an agreement."""

    _name = "cobranca.agreement.words"
    _description = "Words of an Agreement"

    # === BUSINESS METHODS === #

    def _get_document_text(self):
        """What the document is for, on itself: the customer reads it."""
        invoices = sorted({name for name in self.origin_ids.line_id.mapped("move_name") if name})
        return self.env._("Agreement %(agreement)s on %(invoices)s", agreement=self.name, invoices=", ".join(invoices))

    def _get_rule_reason(self):
        """Why an agreement breaks by its rule."""
        late = self.installment_ids.filtered(lambda item: item.state == "late").sorted("due")
        return self.env._(
            "Late installments: %(count)s, the oldest due on %(day)s",
            count=len(late),
            day=format_date(self.env, late[:1].due),
        )

    def _get_overdue_text(self):
        """What must be paid, and until when, so that an agreement that was announced to break does not."""
        last = self._get_last_day()
        items = self.installment_ids._get_open().filtered(lambda item: item.due <= last)
        values = {
            "day": format_date(self.env, self.warned_on),
            "amount": self.currency_id.format(sum(items.mapped("amount_open"))),
            "installments": ", ".join(item._get_label() for item in items.sorted("due")),
        }
        if not items:
            return self.env._("Announced to break on %(day)s: nothing is overdue any more.", **values)
        return self.env._(
            "Announced to break on %(day)s: it breaks unless what is overdue is paid until %(last)s: %(amount)s "
            "(%(installments)s), with fine and interest of the day.",
            last=format_date(self.env, last),
            **values,
        )

    def _get_snapshot(self):
        """Each debt as it was signed, for the histories.

        :return: Markup
        """
        money = self.currency_id.format
        rows = [
            Markup("<li>%s</li>")
            % self.env._(
                "%(debt)s, due on %(due)s: %(principal)s, charges %(charges)s, forgiven %(given)s",
                debt=origin.line_id.move_name or "",
                due=format_date(self.env, origin.due),
                principal=money(origin.principal),
                charges=money(origin.fine + origin.interest + origin.correction),
                given=money(origin.given),
            )
            for origin in self.origin_ids
        ]
        return Markup("<ul>%s</ul>") % Markup("").join(rows)

    def _tell(self, text, snapshot=False):
        """Write into the history of the agreement and of the invoices in it.

        :param str text: one sentence
        :param bool snapshot: with the debts as they were signed
        """
        body = Markup("<p>%s</p>") % text
        if snapshot:
            body += self._get_snapshot()
        for record in (self, *self.origin_ids.move_id):
            record.message_post(body=body)

    def _tell_signed(self, source):
        """:param source: record from which it came, or None"""
        money = self.currency_id.format
        text = self.env._(
            "Agreement %(agreement)s: %(before)s owed, %(agreed)s agreed, %(total)s in %(count)s payments.",
            agreement=self.name,
            before=money(self.before),
            agreed=money(self.agreed),
            total=money(self.total),
            count=len(self.installment_ids),
        )
        if source:
            text += " " + self.env._("By %(record)s.", record=source.name)
        self._tell(text, snapshot=True)

    def _tell_ended(self, reason):
        text = (
            self.env._("Agreement %(agreement)s cancelled: %(reason)s", agreement=self.name, reason=reason)
            if self.state == "cancelled"
            else self.env._("Agreement %(agreement)s broken: %(reason)s", agreement=self.name, reason=reason)
        )
        self._tell(text, snapshot=True)

    def _tell_restored(self, reason):
        self._tell(
            self.env._("Agreement %(agreement)s restored: %(reason)s", agreement=self.name, reason=reason),
            snapshot=True,
        )

    def _tell_paid_off(self, quote):
        """:param PayOff quote: what was paid"""
        money = self.currency_id.format
        self.message_post(
            body=self.env._(
                "Paid off with %(total)s, %(rebate)s of interest not owed any more (CDC, art. 52, § 2º).",
                total=money(float(quote.total)),
                rebate=money(float(sum(quote.rebates.values()))),
            )
        )

    def _tell_rebate(self, items, amount):
        """:param items: cobranca.agreement.installment that are paid early
        :param Decimal amount: interest that is not owed any more
        """
        self.message_post(
            body=self.env._(
                "%(installments)s paid early: %(rebate)s of interest not owed any more (CDC, art. 52, § 2º).",
                installments=", ".join(item._get_label() for item in items.sorted("due")),
                rebate=self.currency_id.format(float(amount)),
            )
        )

    def _tell_rebate_taken_back(self, amount):
        """:param Decimal amount: interest that is owed again"""
        self.message_post(
            body=self.env._(
                "Money that had paid early went back: %(rebate)s of interest is owed again.",
                rebate=self.currency_id.format(float(amount)),
            )
        )
