"""Methods for the process tests of the dunning ladder, added inside the worker processes."""


def add_to_engine():
    """Give the engine what the tests prepare a company and its debtors with."""
    # Not at the top: only a process with Odoo has it.
    from odoo.addons.cobranca_recorrente.models.cobranca_dunning_engine import CobrancaDunningEngine

    CobrancaDunningEngine.make_world_for_test = make_world_for_test
    CobrancaDunningEngine.pay_for_test = pay_for_test
    CobrancaDunningEngine._run_for_test = run_for_test
    CobrancaDunningEngine.poison_for_test = poison_for_test


def make_world_for_test(self, number, days_late, smtp_host, smtp_port):
    """A company that may send, an active ladder of two steps, and so many debtors with one late line each.

    :return: ids of the debtors
    """
    env = self.env
    company = env.company
    company.write({"email": "cobranca@example.com", "phone": "(11) 5555-0100", "vat": "11.222.333/0001-81"})
    company.partner_id.write({"street": "Rua das Flores, 10", "city": "São Paulo", "zip": "01000-000"})
    company.partner_id.state_id = env.ref("base.state_br_sp")
    env["ir.mail_server"].search([]).active = False
    env["ir.mail_server"].create(
        {"name": "Fake", "smtp_host": smtp_host, "smtp_port": smtp_port, "smtp_encryption": "none"}
    )
    env["cobranca.dunning.policy"].search([]).active = False
    make_ladder(env)
    return make_debtors(env, number, days_late)


def make_ladder(env):
    template = env["mail.template"].create(
        {
            "name": "Test",
            "model_id": env["ir.model"]._get_id("cobranca.message"),
            "subject": "Sobre a sua fatura",
            "body_html": "<p>Olá</p>",
        }
    )
    steps = [
        {
            "name": f"D+{days}",
            "days": days,
            "channel_ids": [(0, 0, {"channel": "email", "mail_template_id": template.id})],
        }
        for days in (3, 7)
    ]
    ladder = env["cobranca.dunning.policy"].create({"name": "Test", "level_ids": [(0, 0, step) for step in steps]})
    ladder.sudo().write({"state": "active", "date_from": env.company._cobranca_today()})


def make_debtors(env, number, days_late):
    from datetime import timedelta

    today = env.company._cobranca_today()
    run = env["res.partner"].search_count([("email", "like", "@late.example.com")])
    partners = env["res.partner"].create(
        [{"name": f"Devedor {run}-{place}", "email": f"d{run}-{place}@late.example.com"} for place in range(number)]
    )
    items = [
        (
            0,
            0,
            {
                "account_id": partner.property_account_receivable_id.id,
                "partner_id": partner.id,
                "balance": 100.0,
                "date_maturity": today - timedelta(days=days_late),
            },
        )
        for partner in partners
    ]
    income = env.company.cobranca_service_account_id
    other = (0, 0, {"account_id": income.id, "balance": -100.0 * number})
    move = env["account.move"].create(
        {"move_type": "entry", "date": today - timedelta(days=days_late + 10), "line_ids": [*items, other]}
    )
    move.action_post()
    move.line_ids.no_followup = False
    return partners.ids


def pay_for_test(self, partner_ids):
    """All that these debtors owe is paid."""
    env = self.env
    lines = env["account.move.line"].search(
        [
            ("partner_id", "in", partner_ids),
            ("account_id.account_type", "=", "asset_receivable"),
            ("reconciled", "=", False),
        ]
    )
    income = env.company.cobranca_service_account_id
    for line in lines:
        credit = {"account_id": line.account_id.id, "partner_id": line.partner_id.id, "balance": -line.balance}
        move = env["account.move"].create(
            {
                "move_type": "entry",
                "date": env.company._cobranca_today(),
                "line_ids": [(0, 0, credit), (0, 0, {"account_id": income.id, "balance": line.balance})],
            }
        )
        move.action_post()
        (move.line_ids.filtered(lambda item, account=line.account_id: item.account_id == account) + line).reconcile()


def run_for_test(self):
    """Claim the steps of today in one transaction."""
    self._run(self.env.company, self.env.company._cobranca_today())


def poison_for_test(self, partner_id):
    """From now on this process cannot write the message of one debtor."""
    Message = type(self.env["cobranca.message"])
    original = Message._render_texts

    def render(messages, *arguments, **options):
        if partner_id in messages.partner_id.ids:
            raise ZeroDivisionError("poison")
        return original(messages, *arguments, **options)

    Message._render_texts = render


def die_after_mail(number):
    """Let this process kill itself right after the mail server took its n-th mail, before anything is committed."""
    import os
    import signal

    from odoo.addons.base.models.ir_mail_server import IrMail_Server

    mails = iter(range(1, number + 1))
    original = IrMail_Server.send_email

    def send_email(self, *arguments, **options):
        result = original(self, *arguments, **options)
        if next(mails) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    IrMail_Server.send_email = send_email
