from odoo import models


class CobrancaBeneficiaryGuard(models.AbstractModel):
    """Documents of a contract: who only uses what is billed, a student for example, is never written to.

    Whom that is about is told by the document's `_get_quiet_partners`.
    """

    _name = "cobranca.beneficiary.guard"
    _description = "Beneficiaries Receive no Messages"

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """Beneficiaries do not follow, whoever adds them."""
        for document, kept in self._without_quiet(partner_ids):
            super(CobrancaBeneficiaryGuard, document)._message_subscribe(kept, subtype_ids, customer_ids)
        return True

    def _without_quiet(self, partner_ids):
        """:return: list of (documents, ids of those partners who may follow them)"""
        outside = [pid for pid in partner_ids or () if any(pid not in document.partner_id.ids for document in self)]
        if not outside:
            return [(self, partner_ids)]
        rows = []
        for document in self:
            quiet = document._get_quiet_partners().ids
            if kept := [pid for pid in partner_ids if pid not in quiet]:
                rows.append((document, kept))
        return rows

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Nor do they receive a message that names them, or that they would get as followers from before."""
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        quiet = self._get_quiet_partners().ids if self and any(row["share"] for row in recipients) else ()
        return [row for row in recipients if row["id"] not in quiet]
