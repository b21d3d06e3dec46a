from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Date
from odoo.tools.misc import format_date

from ..tools import typed
from ..tools.fee import with_fee, without_fee
from ..tools.offer import fit
from ..tools.plan import make_plan
from ..tools.wish import check_wish

LONGEST_TEXT = 1000
# Business days between the answer and the first payment.
DAYS_AFTER_ANSWER = 2
# How long a customer reads that his wish was not agreed to.
TOLD_DAYS = 15


class CobrancaNegotiationPageRequest(models.AbstractModel):
    """A customer wishes what he may not choose by himself: a proposal of his that waits for somebody's decision."""

    _name = "cobranca.negotiation.page.request"
    _description = "Wish of a Customer beyond What Is Offered"

    # === BUSINESS METHODS === #

    @api.model
    def _request(self, company, debtor, lines, wish, text):
        """Write down what the customer can pay a month and why, for who may allow it.

        :param Wish wish: debts and monthly amount as they were sent
        :param str text: the customer's words
        :return: cobranca.proposal that waits; empty where it needs nobody: he may choose it himself
        :raise UserError: with what is missing, or while another one waits
        """
        scene = self._look(company, debtor, lines, wish.lines)
        env = scene.lines.env
        self._begin(scene.debtor)
        text = (text or "").replace("\0", "").strip()[:LONGEST_TEXT]
        if not scene.lines:
            raise UserError(env._("Choose what you want to negotiate."))
        if len(text) < 3:
            raise UserError(env._("Tell us in a few words what you can do: a person reads it."))
        if self._get_requests(company, debtor, "waiting_approval"):
            raise UserError(env._("Your other wish is being looked at: we answer that one first."))
        proposal = self._make_request(scene, wish.monthly, text, self._get_channel(scene))
        if proposal:
            self._note_request(proposal, text)
        return proposal

    @api.model
    def _make_request(self, scene, monthly, text, channel):
        """Ask for the plan with which so much a month is enough.

        :param str monthly: amount as it was typed
        :param str text: for who decides
        :param str channel: how the customer is told when it is approved
        :return: cobranca.proposal that waits; empty where it is within the limits
        :raise UserError: for what is no amount, or too little
        """
        try:
            wanted = check_wish(scene.total, without_fee(typed.amount(monthly), scene.fee))
            first = self._get_first_after(scene)
            terms, beyond = fit(scene.parts, scene.found.limits, wanted, first, scene.today)
            plan = with_fee(make_plan(scene.parts, terms), scene.fee)
        except ValueError as error:
            raise UserError(scene.lines.env["cobranca.proposal.desk"]._say(error)) from None
        if all(excess.kind in ("first", "next") for excess in beyond):
            return scene.counter_of
        proposal = scene.counter_of._make(scene, [("fit", plan)], "waiting_approval", channel)
        # It stands until its first payment, so that there is time for the answer.
        proposal.expires_on = first
        proposal._ask_approval(scene, plan, text)
        return proposal

    @api.model
    def _get_first_after(self, scene):
        """The first payment of what a person has to agree to: some days after the answer.

        :return: date
        """
        answer = scene.lines.env["cobranca.payment.doubt"]._get_deadline(scene.company)
        return scene.lines.env["cobranca.promise"]._add_business_days(scene.company, answer, DAYS_AFTER_ANSWER)

    @api.model
    def _get_channel(self, scene):
        """How the customer is told that it was approved."""
        _recipient, gap = scene.counter_of._get_recipient(scene.company, scene.debtor)
        return "portal" if gap else "email"

    @api.model
    def _note_request(self, proposal, text):
        """Into the register of contacts, in the language of the company's people."""
        company = proposal.company_id
        words = proposal.with_context(lang=company.partner_id.lang or "pt_BR")
        proposal.env["cobranca.interaction"]._record(
            company,
            proposal.partner_id,
            "portal",
            "other",
            direction="in",
            reached="right",
            user_id=False if proposal.env.user._is_public() else proposal.env.uid,
            note=words.env._(
                "Asks for another plan (%(name)s): %(plan)s %(text)s", name=words.name, plan=words.plan_text, text=text
            ),
            lines=proposal.line_ids.line_id,
        )

    @api.model
    def _get_requests(self, company, debtor, *states):
        """:return: cobranca.proposal that the customer asked for himself, the newest first"""
        return self._get_env(company, debtor)["cobranca.proposal"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", debtor.id),
                ("role", "=", "self_service"),
                ("approval_id", "!=", False),
                ("state", "in", states),
            ],
            order="id desc",
        )

    @api.model
    def _get_request_words(self, company, debtor, scope=None):
        """What became of the wish of this customer.

        :param scope: account.move.line that are seen, None: all of his; of a wish over others nothing is told
        :return: dict(is_waiting, text), text empty where there is nothing to say
        """
        told = self._get_requests(company, debtor, "waiting_approval", "withdrawn", "expired")
        last = told.filtered(lambda each: each._is_seen_with(scope))[:1]
        env, today = debtor.env, company._cobranca_today()
        if not last or last.amount_on < today - timedelta(days=TOLD_DAYS):
            return {"is_waiting": False, "text": ""}
        day = format_date(env, last.amount_on, date_format="dd/MM")
        if last.state == "waiting_approval":
            answer = self._get_answer_day(last.with_env(env))
            text = env._(
                "You asked on %(day)s for: %(plan)s A person answers until %(answer)s.",
                day=day,
                plan=last.with_env(env).plan_text,
                answer=answer,
            )
            return {"is_waiting": True, "text": text}
        return {
            "is_waiting": False,
            "text": env._("We could not agree to your wish of %(day)s. Speak with us.", day=day),
        }

    @api.model
    def _get_answer_day(self, proposal):
        """Until when somebody answers what waits, as text."""
        env, company = proposal.env, proposal.company_id
        deadline = env["cobranca.promise"]._add_business_days(
            company,
            proposal.amount_on,
            company.sudo().cobranca_doubt_days,  # sudo: a setting, also for visitors
        )
        day = max(Date.to_date(deadline), company._cobranca_today())
        return format_date(env, day, date_format="dd/MM")

    @api.model
    def _read_monthly(self, text):
        """:return: Decimal, 0 for what is no amount"""
        try:
            return typed.amount(text)
        except ValueError:
            return 0
