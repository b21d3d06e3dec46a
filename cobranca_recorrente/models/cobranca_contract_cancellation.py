from markupsafe import Markup

from odoo import fields, models
from odoo.tools.misc import format_date

ACTIVITY = "cobranca_recorrente.mail_activity_cancellation"
STAFF = "cobranca_recorrente.cobranca_group_collector"


class CobrancaContractCancellation(models.AbstractModel):
    """A customer asks in the portal to leave; people decide, nothing ends by itself.

    It extends methods of other mixins of the contract, before which it is inherited.
    """

    _name = "cobranca.contract.cancellation"
    _description = "Cancellation Asked For by the Customer"
    _inherit = ["cobranca.contract.cancellation.request"]

    currency_id = fields.Many2one(comodel_name="res.currency")
    cancel_state = fields.Selection(
        selection=[("asked", "Asked for"), ("taken_back", "Taken back"), ("answered", "Answered")],
        string="Cancellation",
        readonly=True,
        copy=False,
        tracking=True,
        groups=STAFF,
    )
    cancel_protocol = fields.Char(string="Protocol", readonly=True, copy=False, groups=STAFF)
    cancel_requested_on = fields.Date(string="Cancellation asked on", readonly=True, copy=False, groups=STAFF)
    cancel_requested_by_id = fields.Many2one(
        comodel_name="res.partner", string="Asked by", readonly=True, copy=False, groups=STAFF
    )
    cancel_answer_until = fields.Date(string="Answer until", readonly=True, copy=False, groups=STAFF)
    cancel_last_day = fields.Date(string="Last day asked for", readonly=True, copy=False, groups=STAFF)
    cancel_is_withdrawal = fields.Boolean(
        string="Withdrawal within 7 days",
        readonly=True,
        copy=False,
        groups=STAFF,
        help="CDC, art. 49: all is returned.",
    )
    cancel_fee = fields.Monetary(
        string="Fee told",
        readonly=True,
        copy=False,
        groups=STAFF,
        help="What the customer was told that leaving costs.",
    )
    cancel_reason_id = fields.Many2one(
        comodel_name="cobranca.close.reason", string="Reason given", readonly=True, copy=False, groups=STAFF
    )
    cancel_text = fields.Text(string="In the customer's words", readonly=True, copy=False, groups=STAFF)
    cancel_taken_back_on = fields.Date(string="Request taken back on", readonly=True, copy=False, groups=STAFF)
    cancel_taken_back_count = fields.Integer(
        string="Times taken back on that day", readonly=True, copy=False, aggregator=None, groups=STAFF
    )

    # === ACTIONS === #

    def action_answer_cancellation(self):
        """Mark requests as answered: the customer was spoken to, and stays or is ended separately."""
        self.check_access("write")
        self._answer_cancellation(self.env._("The cancellation request was marked as answered."))
        return True

    # === BUSINESS METHODS === #

    def _update_state(self, allowed, target):
        """A contract that is over leaves no request open."""
        changed = super()._update_state(allowed, target)
        if target in ("closed", "cancelled"):
            changed._answer_cancellation(self.env._("The contract is over: the cancellation request is answered."))
        return changed

    def _end(self, day, *args, **options):
        """Ending a contract answers the request; who asked is told the last day."""
        asked = self.filtered(lambda contract: contract.cancel_state == "asked")
        adjustments = super()._end(day, *args, **options)
        for contract in asked:
            contract._tell_end(day)
        asked._answer_cancellation(self.env._("The contract was given its end: the cancellation request is answered."))
        return adjustments

    def _answer_cancellation(self, note):
        asked = self.filtered(lambda contract: contract.cancel_state == "asked")
        asked.sudo().cancel_state = "answered"  # sudo: a guarded field; the callers check write access
        asked.activity_feedback([ACTIVITY])
        for contract in asked:
            contract.message_post(body=note)

    def _schedule_cancellation_answer(self):
        """One activity for who answers, in his own language."""
        self.ensure_one()
        user = self._get_user_to_ask()
        localized = self.with_context(lang=user.lang or self.env.lang)
        self.activity_schedule(
            ACTIVITY,
            date_deadline=self.cancel_answer_until,
            user_id=user.id,
            summary=localized.env._(
                "Cancellation asked for: protocol %(protocol)s, last day %(day)s",
                protocol=self.cancel_protocol,
                day=format_date(localized.env, self.cancel_last_day),
            ),
            note=self.cancel_text,
        )

    # --- what the customer is told ---

    def _tell(self, subject, paragraphs):
        """Write to who asked and to the customer, by e-mail and in the chatter, in the company's name.

        :param list paragraphs: texts, escaped here
        """
        self.ensure_one()
        company = self.company_id.sudo()  # sudo: name and address of the sender, whoever of the staff acts
        self.with_context(lang=self._get_customer_lang()).message_post(
            subject=subject,
            body=Markup().join(Markup("<p>%s</p>") % text for text in paragraphs if text),
            subtype_xmlid="mail.mt_comment",
            author_id=company.partner_id.id,
            partner_ids=(self.sudo().cancel_requested_by_id | self.partner_id).ids,  # sudo: read for the recipients
            notify_author_mention=True,  # the customer himself acts, and still gets his copy
        )

    def _tell_request(self):
        """The protocol in writing: what was asked, what it costs, when the answer comes."""
        said = self.with_context(lang=self._get_customer_lang())
        values = {
            "protocol": self.cancel_protocol,
            "contract": self.name,
            "asked": format_date(said.env, self.cancel_requested_on),
            "until": format_date(said.env, self.cancel_answer_until),
            "day": format_date(said.env, self.cancel_last_day),
            "fee": self.currency_id.with_env(said.env).format(self.cancel_fee),
            "reason": self.cancel_reason_id.with_env(said.env).name or "",
            "text": self.cancel_text or "",
        }
        paragraphs = [
            said.env._("We received your request to end the contract %(contract)s on %(asked)s.", **values),
            said.env._("Protocol: %(protocol)s. We answer until %(until)s.", **values),
            said.env._("Withdrawal from the purchase (CDC, art. 49).", **values)
            if self.cancel_is_withdrawal
            else said.env._("Last day asked for: %(day)s. Reason: %(reason)s.", **values),
            self.cancel_fee and said.env._("Fee for leaving before the minimum term: %(fee)s.", **values),
            self.cancel_text and said.env._("In your words: %(text)s", **values),
            said.env._(
                "Until we answer the contract goes on as it is, and you may take the request back on its page.",
                **values,
            ),
        ]
        self._tell(said.env._("Contract %(contract)s: protocol %(protocol)s", **values), paragraphs)

    def _tell_taken_back(self):
        said = self.with_context(lang=self._get_customer_lang())
        values = {"protocol": self.cancel_protocol, "contract": self.name}
        text = said.env._(
            "You took back the request %(protocol)s: the contract %(contract)s goes on as it is.", **values
        )
        self._tell(said.env._("Contract %(contract)s: protocol %(protocol)s", **values), [text])

    def _tell_end(self, day):
        said = self.with_context(lang=self._get_customer_lang())
        values = {"protocol": self.cancel_protocol, "contract": self.name, "day": format_date(said.env, day)}
        text = said.env._("Your request %(protocol)s: the last day of the contract %(contract)s is %(day)s.", **values)
        self._tell(said.env._("Contract %(contract)s: protocol %(protocol)s", **values), [text])
