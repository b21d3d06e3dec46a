from datetime import date, datetime, time

from odoo import Command
from odoo.fields import Date
from odoo.tests import freeze_time

from odoo.addons.cobranca_recorrente.tests.common import CobrancaCommon

TODAY = date(2026, 11, 19)  # a Thursday; the Friday after it is a national holiday
FIRST = "2026-11-24"
CNPJ = "11.222.333/0001-81"
# Of the customer's page and messages: nothing of limits, of what it is worth to us, of other people.
HIDDEN = ("authority", "Authority", "limit", "policy", "Policy", "approval", "3,849.82", "INTERNAL-COLLECTOR")


class ProposalCommon(CobrancaCommon):
    """A bakery that owes three months on 19 November 2026, and what may be conceded to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hold_the_clock()
        cls.charge_by(cls.env.ref("cobranca_recorrente.cobranca_charge_policy_default"))
        cls.company.write(
            {
                "email": "cobranca@example.org",
                "phone": "+55 11 3333-4444",
                "vat": "11.444.777/0001-61",
                "street": "Rua Um, 1",
                "city": "São Paulo",
                "cobranca_present_rate": 1.2,
            }
        )
        cls.env["ir.mail_server"].search([]).active = False
        cls.env["ir.mail_server"].create({"name": "Test", "smtp_host": "mail.example.com"})
        cls.collector.name = "INTERNAL-COLLECTOR"
        cls.bakery = cls.make_customer("Padaria Pão de Lurim Ltda.", CNPJ, is_company=True, email="padaria@example.com")
        cls.invoices = [cls.make_invoice(1290.0, day) for day in ("2026-09-15", "2026-10-15", "2026-11-16")]
        cls.lines = cls.env["account.move.line"].union(*(cls.receivable(move) for move in cls.invoices))
        cls.make_limits()
        cls.Desk = cls.env["cobranca.proposal.desk"].with_user(cls.collector)
        cls.Proposal = cls.env["cobranca.proposal"].with_user(cls.collector)
        cls.env.flush_all()

    @classmethod
    def hold_the_clock(cls):
        clock = freeze_time(datetime.combine(TODAY, time(15)))
        clock.start()
        cls.addClassCleanup(clock.stop)

    @classmethod
    def make_limits(cls):
        """All of the fine and half of the interest; five installments by a collector, twelve at most."""
        cls.env["cobranca.offer.policy"].search([]).active = False
        cls.env.flush_all()  # one may be in force at a time
        cls.policy = cls.env["cobranca.offer.policy"].create(
            {"name": "Test", "active": True, "version_ids": [Command.create({"date_from": "2026-01-01"})]}
        )
        wide = {
            "fine_percent": 100,
            "interest_percent": 50,
            "max_count": 12,
            "min_installment": 50,
            "free_count": 3,
            "max_first_days": 10,
            "validity_days": 5,
        }
        cls.rule = cls.env["cobranca.offer.rule"].create(
            {"version_id": cls.policy.version_ids.id, "method": "price", "rate_percent": 1, **wide}
        )
        Authority = cls.env["cobranca.offer.authority"]
        Authority.search([]).unlink()
        for role, count in (("self_service", 3), ("collector", 5), ("supervisor", 8), ("manager", 12)):
            Authority.create({"role": role, **wide, "max_count": count})

    @classmethod
    def make_invoice(cls, amount, due, customer=None, **values):
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (customer or cls.bakery).id,
                "invoice_date": due,
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "Fee", "price_unit": amount, "quantity": 1, "tax_ids": [Command.clear()]})
                ],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def receivable(cls, move):
        return move.line_ids.filtered(lambda line: line.display_type == "payment_term")

    def on(self, day, hour=15):
        """A moment of a day, in UTC."""
        return freeze_time(datetime.combine(Date.to_date(day), time(hour)))

    def pay(self, line, amount, day):
        """Money of a bank on a day, matched with a debt."""
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        entry = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": day,
                "line_ids": [
                    Command.create({"account_id": journal.default_account_id.id, "debit": amount}),
                    Command.create(
                        {"account_id": line.account_id.id, "partner_id": line.partner_id.id, "credit": amount}
                    ),
                ],
            }
        )
        entry.action_post()
        (entry.line_ids.filtered("credit") + line).reconcile()
        return entry

    def open(self, lines=None, user=None, partner=None, counter_of=None):
        """The dialog as somebody opens it."""
        desk = self.Desk.with_user(user or self.collector)
        partner = self.bakery if partner is None else partner
        return desk.simulate_open(partner.id, (lines or self.lines.browse()).ids, counter_of and counter_of.id)

    def send(self, *keys, lines=None, channel="email", user=None, counter_of=None):
        """Proposals that a collector sends."""
        values = self.open(lines, user, counter_of=counter_of)["values"]
        places = [place for place, column in enumerate(values["columns"]) if column["key"] in (keys or ("short",))]
        known = self.env["cobranca.proposal"].search([])
        self.Desk.with_user(user or self.collector).send(values, places, channel)
        return self.env["cobranca.proposal"].search([("id", "not in", known.ids)], order="id")

    def ask(self, reason="Loyal for ten years"):
        """A proposal beyond the collector's authority, and its approval."""
        answer = self.Desk.fit(self.open()["values"], "600,00", FIRST)
        known = self.env["cobranca.proposal"].search([])
        self.Desk.ask_approval(answer["values"], 3, reason)
        proposal = self.env["cobranca.proposal"].search([("id", "not in", known.ids)])
        return proposal, proposal.approval_id

    def column(self, result, key):
        return next(column for column in result["columns"] if column["key"] == key)

    def texts(self, result, key, *rows):
        """What some cells of a column say."""
        cells = self.column(result, key)["cells"]
        return [cells[row]["text"] for row in rows]

    def mails(self):
        return self.env["mail.mail"].search([("model", "=", "res.partner"), ("res_id", "=", self.bakery.id)])

    def interactions(self, outcome):
        return self.env["cobranca.interaction"].search([("partner_id", "=", self.bakery.id), ("outcome", "=", outcome)])
