from odoo import api, models
from odoo.fields import Domain

from ..tools import brazilian


class CobrancaDebtDossierHistory(models.AbstractModel):
    """What happened with debts, as a dossier tells it: what was agreed, said, sent, accepted and booked."""

    _name = "cobranca.debt.dossier.history"
    _description = "History in a Dossier"

    # === BUSINESS METHODS === #

    @api.model
    def _label(self, record, name):
        """The value of a selection as people read it."""
        return dict(record._fields[name]._description_selection(record.env)).get(record[name], "")

    @api.model
    def _prepare_contract(self, contract):
        lines = contract.line_ids.filtered(lambda line: not line.display_type)
        return {
            "name": contract.name,
            "state": self._label(contract, "state"),
            "signed": brazilian.day(contract.date_signed) if contract.date_signed else "",
            "start": brazilian.day(contract.date_start) if contract.date_start else "",
            "end": brazilian.day(contract.date_end) if contract.date_end else "",
            "items": [(line.name or line.product_id.display_name or "").split("\n")[0] for line in lines],
        }

    @api.model
    def _prepare_agreement(self, agreement):
        """An agreement with its payments, and how it ended."""
        items = agreement.installment_ids.sorted("due")
        return {
            "name": agreement.name,
            "state": self._label(agreement, "state"),
            "date": brazilian.day(agreement.date),
            "before": brazilian.money(agreement.before),
            "given": brazilian.money(agreement.amount_given),
            "financing": brazilian.money(agreement.financing),
            "fee": brazilian.money(agreement.fee) if agreement.fee else "",
            "total": brazilian.money(agreement.total),
            "settled": brazilian.money(agreement.amount_settled),
            "parent": agreement.parent_id.name or "",
            "ended": brazilian.day(agreement.ended_on) if agreement.ended_on else "",
            "reason": agreement.end_reason if agreement.ended_on else "",
            "warned": brazilian.day(agreement.warned_on) if agreement.warned_on else "",
            "restored": brazilian.day(agreement.restored_on) if agreement.restored_on else "",
            "rows": [
                {
                    "label": item._get_label(),
                    "due": brazilian.day(item.due),
                    "amount": brazilian.money(item.amount),
                    "state": self._label(item, "state"),
                    "paid": brazilian.day(item.paid_on) if item.paid_on else "",
                }
                for item in items
            ],
        }

    @api.model
    def _prepare_message(self, message):
        moments = (message.sent_at, message.delivered_at, message.read_at)
        sent, delivered, read = (brazilian.moment(moment) if moment else "" for moment in moments)
        return {
            "sent": sent,
            "delivered": delivered,
            "read": read,
            "kind": self._label(message, "kind"),
            "channel": self._label(message, "channel"),
            "address": message.address or "",
            "subject": message.subject or "",
            "amount": brazilian.money(message.amount),
        }

    @api.model
    def _prepare_interaction(self, record):
        """A contact; what is for supervisors only, such as the reason of a delay, stays with them."""
        return {
            "moment": brazilian.moment(record.date),
            "channel": self._label(record, "channel"),
            "direction": self._label(record, "direction"),
            "outcome": self._label(record, "outcome"),
            "note": record.note or "",
            "user": record.user_id.name or "",
            "retracted": bool(record.retracted_on),
        }

    @api.model
    def _prepare_acceptance(self, record):
        return {
            "title": record.title,
            "moment": brazilian.moment(record.accepted_at),
            "channel": self._label(record, "channel"),
            "name": record.name,
            "sha256": record.document_hash,
            "text": record._explain_evidence(),
        }

    @api.model
    def _prepare_entries(self, scope):
        """The journal items of the debts and of all that settled them: of this customer or its agreements only.

        Entries that several customers share show nothing of the others.
        """
        moves = scope.lines.move_id | scope.lines.matched_credit_ids.credit_move_id.move_id
        # The interest of many agreements is in one entry.
        moves |= scope.agreements.browse().move_id.union(*(each._get_items().move_id for each in scope.agreements))
        whose = Domain("partner_id", "child_of", scope.debtor.id) | Domain(
            "cobranca_agreement_id", "in", scope.agreements.ids
        )
        # Income of invoices names no partner everywhere, and an invoice is of one customer; entries may be of many.
        whose |= Domain("move_id", "in", (scope.invoices | scope.agreements.move_id).ids)
        items = self.env["account.move.line"].search(
            Domain("move_id", "in", moves.ids)
            & Domain("company_id", "=", scope.company.id)
            & Domain("parent_state", "=", "posted")
            & Domain("account_id", "!=", False)
            & whose,
            order="date, move_id, id",
        )
        return [
            {
                "day": brazilian.day(item.date),
                "entry": item.move_name or "",
                "account": f"{item.account_id.code or ''} {item.account_id.name}".strip(),
                "label": item.name or "",
                "debit": brazilian.number(item.debit),
                "credit": brazilian.number(item.credit),
            }
            for item in items
        ]
