from decimal import Decimal

from odoo import api, models
from odoo.tools.misc import formatLang


class CobrancaChargePolicyWords(models.AbstractModel):
    """Terms of charges in plain words, for customers as for people who set them."""

    _name = "cobranca.charge.policy.words"
    _description = "Words of a Charge Policy"

    @api.depends(
        "fine_percent",
        "interest_regime",
        "interest_percent",
        "correction_index_id",
        "tolerance_days",
        "discount_ids.days_before",
        "discount_ids.percent",
    )
    @api.depends_context("lang")
    def _compute_terms_text(self):
        for version in self:
            version.terms_text = " ".join(version._get_sentences())

    def _get_sentences(self):
        """What a late payment costs and an early one saves.

        :return: list of sentences
        """
        self.ensure_one()
        sentences = [self._get_late_sentence()]
        if self.correction_index_id:
            sentences.append(
                self.env._("The amount is corrected by %(index)s.", index=self.correction_index_id.display_name)
            )
        if self.tolerance_days:
            sentences.append(
                self.env._("Up to %(days)s days after the due date nothing is charged.", days=self.tolerance_days)
            )
        return sentences + [
            self._get_discount_sentence(discount) for discount in self.discount_ids.sorted("days_before", reverse=True)
        ]

    def _get_late_sentence(self):
        fine, interest = self._format_percent(self.fine_percent), self._format_percent(self.interest_percent)
        is_legal = self.interest_regime == "legal"
        if is_legal and self.fine_percent:
            return self.env._(
                "After the due date a fine of %(fine)s and interest at the legal rate are charged.", fine=fine
            )
        if is_legal:
            return self.env._("After the due date interest at the legal rate is charged.")
        if self.fine_percent and self.interest_percent:
            return self.env._(
                "After the due date a fine of %(fine)s and interest of %(interest)s a month are charged.",
                fine=fine,
                interest=interest,
            )
        if self.fine_percent:
            return self.env._("After the due date a fine of %(fine)s is charged.", fine=fine)
        if self.interest_percent:
            return self.env._("After the due date interest of %(interest)s a month is charged.", interest=interest)
        return self.env._("A late payment costs no fine and no interest.")

    def _get_discount_sentence(self, discount):
        percent = self._format_percent(discount.percent)
        if not discount.days_before:
            return self.env._("Paid by the due date: %(percent)s off.", percent=percent)
        return self.env._(
            "Paid up to %(days)s days before the due date: %(percent)s off.",
            days=discount.days_before,
            percent=percent,
        )

    @api.model
    def _format_percent(self, percent):
        """A percentage in the user's language with the decimals that it has: 2 %, 0.5 %."""
        exact = Decimal(f"{percent:.4f}").normalize()
        digits = max(0, -exact.as_tuple().exponent)
        return f"{formatLang(self.env, float(exact), digits=digits)} %"
