from datetime import timedelta
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from ..tools import desk
from ..tools.late_charges import late_charges

# An invented customer: three invoices of the same amount, so many days late.
AMOUNT, DAYS = Decimal("1290.00"), (65, 35, 3)
FINE, INTEREST = Decimal(2), Decimal(1)
SITUATIONS = (desk.FIRST, desk.RETRY, desk.CALLBACK, desk.PROMISE_DUE, desk.PROMISE_BROKEN, desk.SAYS_PAID)


class CobrancaCaseTraining(models.AbstractModel):
    """A customer to practise on: the same screen, and nothing of it reaches books, register or anybody."""

    _name = "cobranca.case.training"
    _description = "Training at the Desk"

    # === ACTIONS === #

    @api.model
    def action_train(self):
        """Open one's own customer to practise on."""
        self.check_access("read")
        # sudo: a case of nobody's debt, for the current user alone
        Case = self.env["cobranca.case"].sudo()
        own = [
            ("is_training", "=", True),
            ("collector_id", "=", self.env.uid),
            ("company_id", "=", self.env.company.id),
        ]
        case = Case.search(own, limit=1) or Case.create(self._prepare_training())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Training"),
            "res_model": "cobranca.case",
            "res_id": case.id,
            "views": [(self.env.ref("cobranca_recorrente.cobranca_case_view_form").id, "form")],
            "target": "current",
        }

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_training(self):
        company = self.env.company
        debts = self._get_practice_charges()
        return {
            "is_training": True,
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "partner_id": self.env.ref("cobranca_recorrente.res_partner_training").id,
            "collector_id": self.env.uid,
            "opened_on": company._cobranca_today(),
            "line_count": len(DAYS),
            "amount_original": float(AMOUNT * len(DAYS)),
            "amount": float(sum(charges.total for charges in debts)),
            "days_late": max(DAYS),
            "why": SITUATIONS[0],
        }

    @api.model
    def _get_practice_charges(self):
        return [late_charges(AMOUNT, days, FINE, INTEREST) for days in DAYS]

    def _get_practice_debts(self):
        """The invented invoices as the screen shows real ones."""
        today = self.company_id._cobranca_today()
        rows = [
            {
                "name": self.env._("EXAMPLE/%(number)s", number=number),
                "link": False,
                "due": self._day(today - timedelta(days=days)),
                "days": days,
                "is_late": days > 30,
                "original": float(charges.principal),
                "correction": 0.0,
                "fine": float(charges.fine),
                "interest": float(charges.interest),
                "amount": float(charges.total),
            }
            for number, (days, charges) in enumerate(zip(DAYS, self._get_practice_charges(), strict=True), start=1)
        ]
        return {
            "rows": rows,
            "sums": {name: sum(row[name] for row in rows) for name in ("original", "fine", "interest", "amount")},
            "has_correction": False,
            "days": max(DAYS),
            "oldest": today - timedelta(days=max(DAYS)),
            "sentences": [self.env._("Nothing of this is real: practise as you like.")],
            "coming": {"count": 0, "amount": 0.0},
            "credit": 0.0,
        }

    def _practise(self, told):
        """Check what a real registration would check, write nothing, and go on to the next situation.

        :param dict told: as `desk_register` takes it
        :raise UserError: with what would be refused
        """
        self.ensure_one()
        if not told.get("outcome"):
            raise UserError(self.env._("Choose how the contact ended."))
        message = self.env._("Training: nothing was written.")
        if told["outcome"] == "promised":
            message = f"{message} {self._check_practice_promise(told)}"
        place = SITUATIONS.index(self.why) if self.why in SITUATIONS else -1
        # sudo: one's own case to practise on
        self.sudo().why = SITUATIONS[(place + 1) % len(SITUATIONS)]
        return {"interaction": False, "message": message, "action": False}

    def _check_practice_promise(self, told):
        company = self.company_id
        today, day = company._cobranca_today(), told["promise_date"]
        if not day or day < today or (day - today).days > company.cobranca_promise_max_days > 0:
            raise UserError(self.env._("Choose a day from today on, within the days that the company allows."))
        if not 0 < told["promise_amount"] <= round(self.amount * 1.05, 2):
            raise UserError(self.env._("Promise something, and no more than is owed."))
        return self.env._(
            "With a real customer the reminders would stop until %(day)s, and start again by themselves if nothing "
            "came in.",
            day=self._day(day),
        )
