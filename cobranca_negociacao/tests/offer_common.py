from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.fields import Date
from odoo.tests import freeze_time, new_test_user

from odoo.addons.cobranca_recorrente.tests.common import GROUP, CobrancaCommon

from ..tools.plan import Parts, Terms, make_plan

CNPJ = "11.222.333/0001-81"
TODAY = date(2026, 11, 19)
# Wide enough that only what a test narrows counts.
WIDE = {
    "fine_percent": 100,
    "interest_percent": 100,
    "correction_percent": 100,
    "principal_percent": 100,
    "max_count": 60,
    "free_count": 60,
    "max_first_days": 90,
    "validity_days": 30,
}


@freeze_time("2026-11-19 15:00:00")
class OfferCommon(CobrancaCommon):
    """A company without charges, with a policy and authorities of the test's own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Policy = cls.env["cobranca.offer.policy"]
        cls.Version = cls.env["cobranca.offer.policy.version"]
        cls.Rule = cls.env["cobranca.offer.rule"]
        cls.Authority = cls.env["cobranca.offer.authority"]
        cls.Approval = cls.env["cobranca.offer.approval"]
        cls.Engine = cls.env["cobranca.offer.engine"]
        cls.charge_by(False)
        cls.Policy.search([("company_id", "=", cls.company.id)]).action_archive()
        cls.Authority.search([("company_id", "=", cls.company.id)]).unlink()
        cls.policy = cls.Policy.create({"name": "Ours", "active": True})
        cls.version = cls.Version.create({"policy_id": cls.policy.id})
        cls.business = cls.make_customer("Agulha Ltda", CNPJ)
        cls.outsider = new_test_user(cls.env, "outsider", "base.group_portal", lang="en_US")
        cls.receivable = cls.customer.property_account_receivable_id
        cls.journal = cls.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", cls.company.id)], limit=1
        )

    @classmethod
    def make_rule(cls, version=None, **values):
        return cls.Rule.create({"version_id": (version or cls.version).id, **WIDE, **values})

    @classmethod
    def make_authority(cls, role, **values):
        return cls.Authority.create({"company_id": cls.company.id, "role": role, **WIDE, **values})

    @classmethod
    def make_authorities(cls):
        """Each role may do more than the one before: a fine, some of the interest, some of the invoices."""
        cls.make_authority("self_service", principal_percent=0, interest_percent=0, max_count=2)
        cls.make_authority("collector", principal_percent=0, interest_percent=50, max_count=5)
        cls.make_authority("supervisor", principal_percent=10, max_count=12)
        cls.make_authority("manager", principal_percent=50)

    @classmethod
    def owe(cls, *items, partner=None):
        """Open lines of a customer.

        :param items: (amount, due date)
        """
        partner = partner or cls.customer
        commands = [
            Command.create(
                {
                    "account_id": cls.receivable.id,
                    "partner_id": partner.id,
                    "balance": amount,
                    "date_maturity": due,
                    "name": f"item {number}",
                }
            )
            for number, (amount, due) in enumerate(items)
        ]
        total = -sum(amount for amount, _due in items)
        income = cls.company.cobranca_service_account_id
        commands.append(Command.create({"account_id": income.id, "balance": total, "name": "income"}))
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "date": min(Date.to_date(due) for _amount, due in items),
                "journal_id": cls.journal.id,
                "line_ids": commands,
            }
        )
        move.action_post()
        return move.line_ids.filtered(lambda line: line.account_id == cls.receivable)

    @classmethod
    def put_in_segment(cls, partner, name="Difficult"):
        segment = cls.env["cobranca.payer.segment"].create({"name": name})
        cls.env["cobranca.behavior"].create(
            {"company_id": cls.company.id, "partner_id": partner.id, "segment_id": segment.id, "computed_on": TODAY}
        )
        return segment

    def find(self, lines, user=None, role=None, date=TODAY):
        user = user or self.collector
        engine = self.Engine.with_user(user)
        role = engine._get_role() if role is None else role
        return engine._find(self.company, lines.partner_id, lines.with_user(user), date, role)

    def plan(self, amount=1000, count=0, down=None, first=TODAY, method="none", rate=0, charges=(0, 0), **percents):
        """An offer for one debt with (fine, interest)."""
        fine, interest = map(Decimal, charges)
        debt = Parts(Decimal(amount), fine=fine, interest=interest)
        percents = {name: Decimal(percent) for name, percent in percents.items()}
        down = None if down is None else Decimal(down)
        return make_plan([debt], Terms(percents, down, count, method, Decimal(rate), first))

    def remove_other_managers(self, user):
        group = self.env.ref(GROUP + "manager")
        group.user_ids = [Command.set(user.ids)]
        self.assertEqual(group.all_user_ids, user)
