from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple
from urllib.parse import urlencode

from odoo import models
from odoo.exceptions import UserError
from odoo.http import request

from ..models.cobranca_payment_quote import Wanted
from ..tools import receipt_file, told, visitors
from .payment_papers import HEADERS, PaymentPapers

CLAIMS_A_DAY = 5
# Each other choice on the page is an amount of its own, which is kept.
CHOICES_A_DAY = 200
MOST_LINES = 500
HIGHEST = 10**12
# Three receipts and the form around them.
LARGEST_FORM = receipt_file.MOST_FILES * receipt_file.MOST_BYTES + 512 * 1024
PERSON_KEY = "cobranca_person"
# What a visitor has just done.
NOTICES = ("recebido", "lembrete", "duvida", "contestado")


class Visit(NamedTuple):
    """Whose page is seen, and of which payments; `path` is where its addresses begin.

    `scope`: of which lines what was paid is shown; None: of all of the customer.
    """

    company: models.BaseModel
    debtor: models.BaseModel
    lines: models.BaseModel
    path: str
    is_link: bool
    valid_until: str = ""
    scope: models.BaseModel | None = None

    @property
    def key(self):
        """By whom attempts are counted."""
        return f"{self.company.id}.{self.debtor.id}"


class Choice(NamedTuple):
    """What a visitor wants to pay: ids as the browser sends them, and a part of the amount.

    `lines`: None while nothing was chosen; `amount`: None for all that these cost, 0 for what is no amount.
    """

    lines: list | None
    amount: Decimal | None
    typed: str = ""

    @property
    def is_given(self):
        """Did the visitor choose anything?"""
        return self.lines is not None or self.amount is not None


def read_ids(values):
    """The ids among some texts of a form."""
    return [int(text) for text in values[:MOST_LINES] if text.isascii() and text.isdigit() and len(text) < 19]


class PaymentPages(PaymentPapers):
    """The pages of open payments, however one came to them. The model chooses what is shown."""

    def _render_open_payments(self, visit, notice=None):
        Page = request.env["cobranca.debt.page"]
        choice = self._read_choice(request.httprequest.args)
        memos = self._get_memos(visit)
        read = Page._read(visit.company, visit.lines)
        shown = Page._get_page(visit.company, visit.debtor, visit.lines, memos, choice.lines, read)
        values = {
            "shown": shown,
            "notice": notice if notice in NOTICES else "",
            "typed": choice.typed,
            "offer": self._get_offer(visit, shown["chosen"], choice, read.debts),
            "paid": Page._prepare_paid(Page._get_paid(visit.company, visit.debtor, visit.scope)),
            "may_choose_day": bool(request.env["cobranca.payment.reminder"]._get_days(visit.company)),
            "answer": Page._day(visit.debtor.env, request.env["cobranca.payment.doubt"]._get_deadline(visit.company)),
        }
        return self._render_visit("payments_page", visit, values)

    def _get_memos(self, visit):
        """Charges that stayed open of paid invoices are of who is logged in, not of a link."""
        if visit.is_link:
            return None
        today = visit.company._cobranca_today()
        return visit.debtor.env["cobranca.charge"]._search_memos(visit.company, today, visit.debtor)

    # --- what is to be paid, and how ---

    def _read_choice(self, form):
        """What was chosen on the page.

        :param form: werkzeug MultiDict
        :return: Choice
        """
        is_chosen = "escolha" in form or "pagamento" in form
        typed = form.get("valor", "")[:20].strip()
        amount = told.amount(typed)
        if amount is not None:
            # What no customer owes is refused all the same.
            amount = Decimal(str(min(amount, HIGHEST))).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return Choice(read_ids(form.getlist("pagamento")) if is_chosen else None, amount, typed)

    def _get_offer(self, visit, chosen, choice, debts):
        """The means by which the chosen amount can be paid; nothing is kept for who only looks.

        :param list chosen: ids of lines
        :param dict debts: {account.move.line: tools.debt.Debt} of today
        :return: dict: amount, means, error, is_waiting (until a person asks for them), is_part
        """
        offer = {"amount": "", "means": [], "error": "", "is_waiting": False, "is_part": False}
        lines = visit.lines.filtered(lambda line: line.id in chosen)
        if not lines:
            return offer
        if not self._is_person(visit):
            return {**offer, "is_waiting": True}
        Attempt = request.env["cobranca.attempt"]
        if choice.is_given:
            if Attempt._is_over("choice", visit.key, CHOICES_A_DAY, hours=24):
                return {**offer, "error": request.env._("Please speak with us: you have chosen very often today.")}
            Attempt._count("choice", visit.key)
        wanted = Wanted(visit.company, visit.debtor, lines, "page", choice.amount)
        try:
            [quote] = lines.env["cobranca.payment.quote"]._make_all([wanted], debts)
        except UserError as refused:
            return {**offer, "error": str(refused)}
        return self._show_offer(visit, offer, quote) if quote else offer

    def _show_offer(self, visit, offer, quote):
        """What is paid now and by which means."""
        given = {name: getattr(visit, name) for name in ("path", "is_link", "company", "debtor")}
        means = visit.lines.env["cobranca.payment.method"]._get_means(quote, given)
        return {
            **offer,
            "amount": quote.currency_id.format(quote.amount),
            "is_part": quote.currency_id.compare_amounts(quote.amount, quote.total) < 0,
            "means": [
                {"code": item["code"], "html": self._render_mean(item, visit)}
                for item in sorted(means, key=lambda item: (item["sequence"], item["code"]))
            ],
        }

    def _render_mean(self, mean, visit):
        """What a means puts into the page: its template, which finds its own values by their names."""
        values = {"path": visit.path, "is_link": visit.is_link, **mean["values"]}
        return visit.lines.env["ir.ui.view"]._render_template(mean["template"], {**values, "request": request})

    def _is_person(self, visit):
        """Does somebody look at the page, or a program that opens the links of a mail?"""
        headers = request.httprequest.headers
        purpose = "".join(headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
        if request.httprequest.method == "HEAD" or purpose:
            return False
        is_known = not visit.is_link or request.session.get(PERSON_KEY) or request.session.get("cobranca_shown")
        return bool(is_known) or visitors.is_browser(headers.get("User-Agent"))

    def _show_means(self, visit):
        """A person has pressed the button that asks for the means: back to the page with the same choice."""
        request.session[PERSON_KEY] = True
        choice = self._read_choice(request.httprequest.form)
        query = [("escolha", "1"), *(("pagamento", line) for line in choice.lines or ())]
        query += [("valor", choice.typed)] if choice.typed else []
        return request.redirect(f"{visit.path}?{urlencode(query)}#payments_means", code=303)

    # --- "I have paid" ---

    def _render_claim_form(self, visit, typed=None, error=""):
        """The form “I have paid”, with what was typed and what was wrong with it."""
        Page = request.env["cobranca.debt.page"]
        shown = Page._get_page(visit.company, visit.debtor, visit.lines)
        if not shown["can_claim"]:
            return request.redirect(visit.path, code=303)
        choices = [row for row in shown["rows"] if row["can_claim"]]
        values = {
            "shown": shown,
            "form": Page._get_claim_form(visit.company, visit.lines),
            "choices": choices,
            "typed": typed or {"lines": [choices[0]["id"]] if len(choices) == 1 else []},
            "error": error,
        }
        return self._render_visit("payments_claim", visit, values)

    def _save_claim(self, visit):
        """Take what was told; only the named values are read, and of the lines only those of this page."""
        typed = self._read_claim()
        Attempt = request.env["cobranca.attempt"]
        lines = visit.lines.filtered(lambda line: line.id in typed["lines"])
        if not lines:
            return self._render_claim_form(visit, typed, request.env._("Choose what you paid."))
        if Attempt._is_over("claim", visit.key, CLAIMS_A_DAY, hours=24):
            return self._render_claim_form(
                visit, typed, request.env._("You told us of several payments today. Please write to us or call.")
            )
        try:
            Claim = request.env["cobranca.payment.claim"].with_context(lang=lines.env.lang)
            Claim._record(lines, typed["day"], typed["means"], typed["amount"], typed["note"], typed["files"])
        except UserError as refused:
            return self._render_claim_form(visit, typed, str(refused))
        Attempt._count("claim", visit.key)
        return request.redirect(f"{visit.path}?aviso=recebido", code=303)

    def _read_claim(self):
        """What the form “I have paid” says, as values; what cannot be read is None."""
        form = request.httprequest.form
        return {
            "lines": read_ids(form.getlist("pagamento")),
            "day": told.day(form.get("quando", "")),
            "quando": form.get("quando", "")[:10],
            "means": form.get("como", "")[:20],
            "amount": told.amount(form.get("valor", "")),
            "valor": form.get("valor", "")[:20],
            "note": form.get("observacao", ""),
            "files": self._read_files(),
        }

    def _read_files(self):
        """The files of a form, each read up to one byte more than is allowed: list of (name, bytes)."""
        files = request.httprequest.files.getlist("comprovante")
        sent = [file for file in files[: receipt_file.MOST_FILES + 1] if file.filename]
        return [(file.filename or "", file.stream.read(receipt_file.MOST_BYTES + 1)) for file in sent]

    # --- rendering ---

    def _render_visit(self, template, visit, values):
        layout = {} if visit.is_link else self._prepare_portal_layout_values()
        own = {"path": visit.path, "is_link": visit.is_link, "valid_until": visit.valid_until}
        values = {**layout, "page_name": "cobranca_payments", **values, **own}
        return self._render_payments(template, values, visit.company)

    def _render_payments(self, template, values, company=None, status=200):
        """A page that nobody keeps, indexes or frames.

        :param str template: of this addon, or with the name of the addon that has it
        """
        shown = {"is_link": True, "creditor": {}, **values}
        if company:
            shown["res_company"] = company
        name = template if "." in template else f"cobranca_recorrente.{template}"
        return request.render(name, shown, status=status, headers=list(HEADERS.items()))

    def _render_blocked(self, company=None):
        creditor = request.env["cobranca.debt.page"]._get_creditor(company) if company else {}
        values = {"kind": "blocked", "creditor": creditor}
        response = self._render_payments("payments_closed", values, company, status=429)
        response.headers["Retry-After"] = "3600"
        return response
