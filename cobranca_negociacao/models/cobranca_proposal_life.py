import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import split_every

from .cobranca_proposal_desk_debts import COLLECTOR


class CobrancaProposalLife(models.AbstractModel):
    """How proposals come to be and how they end other than by acceptance."""

    _name = "cobranca.proposal.life"
    _description = "Life of a Proposal"

    # === BUSINESS METHODS === #

    @api.model
    def _check_may_negotiate(self):
        """:raise AccessError: for who is not of the collection team"""
        if not self.env.su and not self.env.user.has_group(COLLECTOR):
            raise AccessError(self.env._("Proposals are made by the collection team: ask your administrator."))

    @api.model
    def _make(self, scene, alternatives, state, channel):
        """Write down what is offered together; nothing is sent yet.

        :param scene: Scene of the desk, which has checked what was asked
        :param alternatives: list of (kind, tools.plan.Plan), within the limits where the state is "sent"
        :param str state: "sent" or "waiting_approval"
        :param str channel: how the customer is told
        :return: cobranca.proposal
        """
        common = {
            **self._prepare_common(scene),
            "state": state,
            "channel": channel,
            "group_key": uuid.uuid4().hex,
        }
        # sudo: proposals are written by their own methods only; the number comes from a sequence nobody may write
        records = self.sudo().create(
            [
                {
                    **common,
                    "name": self.env["ir.sequence"].sudo().next_by_code("cobranca.proposal"),
                    **self._prepare_offer(scene, kind, plan),
                }
                for kind, plan in alternatives
            ]
        )
        if scene.counter_of:
            reason = self.env._("Followed by %(name)s.", name=", ".join(records.mapped("name")))
            scene.counter_of._update_state("countered", reason)
            scene.counter_of._end_approvals(reason)
        self.env["cobranca.case.touch"]._touch(scene.company, scene.debtor)
        return records.with_env(self.env)

    @api.model
    def _prepare_common(self, scene):
        """What all alternatives of one moment have in common."""
        return {
            "company_id": scene.company.id,
            "currency_id": scene.company.currency_id.id,
            "partner_id": scene.debtor.id,
            "user_id": self.env.uid,
            "role": scene.role,
            "counter_of_id": scene.counter_of.id,
            "rule_id": scene.found.rule.id,
            "explanation": scene.found.explanation,
            "amount_on": scene.today,
        }

    @api.model
    def _prepare_offer(self, scene, kind, plan):
        """The fields of one alternative, also for one that is only in memory."""
        return {
            "kind": kind if kind in dict(self._fields["kind"].selection) else "own",
            "expires_on": self._get_expiry(scene.today, scene.found.limits, plan),
            **self._prepare_plan(plan, scene.lines, scene.dues),
        }

    @api.model
    def _get_expiry(self, today, limits, plan):
        """The last day on which an offer of today stands: nobody accepts what he should have begun to pay.

        :return: date
        """
        return min(fields.Date.add(today, days=limits.validity_days), plan.installments[0].due)

    def _counter(self, terms, reason=False):
        """Answer with other terms over the same debts.

        :param tools.plan.Terms terms: of the counter-offer
        :param str reason: for who decides, where it goes beyond the authority of who makes it
        :return: the new proposal: sent, or waiting for approval
        :raise UserError: for terms that make no plan, debts that changed, or a proposal that has ended
        """
        self.ensure_one()
        self._check_may_negotiate()
        self.check_access("read")
        return self.env["cobranca.proposal.desk"].with_company(self.company_id)._answer_by(self, terms, reason)

    # --- ends ---

    def _withdraw(self, reason):
        """Take open proposals back.

        :param str reason: for people
        :raise UserError: for one that has ended, or without a reason
        """
        self._check_may_close(reason)
        self._update_state("withdrawn", reason)
        self._end_approvals(reason)

    def _refuse(self, reason):
        """The customer says no.

        :param str reason: what he said
        :raise UserError: for one that has ended, or without a reason
        """
        self._check_may_close(reason)
        self._update_state("refused", reason)
        self._end_approvals(reason)
        for record in self:
            self.env["cobranca.interaction"]._record(
                record.company_id,
                record.partner_id,
                "call",
                "proposal_refused",
                direction="in",
                note=f"{record.name}: {reason}",
                lines=record.line_ids.line_id,
            )

    def _check_may_close(self, reason):
        self._check_may_negotiate()
        self.check_access("read")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: it stays with the proposal."))

    def _expire(self, reason):
        """End open proposals without anybody's doing.

        :param str reason: for people
        :return: the proposals that ended
        """
        return self._end_free("expired", self._get_open_domain(), reason)

    def _end_free(self, target, domain, reason):
        """End those of these that are still in a domain; what somebody else works on at this moment is left to him.

        :param str target: state
        :param str reason: for people
        :return: the proposals that ended
        """
        # sudo: whoever lets time pass, books a payment or takes a customer back from an agency
        records = self.sudo().try_lock_for_update(allow_referencing=True).filtered_domain(domain)
        if records:
            records._change_state(target, reason)
            records._end_approvals(reason)
        return records.with_env(self.env)

    @api.model
    def _get_open_domain(self):
        return Domain("state", "in", ("waiting_approval", "sent"))

    @api.model
    def _search_open_of(self, lines):
        """The open proposals over some debts.

        :param lines: account.move.line
        :return: cobranca.proposal with the rights of the system
        """
        # sudo: who books or accepts need not see the proposals of others
        return self.sudo().search(self._get_open_domain() & Domain("line_ids.line_id", "in", lines.ids), order="id")

    @api.model
    def _follow_lines(self, lines):
        """Something was paid or credited on debts: what was offered over them stands no more.

        :param lines: account.move.line
        """
        if open_ones := self._search_open_of(lines):
            open_ones._expire(self.env._("Something was paid or credited on these debts."))

    # === SCHEDULED ACTIONS === #

    @api.model
    def _get_over_domain(self, company):
        """Open proposals whose last day is over where the company is."""
        return (
            self._get_open_domain()
            & Domain("company_id", "=", company.id)
            & Domain("expires_on", "<", company._cobranca_today())
        )

    @api.model
    def _cron_expire(self, batch_size=200):
        """End the proposals whose last day is over."""
        batches = [
            company._cobranca_localize(self.browse(ids))
            for company in self.env["res.company"].search([])
            for ids in split_every(batch_size, self.search(self._get_over_domain(company), order="id").ids)
        ]
        self.env["cobranca.batch.run"]._cron_each(
            batches, lambda batch: batch._expire(batch.env._("Its last day is over."))
        )
