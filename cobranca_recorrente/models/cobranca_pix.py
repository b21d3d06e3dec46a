import base64
import logging
from decimal import Decimal

from markupsafe import Markup
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

from odoo import api, models
from odoo.tools.misc import format_date

from ..tools import pix

_logger = logging.getLogger(__name__)

METHOD, REAL = "emv_qr", "BRL"
# Of the means on the page, from the first on.
SEQUENCE = 10
# Light squares that a camera needs around a QR code.
MARGIN = 4


class CobrancaPix(models.AbstractModel):
    """Codes by which a quote is paid with Pix. Odoo makes their text; one that no bank would take is not shown.

    A static code: it is worth the amount of its day, and its reference (txid) comes back in the bank statement.
    """

    _name = "cobranca.pix"
    _description = "Pix Codes of Quotes"

    # === BUSINESS METHODS === #

    @api.model
    def _get_means(self, quote):
        """Pix on the page: it comes first, costs nothing and is in the statement of the same day.

        :return: list of one dict as of `cobranca.payment.method`; empty where nothing is paid so
        """
        code = self._get_code(quote)
        if not code:
            return []
        company = quote.company_id
        shown = self._get_values(code, company, quote.amount, quote.date, company._cobranca_today())
        # Texts of scripts: pages without a login load no translations of ours.
        shown["copied"] = self.env._("Code copied. Open your bank's app and choose “Pix copy and paste”.")
        shown["by_hand"] = self.env._("Select the code below and copy it.")
        return [
            {
                "code": "pix",
                "sequence": SEQUENCE,
                "template": "cobranca_recorrente.payments_means_pix",
                "values": {"pix": {**shown, "svg": self._get_svg(code)}},
            }
        ]

    @api.model
    def _get_code(self, quote):
        """The text that a payer copies into his bank.

        :param quote: cobranca.payment.quote
        :return: str, empty where the company has no key or nothing is to be paid in reais
        """
        return self._get_codes(quote)[quote]

    @api.model
    def _get_codes(self, quotes):
        """The same for many; the account is read once for each company.

        :return: {cobranca.payment.quote: str}
        """
        codes = dict.fromkeys(quotes, "")
        for company, own in quotes.grouped("company_id").items():
            account = company._cobranca_get_pix_account().with_context(cobranca_pix_reference=True)
            for quote in own if account else own.browse():
                if quote.currency_id.name == REAL and quote.amount > 0:
                    codes[quote] = self._make_code(account, quote)
        return codes

    @api.model
    def _make_code(self, account, quote):
        """The text of one code, read again before anybody pays by it."""
        code = account._get_qr_vals(METHOD, quote.amount, quote.currency_id, quote.partner_id, quote.txid, "")
        wanted = (account._cobranca_get_pix_key(), Decimal(f"{quote.amount:.2f}"), quote.txid)
        try:
            found = pix.parse(code)
        except ValueError as error:
            _logger.error("The Pix code of quote %s is wrong: %s", quote.id, error)
            return ""
        if (found.key, found.amount, found.txid) != wanted or not found.city:
            _logger.error("The Pix code of quote %s does not say what it should.", quote.id)
            return ""
        return code

    @api.model
    def _get_svg(self, text):
        """A code as a picture that needs no bitmap, black on white, with its margin.

        :param str text: of a code; empty: no picture
        :return: Markup
        """
        if not text:
            return Markup()
        code = QRCode(None, QRErrorCorrectLevel.M)
        code.addData(text)
        code.make()
        size = code.getModuleCount()
        path = pix.svg_path([[code.isDark(row, column) for column in range(size)] for row in range(size)])
        side = size + 2 * MARGIN
        return Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="%s %s %s %s" width="100%%" height="100%%" '
            'shape-rendering="crispEdges" role="img" aria-label="%s">'
            '<rect x="%s" y="%s" width="%s" height="%s" fill="#ffffff"/><path d="%s" fill="#000000"/></svg>'
        ) % (
            *(-MARGIN, -MARGIN, side, side),
            self.env._("QR Code for Pix"),
            *(-MARGIN, -MARGIN, side, side),
            path,
        )

    @api.model
    def _get_picture(self, text):
        """The same picture for paper.

        :return: data URI
        """
        return f"data:image/svg+xml;base64,{base64.b64encode(self._get_svg(text).encode()).decode()}"

    @api.model
    def _get_values(self, code, company, amount, date, today=None):
        """What is shown beside a code, in the language of the environment.

        :param str code: as of :meth:`_get_codes`
        :param date date: until whose end the amount is right
        :param date today: where “today” is said of it; None: on paper and in mails, which are read later
        :return: dict(code, amount, worth, receiver); texts
        """
        shown = company.currency_id.with_env(self.env).format(amount)
        bold = Markup('<span style="font-weight: bold;">%s</span>')  # no mark of it in the plain text of an e-mail
        values = {"amount": bold % shown, "day": format_date(self.env, date)}
        # “Ltda.” may stand at the end of a sentence.
        holder = company._cobranca_get_pix_account()._cobranca_get_holder().rstrip(".")
        is_today = date == today
        return {
            "code": code,
            "amount": shown,
            "worth": self.env._("Worth %(amount)s until today, 11:59 pm.", **values)
            if is_today
            else self.env._("Worth %(amount)s until %(day)s, 11:59 pm.", **values),
            "receiver": self.env._("%(creditor)s receives it. Check the name in your bank.", creditor=bold % holder),
        }
