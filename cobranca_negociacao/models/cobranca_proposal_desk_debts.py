from odoo import api, models

from ..tools.plan import Parts

COLLECTOR = "cobranca_recorrente.cobranca_group_collector"
# While one of these pauses the debt, nobody but a court, an authority or the heirs can agree on it.
OTHERS_DECIDE = ("court", "procon", "over_indebtedness", "deceased")


class CobrancaProposalDeskDebts(models.AbstractModel):
    """Which debts of a customer may be in an agreement, and why not the others."""

    _name = "cobranca.proposal.desk.debts"
    _description = "Debts of a Negotiation"

    # === BUSINESS METHODS === #

    @api.model
    def _get_reasons(self, company, lines):
        """Why some debts cannot be in an agreement.

        :param lines: account.move.line of open receivables of one customer
        :return: {line: text}, without those that can
        """
        reasons = {}
        for line in lines:
            if line.currency_id != company.currency_id:
                reasons[line] = self.env._("In a foreign currency")
            elif line.move_id.cobranca_is_prescribed:
                reasons[line] = self.env._("Prescribed: it may not be demanded any more")
        reasons = {**self._get_paused_reasons(lines), **self._get_waiting_reasons(lines), **reasons}
        free = lines.filtered(lambda line: line not in reasons)
        return {**reasons, **self._get_refusals(company, free)}

    @api.model
    def _get_refusals(self, company, lines):
        """What an agreement itself would refuse: asked for all at once, for each one only where some are refused."""
        Agreement = self.env["cobranca.agreement"]
        debtor, today = lines.partner_id.commercial_partner_id, company._cobranca_today()
        if not lines or not Agreement._get_refusal(company, debtor, lines, today):
            return {}
        refusals = {line: Agreement._get_refusal(company, debtor, line, today) for line in lines}
        return {line: text for line, text in refusals.items() if text}

    @api.model
    def _get_waiting_reasons(self, lines):
        """Debts of which something else is to be decided first."""
        # sudo: what a colleague registered counts too
        disputes = self.env["cobranca.dispute"].sudo().search([("line_id", "in", lines.ids), ("state", "=", "open")])
        Claim = self.env["cobranca.payment.claim.line"].sudo()  # sudo: what the customer said counts too
        claims = Claim.search([("line_id", "in", lines.ids), ("is_open", "=", True)])
        said = self.env._("Said to be paid: find the payment first")
        disputed = self.env._("Disputed: decide the dispute first")
        return {
            **dict.fromkeys(claims.line_id.with_env(self.env), said),
            **dict.fromkeys(disputes.line_id.with_env(self.env), disputed),
        }

    @api.model
    def _get_paused_reasons(self, lines):
        """Pauses of the line, or of all that the customer owes, in which others decide."""
        Hold = self.env["cobranca.hold"].sudo()  # sudo: that there is a pause, whoever negotiates
        debtors = lines.partner_id.commercial_partner_id
        holds = Hold.search(
            [
                ("company_id", "in", lines.company_id.ids),
                ("partner_id", "in", debtors.ids),
                ("reason", "in", OTHERS_DECIDE),
                ("state", "=", "active"),
            ]
        )
        names = dict(Hold._fields["reason"]._description_selection(self.env))
        found = {}
        for line in lines:
            own = holds.filtered(
                lambda hold, line=line: hold.line_id == line
                or (not hold.line_id and hold.partner_id == line.partner_id.commercial_partner_id)
            )
            if own:
                found[line] = self.env._("%(reason)s: speak with a supervisor", reason=names[own[0].reason])
        return found

    @api.model
    def _get_parts(self, debts):
        """What debts consist of, as the kernels know it.

        :param debts: iterable of tools.debt.Debt
        :return: list of tools.plan.Parts
        """
        return [
            Parts(each.charges.principal, each.charges.correction, each.charges.fine, each.charges.interest)
            for each in debts
        ]

    @api.model
    def _get_debt_list(self, company, debts, reasons):
        """All that the customer owes, as the dialog lists it.

        :param dict debts: {line: tools.debt.Debt}
        :return: list of dict(id, name, detail, amount, reason)
        """
        return [
            {
                "id": line.id,
                "name": line.move_id.name or line.name or "",
                "detail": self._get_age(debt),
                "amount": self._money(debt.charges.total),
                "reason": reasons.get(line, ""),
            }
            for line, debt in debts.items()
        ]

    def _get_age(self, debt):
        if debt.days_late > 1:
            return self.env._("%(days)s days late", days=debt.days_late)
        if debt.days_late == 1:
            return self.env._("1 day late")
        return self.env._("due on %(day)s", day=self._day(debt.due))
