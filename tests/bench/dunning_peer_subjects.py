"""What a peer does in the section `dunning`; run by child.py inside Odoo.

Only what its users press: a run, its lines, "ready", "run channel action"; the last commit hands the
mails over.
"""

from odoo.fields import Date

from bench import dunning_mail
from bench.debts import make_debts
from bench.mail_sink import MailSink
from bench.meter import Growth

POLICY = "account_credit_control.credit_control_3_time"


def prepare_peer(env, number):
    """Debtors with three late invoices each, and the addon's shipped policy of three steps, made usable."""
    customer, _invoice = make_debts(env, number)
    dunning_mail.make_server(env)
    policy = env.ref(POLICY)
    # It ships without accounts, and finds nothing until it has some.
    policy.account_ids = customer.property_account_receivable_id
    # Its PDF would cost more than all the rest together.
    policy.level_ids.email_template_id.report_template_ids = False
    env.company.email = "financeiro@example.com"


def run_peer(env, number):
    """Its whole cycle.

    :return: dict of what there is afterwards
    """
    with MailSink() as sink:
        dunning_mail.use_server(env, sink)
        with Growth() as memory:
            lines = send(env)
    return dunning_mail.checked(sink, number) | {"lines": lines, dunning_mail.GROWTH: memory.mb}


def send(env):
    """What is pressed one after another, each a transaction of its own.

    :return: number of its lines
    """
    run = env["credit.control.run"].create({"date": Date.context_today(env.user)})
    for press in ("generate_credit_lines", "set_to_ready_lines", "run_channel_action"):
        getattr(run, press)()
        env.cr.commit()
        env.invalidate_all()
    return len(run.line_ids)


def count_messages(env, number):
    """Communications whose lines were all sent."""
    env.invalidate_all()
    sent = env["credit.control.communication"].search([("credit_control_line_ids.state", "=", "sent")])
    return len(sent.filtered(lambda found: set(found.credit_control_line_ids.mapped("state")) == {"sent"}))
