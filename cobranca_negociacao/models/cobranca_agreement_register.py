from odoo import models


class CobrancaAgreementRegister(models.AbstractModel):
    """What becomes of an agreement, in the register of contacts with its customer: who calls him next reads it."""

    _name = "cobranca.agreement.register"
    _description = "Agreements in the Register of Contacts"

    # === BUSINESS METHODS === #

    def _tell_signed(self, source):
        super()._tell_signed(source)
        self._note_in_register(
            "agreement_signed",
            self.env._(
                "%(agreement)s: %(payments)s, %(total)s in all.",
                agreement=self.name,
                payments=self.payments_text,
                total=self.currency_id.format(self.total),
            ),
        )

    def _tell_ended(self, reason):
        super()._tell_ended(reason)
        self._note_in_register(f"agreement_{self.state}", f"{self.name}: {reason}")

    def _tell_restored(self, reason):
        super()._tell_restored(reason)
        self._note_in_register("agreement_restored", f"{self.name}: {reason}")

    def _on_paid(self):
        """What follows from the last payment; whoever received it may know nothing of agreements."""
        self._note_in_register("agreement_paid", self.env._("%(agreement)s is paid in full.", agreement=self.name))

    def _on_reopened(self):
        """What follows when the last payment went back."""

    def _note_in_register(self, outcome, note):
        """Write down what the system did: no contact, so the days until the next one do not run by it."""
        self.env["cobranca.interaction"]._record(
            self.company_id, self.partner_id, "system", outcome, note=note, lines=self.origin_ids.line_id
        )
