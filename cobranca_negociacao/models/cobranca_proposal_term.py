from datetime import timedelta

from odoo import api, fields, models

# So long the papers of proposals stay that nobody accepted.
KEPT_DAYS = 30


class CobrancaProposalTerm(models.AbstractModel):
    """The paper that a customer reads before he accepts: made once for a day, and kept, so that its hash is bound."""

    _name = "cobranca.proposal.term"
    _description = "Term of a Proposal"

    term_id = fields.Many2one(
        comodel_name="ir.attachment", string="Term that was shown", readonly=True, copy=False, ondelete="set null"
    )
    term_on = fields.Date(string="Term of", readonly=True, copy=False, help="The amounts in it are of this day.")

    # === BUSINESS METHODS === #

    def _keep_term(self):
        """Make the paper of today, unless it is there.

        :return: ir.attachment
        :raise UserError: where it cannot be accepted any more, or what is owed has changed
        """
        self.ensure_one()
        if paper := self._get_term():
            return paper
        Term, name = self.env["cobranca.agreement.term"], f"{self.name.replace('/', '-')}.pdf"
        paper = Term._keep("cobranca.proposal", name, self._render_term())
        # sudo: proposals and their papers are written by their own methods only
        record = self.sudo()
        paper.res_id = record.id
        former = record.term_id
        record.write({"term_id": paper.id, "term_on": record.company_id._cobranca_today()})
        former.unlink()
        return paper

    def _render_term(self, **form):
        """Make a paper of what is offered, at the amounts of today; nothing is kept.

        :param form: how it is accepted, see `cobranca.agreement.term`
        :return: bytes of a PDF
        :raise UserError: where it cannot be accepted any more, or what is owed has changed
        """
        today = self.company_id._cobranca_today()
        self._check_stands(today)
        Term = self.env["cobranca.agreement.term"].with_company(self.company_id)
        plan, more = self._get_plan_of(today), {**self._get_term_rules(today), **form}
        terms = Term._get_terms_of_plan(self.company_id, self.partner_id, plan, self.line_ids.line_id, today, **more)
        return Term._render_pdf(Term._get_values(terms))

    def _get_term(self):
        """The paper of today, empty where there is none: what was shown on another day had other amounts.

        :return: ir.attachment
        """
        record = self.sudo()  # sudo: the paper of a proposal that the caller may show
        is_current = record.term_on == record.company_id._cobranca_today()
        return record.term_id if is_current else record.env["ir.attachment"]

    def _get_term_rules(self, today):
        """What a plan does not know: number, what late installments cost, and when the agreement ends.

        :return: dict, see `cobranca.agreement.term`
        """
        # sudo: settings of the company, whoever reads the paper
        company = self.company_id.sudo()
        debtor = self.partner_id.with_env(company.env).with_company(company)
        policy = debtor.cobranca_charge_policy_id or company.cobranca_charge_policy_id
        # A company without terms charges nothing.
        version = (policy and policy._get_version(today)) or policy.env["cobranca.charge.policy.version"]
        return {
            "number": self.name,
            "break_days": company.cobranca_agreement_break_days,
            "break_count": company.cobranca_agreement_break_count,
            "imputation": company.cobranca_agreement_imputation,
            "late_text": version.with_context(lang="pt_BR").terms_text or "",
            "moves_due": version.due_rule != "original",
            "valid_until": self.expires_on,
        }

    @api.autovacuum
    def _gc_terms(self):
        """Forget papers that nobody accepted, some time after their proposals have ended."""
        oldest = self.env["cobranca.dunning.people"]._get_now() - timedelta(days=KEPT_DAYS)
        ended = [("state", "!=", "accepted"), ("closed_at", "<", oldest), ("term_id", "!=", False)]
        self.env["cobranca.proposal"].search(ended, limit=1000).term_id.unlink()
