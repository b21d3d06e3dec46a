from datetime import date

from freezegun import freeze_time

from odoo import Command

from .workbook_common import WorkbookCommon

OURS = ("kpi_cobranca_late", "kpi_cobranca_late_30", "kpi_cobranca_received", "kpi_cobranca_recovered")


@freeze_time("2026-06-30 15:00:00")
class TestDigest(WorkbookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.write_ledger(cls)
        early = cls.ledger.invoice(cls.customer, date(2026, 6, 1), date(2026, 7, 10), "70")
        cls.ledger.pay(early, date(2026, 6, 29), "70")
        cls.digest = cls.env["digest.digest"].create(
            {"name": "Ours", "company_id": cls.company.id, "periodicity": "daily", **dict.fromkeys(OURS, True)}
        )

    def get_kpis(self, user):
        found = self.digest._compute_kpis(self.company, user)
        return {kpi["kpi_name"]: kpi for kpi in found if kpi["kpi_name"] in OURS}

    def test_figures(self):
        kpis = self.get_kpis(self.supervisor)
        self.assertEqual(set(kpis), set(OURS))
        for column in ("kpi_col1", "kpi_col2", "kpi_col3"):
            self.assertIn("1.3k", kpis["kpi_cobranca_late"][column]["value"])
        self.assertIn("1.2k", kpis["kpi_cobranca_late_30"]["kpi_col1"]["value"])
        received = [kpis["kpi_cobranca_received"][f"kpi_col{number}"]["value"] for number in (1, 2, 3)]
        self.assertEqual([text.strip("R$ \xa0") for text in received], ["0", "70", "120"])
        recovered = [kpis["kpi_cobranca_recovered"][f"kpi_col{number}"]["value"] for number in (1, 2, 3)]
        self.assertEqual([text.strip("R$ \xa0") for text in recovered], ["0", "0", "50"])

    def test_change_of_what_is_late(self):
        """A week before, 1200.20 less 50.05 were late; a month before, 1200.20 were."""
        late = self.get_kpis(self.supervisor)["kpi_cobranca_late"]
        self.assertAlmostEqual(late["kpi_col2"]["margin"], 100 * 100.1 / 1150.15, 2)
        self.assertAlmostEqual(late["kpi_col3"]["margin"], 100 * (1250.25 - 1200.2) / 1200.2, 2)

    def test_who_has_no_right_does_not_get_them(self):
        self.assertEqual(self.get_kpis(self.collector), {})

    def test_another_company_is_not_counted(self):
        other = self.env["res.company"].create({"name": "Outra Empresa"})
        self.supervisor.company_ids |= other
        self.supervisor.company_id = self.company
        self.digest.company_id = other
        late = self.get_kpis(self.supervisor)["kpi_cobranca_late"]
        self.assertEqual(late["kpi_col1"]["value"].strip("R$ \xa0"), "0")

    def test_the_mail_shows_them(self):
        self.digest.user_ids = [Command.set((self.supervisor | self.collector).ids)]
        self.supervisor.email, self.collector.email = "supervisor@example.com", "collector@example.com"
        self.digest._action_send(update_periodicity=False)
        mails = self.env["mail.mail"].search([("subject", "ilike", "Ours")])
        bodies = {mail.email_to: mail.body_html for mail in mails}
        self.assertEqual(len(bodies), 2)
        self.assertIn("Receivables That Are Late", bodies[self.supervisor.email_formatted])
        self.assertIn("1.3k", bodies[self.supervisor.email_formatted])
        self.assertIn("cobranca_aging_report_action", bodies[self.supervisor.email_formatted])
        self.assertNotIn("Receivables That Are Late", bodies[self.collector.email_formatted])

    def test_the_default_digest_has_them(self):
        default = self.env.ref("digest.digest_digest_default")
        self.assertTrue(default.kpi_cobranca_late and default.kpi_cobranca_received and default.kpi_cobranca_recovered)
