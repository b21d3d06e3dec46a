from odoo.tests import tagged

from .agency_common import AgencyCommon


@tagged("post_install", "-at_install")
class TestAgencyScreen(AgencyCommon):
    """What the form of an agency tells: its people, statements and keys, and nothing of another agency."""

    def test_people(self):
        agency = self.agency.with_user(self.collector)
        self.assertEqual((agency.user_ids, agency.user_count), (self.admin | self.worker, 2))
        self.assertEqual(agency.admin_text, self.admin.name)
        self.worker.active = False
        agency.invalidate_recordset()
        self.assertEqual(agency.user_ids, self.admin)
        self.assertEqual(self.rival.with_user(self.collector).user_ids, self.outsider)

    def test_statements(self):
        placement = self.place(self.agency, self.lines)
        self.pay(self.lines[0], 100.0, placement.placed_on)
        with self.on("2026-12-01"):
            statement = self.env["cobranca.agency.statement"]._prepare_month(self.company, placement.placed_on)
        for agency, expected in ((self.agency, statement), (self.rival, statement.browse())):
            own = agency.with_user(self.supervisor)
            self.assertEqual(own.statement_count, len(expected))
            self.assertEqual(statement.search(own.action_view_statements()["domain"]), expected)

    def test_keys(self):
        Key = self.env["cobranca.agency.key"]
        key = Key.create({"name": "ERP", "agency_id": self.agency.id, "user_id": self.admin.id})
        own = self.agency.with_user(self.manager)
        self.assertEqual((own.key_count, self.rival.with_user(self.manager).key_count), (1, 0))
        action = own.action_view_keys()
        self.assertEqual(
            (Key.search(action["domain"]), action["context"]), (key, {"default_agency_id": self.agency.id})
        )
        key.with_user(self.manager).action_revoke()
        own.invalidate_recordset()
        self.assertEqual(own.key_count, 0)
        self.assertNotIn("key_count", self.agency.with_user(self.collector).fields_get())

    def test_form_of_each_role(self):
        """Who may not see keys gets a form without them, and can open it."""
        for user, has_keys in ((self.collector, False), (self.manager, True)):
            arch = self.env["cobranca.agency"].with_user(user).get_view(view_type="form")["arch"]
            self.assertEqual("key_count" in arch, has_keys)
            self.assertIn("statement_count", arch)
