import re
from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestToursDunning(DunningCommon, HttpCase):
    """The ladder's screens in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._cobranca_today()
        # Whatever weekday it is, something is sent.
        cls.ladder.sudo().business_day_rule = "same"
        cls.level(3).is_reviewed = True
        cls.people = cls.env["res.partner"].create(
            [
                {"name": name, "email": f"{number}@example.com", "company_id": cls.company.id}
                for number, name in enumerate(("Amélia Teste", "Bento Teste", "Cida Teste"))
            ]
        )
        hours = {
            f"{kind}_{end}": hour
            for kind in ("weekday", "saturday", "sunday")
            for end, hour in (("from", 0), ("to", 24))
        }
        cls.env["cobranca.contact.window"].search([("state_id", "=", False)]).unlink()
        cls.env["cobranca.contact.window"].create({"law": "Test", **hours})
        cls.env["cobranca.holiday"].search([("date", ">=", cls.today - timedelta(days=30))]).unlink()
        due = cls.today - timedelta(days=7)
        items = [(partner, 100.0 + number, due) for number, partner in enumerate(cls.people)]
        cls.lines = cls.post_lines(due, items)
        cls.ladder.level_ids.filtered(lambda level: level.days in (7, -3)).active = False

    def test_simulation(self):
        amelia, bento = self.people[:2]
        self.env["cobranca.hold"]._start(self.company, bento, "vacation", self.today, self.today + timedelta(days=20))
        self.level(3).days = 7
        self.start_tour("/odoo/simulacao", "cobranca_simulation", login="collector")
        self.assertFalse(self.Message.search([("partner_id", "in", self.people.ids)]))
        self.authenticate("collector", "collector")
        answer = self.url_open(f"/cobranca/simulacao.xlsx?dia={self.today}&regua=&empresas={self.company.id}")
        self.assertEqual((answer.status_code, answer.content[:2]), (200, b"PK"))
        self.assertRegex(answer.headers["Content-Disposition"], re.escape(f"{self.today}.xlsx"))
        self.assertEqual(self.url_open("/cobranca/simulacao.xlsx?dia=x&regua=y&empresas=z").status_code, 400)
        self.assertTrue(amelia)

    def test_review(self):
        made = self.engine._run(self.company, self.today)
        self.assertEqual((len(made), set(made.mapped("state"))), (3, {"review"}))
        self.start_tour("/odoo/avisos-a-revisar", "cobranca_message_review", login="supervisor")
        self.env.invalidate_all()
        self.assertEqual(set(made.mapped("state")), {"queued"})
        self.assertEqual(made.approved_by_id, self.supervisor)
