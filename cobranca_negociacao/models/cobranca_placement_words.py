from odoo import api, models

SUMMARY = "cobranca_negociacao.cobranca_placement_summary"


class CobrancaPlacementWords(models.AbstractModel):
    """What is said of a plan: how much goes where, and why the rest does not."""

    _name = "cobranca.placement.words"
    _description = "Words of a Plan of Placements"

    # === BUSINESS METHODS === #

    @api.model
    def _get_summary(self, figures, company):
        """The figures of a plan as they are shown.

        :param dict figures: of `cobranca.placement.plan`, or none
        :return: Markup, False without figures
        """
        if not figures:
            return False
        values = {**self._prepare_summary(figures), "money": company.currency_id.format}
        return self.env["ir.qweb"]._render(SUMMARY, values)

    @api.model
    def _prepare_summary(self, figures):
        # sudo: names of rules and agencies that are archived by now, or of another user's company
        names = self.sudo().with_context(active_test=False)
        agencies = {
            record.id: record.name
            for record in names.env["cobranca.agency"].browse(self._ids_of(figures, "agency")).exists()
        }
        rules = {
            record.id: record.name
            for record in names.env["cobranca.placement.rule"].browse(self._ids_of(figures, "rule")).exists()
        }
        arms = dict(self.env["cobranca.placement"]._fields["arm"]._description_selection(self.env))
        shares = [
            {
                **row,
                "agency": agencies.get(row["agency"], ""),
                "rule": rules.get(row["rule"], "") if row["rule"] else self.env._("By hand"),
                "arm": arms.get(row["arm"], ""),
            }
            for row in figures["shares"]
        ]
        left = [{**row, "label": self._get_reason(row["reason"])} for row in figures["left"]]
        return {"figures": figures, "shares": shares, "left": left}

    @api.model
    def _ids_of(self, figures, name):
        return sorted({row[name] for row in figures["shares"] if row[name]})

    @api.model
    def _get_reason(self, reason):
        """Why something is not placed, in words; pauses are told by their own names."""
        own = {
            "contact": self.env._("Cannot be reached by the ways that the agency may use"),
            "document": self.env._("No valid CPF or CNPJ"),
            "placed": self.env._("With an agency already, or proposed for one"),
            "foreign": self.env._("In a foreign currency"),
            "prescribed": self.env._("Prescribed"),
            "agreement": self.env._("Agreement"),
            "blocked": self.env._("Excluded from follow-ups"),
            "probably_paid": self.env._("Probably paid: money that came in fits"),
            "pending_payment": self.env._("A payment is on its way"),
            "not_late": self.env._("Not late yet: tolerance or closed banks"),
            "outside": self.env._("What could be placed does not fit the rule"),
            "full": self.env._("The agency takes no more at once"),
            "operator": self.env._("The agency has no valid operator agreement (LGPD), or its access is suspended"),
        }
        if reason in own:
            return own[reason]
        pauses = dict(self.env["cobranca.hold"]._fields["reason"]._description_selection(self.env))
        return self.env._("Paused: %(reason)s", reason=pauses.get(reason, reason))
