import re

from odoo import fields, http
from odoo.http import request
from odoo.tools import consteq
from odoo.tools.misc import format_date

from ..models.cobranca_debt_link import PATH
from .payment_pages import LARGEST_FORM, Visit
from .payment_ways import PaymentWays

BAD_LINKS_AN_HOUR = 30
BAD_DIGITS_A_DAY = 5
NEW_LINKS_A_DAY = 3
SHOWN_HOURS = 24
SESSION_KEY = "cobranca_shown"
# A page below the address of a link, such as /negociar or /acordos/7.
PAGE = re.compile(r"(/[a-z0-9-]{1,30}){1,4}", re.ASCII)


class PaymentLink(PaymentWays, http.Controller):
    """What a signed link opens, without a login: those payments and nothing else."""

    @http.route(f"{PATH}/<string:token>", type="http", auth="public", website=True, multilang=False, methods=["GET"])
    def portal_link(self, token, aviso=None, **kwargs):
        """The payments of a link."""
        visit, answer = self._enter(token)
        return answer or self._render_open_payments(visit, aviso)

    @http.route(f"{PATH}/<string:token>", type="http", auth="public", website=True, multilang=False, methods=["POST"])
    def portal_link_document(self, token, digitos=None, **kwargs):
        """Take the first digits of the CPF, which who has the link must know, and go on to what was asked for."""
        visit, answer = self._enter(token, typed=digitos if isinstance(digitos, str) else "")
        return answer or request.redirect(visit.path + self._get_wanted(visit.path), code=303)

    @http.route(
        f"{PATH}/<string:token>/ja-paguei",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        methods=["GET"],
    )
    def portal_link_claim(self, token, **kwargs):
        """The form of who has paid what a link shows."""
        visit, answer = self._enter(token)
        return answer or self._render_claim_form(visit)

    @http.route(
        f"{PATH}/<string:token>/ja-paguei",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        methods=["POST"],
        max_content_length=LARGEST_FORM,
    )
    def portal_link_claim_send(self, token, **kwargs):
        """Write down that payments of a link are paid."""
        visit, answer = self._enter(token)
        return answer or self._save_claim(visit)

    @http.route(
        f"{PATH}/<string:token>/fatura/<int:line_id>",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        methods=["GET"],
    )
    def portal_link_pdf(self, token, line_id, **kwargs):
        """The invoice of one payment of a link."""
        visit, answer = self._enter(token)
        return answer or self._send_invoice_pdf(visit, line_id)

    @http.route(
        f"{PATH}/<string:token>/pagar",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        methods=["POST"],
    )
    def portal_link_means(self, token, **kwargs):
        """The means of payment, for who asks for them."""
        visit, answer = self._enter(token)
        return answer or self._show_means(visit)

    @http.route(
        f"{PATH}/<string:token>/outro-dia",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        methods=["GET"],
    )
    def portal_link_day(self, token, **kwargs):
        """The form of who chooses the day of his reminder."""
        visit, answer = self._enter(token)
        return answer or self._render_day_form(visit)

    @http.route(
        f"{PATH}/<string:token>/outro-dia",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        methods=["POST"],
    )
    def portal_link_day_send(self, token, **kwargs):
        """Write down which day was chosen."""
        visit, answer = self._enter(token)
        return answer or self._save_day(visit)

    @http.route(
        f"{PATH}/<string:token>/duvida",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        methods=["GET"],
    )
    def portal_link_doubt(self, token, **kwargs):
        """The form of who has a question."""
        visit, answer = self._enter(token)
        return answer or self._render_doubt_form(visit)

    @http.route(
        f"{PATH}/<string:token>/duvida",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        methods=["POST"],
        max_content_length=LARGEST_FORM,
    )
    def portal_link_doubt_send(self, token, **kwargs):
        """Write down what is asked."""
        visit, answer = self._enter(token)
        return answer or self._save_doubt(visit)

    @http.route(
        f"{PATH}/<string:token>/recibo/<int:line_id>",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        methods=["GET"],
    )
    def portal_link_receipt(self, token, line_id, **kwargs):
        """The receipt of one payment of a link."""
        visit, answer = self._enter(token)
        return answer or self._send_receipt(visit, line_id)

    @http.route(
        f"{PATH}/<string:token>/novo-link",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        methods=["POST"],
    )
    def portal_link_again(self, token, **kwargs):
        """A new link by the registered e-mail; the answer is the same, whether or not there is one."""
        Link, Attempt = request.env["cobranca.debt.link"], request.env["cobranca.attempt"]
        opened = Link._open(token)
        if not opened:
            return self._refuse()
        self._speak_to(opened.debtor)
        if not opened.is_expired:
            return request.redirect(f"{PATH}/{token}", code=303)
        key = f"{opened.company.id}.{opened.debtor.id}"
        if not Attempt._is_over("new_link", key, NEW_LINKS_A_DAY, hours=24):
            Attempt._count("new_link", key)
            request.env["cobranca.debt.link"]._send_new_link(opened)
        return self._render_expired(opened, token, is_sent=True)

    def _enter(self, token, typed=None):
        """What a link opens, or what is answered instead.

        :param str typed: first digits of the CPF; None: none were sent
        :return: (Visit, None) or (None, response)
        """
        Link = request.env["cobranca.debt.link"]
        opened = Link._open(token)
        if not opened:
            return None, self._refuse()
        self._speak_to(opened.debtor)
        if opened.is_expired:
            return None, self._render_expired(opened, token)
        is_asked = Link._asks_document(opened) and not self._is_shown_to(opened)
        if is_asked and (answer := self._ask_document(opened, token, typed)):
            return None, answer
        lang = request.env.context.get("lang")
        company, debtor, lines = (records.with_context(lang=lang) for records in opened[:3])
        still_open = request.env["cobranca.debt.page"]._get_still_open(company, lines)
        last = format_date(lines.env, opened.link.expires)
        return Visit(company, debtor, still_open, f"{PATH}/{token}", True, last, lines), None

    def _speak_to(self, debtor):
        """Pages of a link are in the customer's language, whatever the browser's is."""
        if debtor.lang:
            request.update_context(lang=debtor.lang)
            request.lang = request.env["res.lang"]._get_data(code=debtor.lang)

    # --- guards ---

    def _refuse(self):
        """What is no link: a page that tells nothing, and the count of who guesses."""
        Attempt, address = request.env["cobranca.attempt"], request.httprequest.remote_addr
        if Attempt._is_over("link", address, BAD_LINKS_AN_HOUR):
            return self._render_blocked()
        Attempt._count("link", address)
        return self._render_payments("payments_closed", {"kind": "unknown"}, status=404)

    def _ask_document(self, opened, token, typed):
        """The question for the first digits; None once they are right, which the session remembers."""
        Attempt, key = request.env["cobranca.attempt"], f"{opened.company.id}.{opened.debtor.id}"
        if Attempt._is_over("document", key, BAD_DIGITS_A_DAY, hours=24):
            return self._render_blocked(opened.company)
        if typed is not None:
            digits = request.env["cobranca.debt.link"]._get_digits(opened.debtor)
            if consteq("".join(filter(str.isdecimal, typed[:20])).encode(), digits.encode()):
                self._remember_shown(opened)
                return None
            Attempt._count("document", key)
        path = f"{PATH}/{token}"
        values = {
            "creditor": request.env["cobranca.debt.page"]._get_creditor(opened.company),
            "path": path,
            "wanted": self._get_wanted(path),
            "is_wrong": typed is not None,
        }
        return self._render_payments("payments_question", values, opened.company)

    def _get_wanted(self, path):
        """:return: str, which page of the link at a path is wanted, below that path; empty: its first one"""
        sent = request.httprequest
        wanted = sent.form.get("pagina", "") if sent.method == "POST" else sent.path.removeprefix(path)
        return wanted if PAGE.fullmatch(wanted) else ""

    def _is_shown_to(self, opened):
        """Did this browser tell the digits within the last day?"""
        told = request.session.get(SESSION_KEY) or {}
        since = fields.Datetime.subtract(fields.Datetime.now(), hours=SHOWN_HOURS)
        return told.get(self._get_session_name(opened), "") >= fields.Datetime.to_string(since)

    def _remember_shown(self, opened):
        told = dict(list((request.session.get(SESSION_KEY) or {}).items())[-9:])
        told[self._get_session_name(opened)] = fields.Datetime.to_string(fields.Datetime.now())
        request.session[SESSION_KEY] = told

    def _get_session_name(self, opened):
        return f"{opened.company.id}.{opened.debtor.id}.{opened.link.version}"

    def _render_expired(self, opened, token, is_sent=False):
        creditor = request.env["cobranca.debt.page"]._get_creditor(opened.company)
        values = {"kind": "sent" if is_sent else "expired", "creditor": creditor, "path": f"{PATH}/{token}"}
        return self._render_payments("payments_closed", values, opened.company, status=200 if is_sent else 410)
