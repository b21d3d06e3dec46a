"""What the tests of acceptances and quittances add inside of a worker (see `Worker.inject`)."""

DIGITS = "123456"


def add_to_codes():
    """Give the registers methods that a test can call from another process; no mail leaves, no browser prints."""
    # Not at the top: only a process with Odoo has it.
    from odoo.addons.cobranca_negociacao.models.cobranca_acceptance import CobrancaAcceptance
    from odoo.addons.cobranca_negociacao.models.cobranca_acceptance_code import CobrancaAcceptanceCode
    from odoo.addons.cobranca_negociacao.models.cobranca_paper import CobrancaPaper
    from odoo.addons.cobranca_negociacao.models.cobranca_quittance import CobrancaQuittance
    from odoo.addons.cobranca_negociacao.tools import one_time_code

    one_time_code.new_code = lambda: DIGITS
    CobrancaAcceptanceCode._send_by_email = lambda _code, _digits: None
    CobrancaAcceptanceCode.send_for_test = send
    CobrancaAcceptanceCode.verify_for_test = verify
    CobrancaAcceptance.accept_for_test = accept
    CobrancaPaper._render_paper = lambda _model, _report, _values, label: make_pdf(label)
    CobrancaQuittance.issue_for_test = issue
    CobrancaQuittance.make_paid_for_test = make_paid


def make_pdf(text):
    return b"%%PDF-1.4 %s %%%%EOF" % str(text).encode()


def send(self, partner_id, text):
    purpose = self.env["cobranca.paper"]._hash(make_pdf(text))
    return self._send(self.env.company, self.env["res.partner"].browse(partner_id), purpose, "email").ids


def verify(self, partner_id, text, typed):
    """:return: whether the code is right, and how many tries are left"""
    purpose = self.env["cobranca.paper"]._hash(make_pdf(text))
    verdict = self._verify(self.env.company, self.env["res.partner"].browse(partner_id), purpose, typed)
    return [bool(verdict.code), verdict.left]


def accept(self, partner_id, text, code_id):
    """Accept a paper by a code."""
    partner = self.env["res.partner"].browse(partner_id)
    code = self.env["cobranca.acceptance.code"].browse(code_id)
    company, content = self.env.company, make_pdf(text)
    return self._record(company, partner, partner, content, "portal", partner.name, partner.vat, code=code).ids


def make_paid(self, partner_id):
    """An invoice of a customer that is paid.

    :return: id
    """
    move = self.env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner_id,
            "invoice_line_ids": [(0, 0, {"name": "Mensalidade", "price_unit": 100.0, "tax_ids": [(5, 0, 0)]})],
        }
    )
    move.action_post()
    wizard = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=move.ids)
    wizard.create({}).action_create_payments()
    return move.id


def issue(self, move_id):
    return self._issue_for_move(self.env["account.move"].browse(move_id)).ids
