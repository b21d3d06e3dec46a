from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .link_common import ATTACK, ODD, PDF, PNG, LinkCommon


@tagged("post_install", "-at_install")
class TestPaymentDoubt(LinkCommon):
    """A question is a task for a person with the day of the answer; who contests a debt is not asked for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.cobranca_doubt_days = 2
        cls.customer.user_id = cls.collector
        cls.Doubt = cls.env["cobranca.payment.doubt"]

    def ask(self, path, subject="how", line=None, files=None, **values):
        typed = {"assunto": subject, "pagamento": f"{(line or self.line).id}", "mensagem": "Como pago?", **values}
        return self.post(f"{path}/duvida", files=files, **typed)

    def said(self):
        return self.env["cobranca.interaction"].search([("partner_id", "=", self.customer.id)], order="id")

    def disputes(self):
        return self.env["cobranca.dispute"].search([("partner_id", "in", (self.customer | self.stranger).ids)])

    def tasks(self):
        return self.activities(self.customer, "payment_doubt")

    def test_a_question_is_a_task_with_its_day(self):
        path = self.path()
        self.assertIn("A person answers until 24/11", self.enter(path))
        files = [("comprovante", ("nota.pdf", PDF, "text/html"))]
        answer = self.ask(path, files=files, resposta="email")
        self.assertTrue(answer.headers["Location"].endswith("?aviso=duvida"))
        task = self.tasks()
        self.assertEqual((task.user_id, task.date_deadline), (self.collector, date(2026, 11, 24)))
        self.assertIn(self.invoice.name, task.summary)
        self.assertIn("Como pago?", task.note)
        self.assertIn("a***a@example.com", task.note)
        self.assertEqual(task.attachment_ids.mapped("name"), ["nota.pdf"])
        self.assertEqual(task.attachment_ids.mimetype, "application/pdf")
        said = self.said()
        self.assertEqual((said.channel, said.direction, said.outcome), ("portal", "in", "other"))
        self.assertEqual(said.line_ids, self.line)
        self.assertFalse(self.disputes())
        self.assertFalse(self.env["cobranca.hold"].search([("partner_id", "=", self.customer.id)]))

    def test_contested_is_a_dispute_with_its_pause(self):
        path = self.path(self.line | self.later_line)
        self.enter(path)
        files = [("comprovante", ("x.exe", PNG, "x/y"))]
        answer = self.ask(path, "amount", files=files, mensagem="Cancelei o adicional")
        self.assertTrue(answer.headers["Location"].endswith("?aviso=contestado"))
        dispute = self.disputes()
        self.assertEqual((dispute.line_id, dispute.reason, dispute.amount), (self.line, "amount", 500.0))
        self.assertEqual((dispute.deadline, dispute.state), (date(2026, 11, 24), "open"))
        self.assertEqual(dispute.attachment_ids.mapped("name"), ["x.png"])
        self.assertEqual(dispute.activity_ids.user_id, self.collector, "not the visitor of the page")
        self.assertEqual(self.holds(dispute).line_id, self.line)
        self.assertEqual(self.said().outcome, "disputed")
        self.assertFalse(self.tasks())
        page = self.get(f"{path}?aviso=contestado").text
        self.assertIn("A person answers until 24/11", page)
        self.assertEqual(page.count('checked="checked"'), 1, "what he contests is not chosen")
        self.assertEqual(self.ask(path, "amount", mensagem="E ainda mais").status_code, 303)
        self.assertEqual(len(self.disputes()), 1)
        self.assertEqual(len(self.tasks()), 1, "what follows is a question about the same")

    def test_sent_twice_counts_once(self):
        path = self.path()
        self.enter(path)
        for _time in range(2):
            self.assertEqual(self.ask(path).status_code, 303)
        self.assertEqual((len(self.tasks()), len(self.said())), (1, 1))

    def test_without_a_collector_a_supervisor(self):
        self.customer.user_id = False
        path = self.path()
        self.enter(path)
        self.ask(path)
        self.assertTrue(self.tasks().user_id.has_group("cobranca_recorrente.cobranca_group_supervisor"))

    def test_lines_of_others(self):
        path = self.path()
        self.enter(path)
        for line in (self.foreign_line, self.later_line, self.line.browse(2**31)):
            self.assertIn("doubt_error", self.ask(path, "amount", line).text)
            self.assertEqual(self.ask(path, "how", line, mensagem=f"Outra {line.id}").status_code, 303)
        self.assertFalse(self.disputes())
        self.assertFalse(self.said().line_ids)
        self.assertNotIn(self.foreign.name, "".join(self.tasks().mapped("summary")))

    def test_odd_values(self):
        path = self.path()
        self.enter(path)
        for name in ("pagamento", "assunto", "mensagem", "resposta"):
            for text in ODD:
                with self.env.cr.savepoint() as savepoint:
                    answer = self.ask(path, **{name: text})
                    self.assertIn(answer.status_code, (200, 303), (name, text))
                    self.assertHidden(answer.text)
                    savepoint.rollback()

    def test_files_are_refused_by_content(self):
        path = self.path()
        self.enter(path)
        for content in (b"<html><script>alert(1)</script></html>", b"GIF89a", PDF + b"0" * (5 * 1024 * 1024)):
            answer = self.ask(path, "amount", files=[("comprovante", ("x.pdf", content, "application/pdf"))])
            self.assertIn("doubt_error", answer.text)
        self.assertFalse(self.disputes() | self.env["cobranca.dispute"])
        self.assertFalse(self.said())

    def test_hostile_words_are_inert(self):
        path = self.path()
        self.enter(path)
        self.ask(path, mensagem=ATTACK)
        self.assertNotIn("<img", self.tasks().note)
        refused = self.ask(path, "nonsense", mensagem=ATTACK).text
        self.assertIn("&lt;img src=x", refused)
        self.assertNotIn("<img src=x", refused)

    def test_not_too_often(self):
        path = self.path()
        self.enter(path)
        for _time in range(5):
            self.Attempt._count("doubt", f"{self.company.id}.{self.customer.id}")
        self.assertIn("doubt_error", self.ask(path).text)
        self.assertFalse(self.said())

    def test_own_page(self):
        user = self.make_portal_user("portal_ana", self.customer)
        self.authenticate(user.login, user.login)
        self.assertEqual(self.ask("/my/pagamentos", "unknown").status_code, 303)
        self.assertEqual(self.disputes().user_id, user)
        self.assertEqual(self.said().user_id, user)

    def test_words_are_needed(self):
        none = self.line.browse()
        for subject, line, text in (("how", self.line, " "), ("amount", none, "Não"), ("x", self.line, "Não")):
            with self.assertRaises(UserError):
                self.Doubt._record(self.company, self.customer, line, subject, text)
