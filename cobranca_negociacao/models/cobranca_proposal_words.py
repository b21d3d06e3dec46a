from odoo import api, fields, models
from odoo.tools.misc import format_date

# What a text template may name besides what all messages offer.
NAMES = ("choice_text", "plan_text", "until_text")


class CobrancaProposalWords(models.AbstractModel):
    """A proposal in words: for the customer, who reads nothing of limits or of what it is worth to us, and for us."""

    _name = "cobranca.proposal.words"
    _description = "Proposal in Words"

    plan_text = fields.Char(string="How it is paid", compute="_compute_offer_words")
    until_text = fields.Char(string="Stands until, in words", compute="_compute_offer_words")
    choice_text = fields.Char(string="What is offered", compute="_compute_choice_text")

    # === COMPUTE METHODS === #

    @api.depends_context("lang")
    @api.depends("installment_ids", "expires_on", "fee")
    def _compute_offer_words(self):
        for record in self:
            record.plan_text = " ".join(filter(None, (record._get_plan_text(), record._get_fee_text())))
            record.until_text = format_date(self.env, record.expires_on) if record.expires_on else ""

    @api.depends_context("lang", "cobranca_alternatives")
    def _compute_choice_text(self):
        """How many there are to choose from; told by who sends them."""
        number = self.env.context.get("cobranca_alternatives", 1)
        for record in self:
            record.choice_text = (
                self.env._("%(count)s possibilities", count=number) if number > 1 else self.env._("a proposal")
            )

    # === BUSINESS METHODS === #

    @api.model
    def mail_allowed_qweb_expressions(self):
        """What whoever may edit the text can name in it, without a right to run code."""
        return super().mail_allowed_qweb_expressions() + tuple(f"object.{name}" for name in NAMES)

    @api.model
    def _get_title(self, has_down, count):
        """A plan by its shape, as people speak of it.

        :param bool has_down: is something paid before the installments?
        :param int count: of installments, 0 = all at once
        """
        if not count:
            return self.env._("Cash")
        if has_down:
            return self.env._("Down payment + %(count)s", count=count)
        return self.env._("%(count)s installments", count=count) if count > 1 else self.env._("1 installment")

    def _get_own_title(self):
        self.ensure_one()
        return self._get_title(bool(self.count and self.down), self.count)

    def _get_plan_text(self):
        """What is paid when, in one sentence."""
        self.ensure_one()
        payments = self.installment_ids.sorted("number")
        if not payments:
            return ""
        amount, day = self.currency_id.format, lambda each: format_date(self.env, each.due)
        if not self.count:
            return self.env._("%(amount)s on %(day)s.", amount=amount(self.amount), day=day(payments[0]))
        rest = payments.filtered("number")
        values = {
            "down": amount(self.down),
            "first": day(payments[0]),
            "rest": self._get_rest_text([each.amount for each in rest]),
            "from": day(rest[0]),
            "until": day(rest[-1]),
        }
        if len(rest) == 1 and self.down:
            return self.env._("%(down)s on %(first)s and %(rest)s on %(from)s.", **values)
        if len(rest) == 1:
            return self.env._("%(rest)s on %(from)s.", **values)
        if self.down:
            return self.env._("%(down)s on %(first)s and %(rest)s, monthly from %(from)s to %(until)s.", **values)
        return self.env._("%(rest)s, monthly from %(from)s to %(until)s.", **values)

    def _get_fee_text(self):
        """What of it an agency asks for its work; empty where it asks for nothing."""
        if not self.fee:
            return ""
        fee = self.currency_id.format(self.fee)
        return self.env._("Of it %(fee)s are collection fees of the agency.", fee=fee)

    def _get_rest_text(self, amounts):
        """The installments with their amounts, the most frequent one named first.

        :param amounts: list of float
        """
        format_amount = self.currency_id.format
        usual = max(set(amounts), key=lambda amount: (amounts.count(amount), amount))
        if len(set(amounts)) == 1:
            return self._get_times_text(len(amounts), usual)
        if len(set(amounts)) == 2 and amounts.count(usual) == len(amounts) - 1:
            other = next(amount for amount in amounts if amount != usual)
            values = {"times": self._get_times_text(len(amounts), usual), "other": format_amount(other)}
            if amounts[0] == other:
                return self.env._("%(times)s (the first one %(other)s)", **values)
            if amounts[-1] == other:
                return self.env._("%(times)s (the last one %(other)s)", **values)
        return self.env._(
            "%(count)s installments from %(high)s to %(low)s",
            count=len(amounts),
            high=format_amount(max(amounts)),
            low=format_amount(min(amounts)),
        )

    @api.model
    def _get_times_text(self, count, amount):
        currency = self.currency_id or self.env.company.currency_id
        return self.env._("%(count)s × %(amount)s", count=count, amount=currency.format(amount))

    def _get_debt_table(self, debts):
        """What the message shows: the figures of one proposal, or each of those to choose from.

        :param debts: cobranca.proposal, all that are sent together; handed on by `_render_texts`
        :return: dict(rows, total_label, total)
        """
        alternatives = debts.with_env(self.env)
        if len(alternatives) > 1:
            return {
                "rows": [
                    {
                        "label": each._get_own_title(),
                        "detail": each.plan_text,
                        "amount": each.currency_id.format(each.amount),
                    }
                    for each in alternatives
                ],
                "total_label": self.env._("To choose until"),
                "total": self.until_text,
            }
        return {
            "rows": [
                {"label": self._get_own_title(), "detail": self.plan_text, "amount": ""},
                *({"label": label, "detail": "", "amount": amount} for label, amount in self._get_figure_rows()),
            ],
            "total_label": self.env._("Total of the agreement"),
            "total": self.currency_id.format(self.amount),
        }

    def _get_figure_rows(self):
        """What the total is made up of.

        :return: list of (label, amount as text), without what is zero
        """
        self.ensure_one()
        rows = [
            (self.env._("Amount on %(day)s", day=format_date(self.env, self.amount_on)), self.before),
            (self.env._("Discount on the fine"), -self.given_fine),
            (self.env._("Discount on interest"), -self.given_interest),
            (self.env._("Discount on correction"), -self.given_correction),
            (self.env._("Discount on the principal"), -self.given_principal),
            (self.env._("Interest of the installments"), self.financing),
            (self.env._("Collection fees of the agency"), self.fee),
        ]
        return [(label, self.currency_id.format(amount)) for label, amount in rows if amount]

    @api.model
    def _prepare_links(self, link, base):
        """The link of a proposal leads to where it is accepted."""
        return {**super()._prepare_links(link, base), "pay": f"{link}/negociar"}

    def _get_ended_text(self):
        """Why nothing more can be done with it."""
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        return self.env._("Proposal %(name)s is “%(state)s”: make a new one.", name=self.name, state=states[self.state])
