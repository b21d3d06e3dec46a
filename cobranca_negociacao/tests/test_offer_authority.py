from decimal import Decimal

from psycopg2 import IntegrityError

from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..tools.limits import meet
from .offer_common import OfferCommon


@tagged("post_install", "-at_install")
class TestOfferAuthority(OfferCommon):
    def test_one_of_a_role(self):
        self.make_authority("collector")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.make_authority("collector")

    def test_limits_are_bounded(self):
        for name, value in (("principal_percent", 100.01), ("min_down_percent", -1), ("validity_days", 366)):
            with (
                self.subTest(name=name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.make_authority("manager", **{name: value})

    def test_exact_figures_for_the_kernel(self):
        limits = self.make_authority("collector", interest_percent=33.33, min_installment=19.99)._get_limits()
        self.assertEqual((limits.percents["interest"], limits.min_installment), (Decimal("33.33"), Decimal("19.99")))
        self.assertEqual((limits.min_rate, limits.max_count), (0, 60))

    def test_says_nothing_of_how_installments_are_computed(self):
        """The price of installments is a matter of the policy: an authority leaves what that says as it is."""
        rule = self.make_rule(method="price", rate_percent=1.5, free_count=3)
        both = meet(rule._get_limits(), self.make_authority("collector")._get_limits())
        self.assertEqual((both.methods, both.min_rate), (frozenset({"none", "price"}), Decimal("1.5")))

    def test_what_is_widened_is_written_down(self):
        authority = self.make_authority("collector", principal_percent=0)
        self.flush_tracking()
        authority = authority.with_context(tracking_disable=False).with_user(self.manager)
        authority.principal_percent = 25
        self.flush_tracking()
        [change] = authority.message_ids.sudo().tracking_value_ids
        self.assertEqual((change.field_id.name, change.new_value_float), ("principal_percent", 25))

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.precommit.run()

    def test_names_in_order(self):
        self.make_authorities()
        found = self.Authority.with_user(self.collector).search([("company_id", "=", self.company.id)])
        self.assertEqual(found.mapped("display_name"), ["Customer himself", "Collector", "Supervisor", "Manager"])

    def test_screen(self):
        authority = self.make_authority("collector")
        with Form(authority.with_user(self.manager)) as form:
            form.fine_percent = 30
            self.assertIn("fine 30 %", form.limits_text)
        self.assertEqual(authority.fine_percent, 30)
