from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.cobranca_recorrente.controllers.payment_pages import CHOICES_A_DAY, PERSON_KEY

from .link_guard import LinkGuard


class AgreementPages(LinkGuard):
    """The pages of agreements, however one came to them. The model chooses what is shown."""

    def _get_agreements_path(self, visit):
        """Where the addresses of agreements begin."""
        return f"{visit.path}/acordos"

    def _get_agreements(self, visit):
        """The agreements of this visit: all of who is logged in, those of its payments of a link."""
        return request.env["cobranca.agreement.page"]._get_agreements(
            visit.company, visit.debtor, self._get_scope(visit)
        )

    def _find_agreement(self, visit, agreement_id):
        return self._get_agreements(visit).filtered(lambda item: item.id == agreement_id)

    def _render_visit(self, template, visit, values):
        own = {"agreements_path": self._get_agreements_path(visit)}
        if template == "payments_page":
            own["agreements"] = request.env["cobranca.agreement.page"]._get_list(self._get_agreements(visit))
            own["has_open_agreement"] = any(row["open"] for row in own["agreements"])
        return super()._render_visit(template, visit, {**own, **values})

    def _render_agreement_page(self, template, visit, values):
        titled = {"page_name": "cobranca_agreements", "page_title": request.env._("Agreements"), **values}
        return self._render_visit(f"cobranca_negociacao.{template}", visit, titled)

    def _render_unknown(self):
        """What is not his, or is not there: the same answer."""
        return self._render_payments("payments_closed", {"kind": "unknown"}, status=404)

    # --- pages ---

    def _render_agreements(self, visit):
        """All agreements of a visit, and the letters that he may have."""
        Page, agreements = request.env["cobranca.agreement.page"], self._get_agreements(visit)
        letters = Page._find_letters(visit.company, visit.debtor, agreements if visit.is_link else None)
        values = {
            "agreements": Page._get_list(agreements),
            "letters": Page._prepare_letters(letters),
            "creditor": request.env["cobranca.debt.page"]._get_creditor(visit.company),
        }
        return self._render_agreement_page("agreements_page", visit, values)

    def _render_agreement(self, visit, agreement_id):
        """One agreement."""
        agreement = self._find_agreement(visit, agreement_id)
        if not agreement:
            return self._render_unknown()
        shown = request.env["cobranca.agreement.page"]._get_page(agreement, visit.lines)
        return self._render_agreement_page("agreement_page", visit, {"shown": shown, "creditor": shown["creditor"]})

    # --- paying it off ---

    def _ask_pay_off(self, visit, agreement_id):
        """A person has pressed the button: the same page, with the code of this amount."""
        request.session[PERSON_KEY] = True
        return request.redirect(f"{self._get_agreements_path(visit)}/{agreement_id}/quitar", code=303)

    def _render_pay_off(self, visit, agreement_id):
        """What it takes to be done with an agreement today, and how to pay exactly that."""
        agreement = self._find_agreement(visit, agreement_id)
        if not agreement:
            return self._render_unknown()
        shown = request.env["cobranca.agreement.page"]._get_page(agreement, visit.lines)
        if not shown["pay_off"]:
            return request.redirect(f"{self._get_agreements_path(visit)}/{agreement.id}", code=303)
        is_person = self._is_person(visit)
        means, error = self._get_pay_off_means(visit, agreement) if is_person else ([], "")
        values = {
            "shown": shown,
            "creditor": shown["creditor"],
            "means": means,
            "error": error,
            "is_waiting": not is_person,
        }
        return self._render_agreement_page("agreement_pay_off", visit, values)

    def _get_pay_off_means(self, visit, agreement):
        """How exactly what it takes is paid: each means knows what is not owed any more on this day.

        :return: (list of HTML, what was wrong)
        """
        Attempt = request.env["cobranca.attempt"]
        if Attempt._is_over("choice", visit.key, CHOICES_A_DAY, hours=24):
            return [], request.env._("Please speak with us: you have chosen very often today.")
        Attempt._count("choice", visit.key)
        try:
            quote = agreement.env["cobranca.payment.quote"]._make_pay_off(agreement)
        except UserError as refused:
            return [], str(refused)
        if not quote:
            return [], ""
        given = {name: getattr(visit, name) for name in ("path", "is_link", "company", "debtor")}
        means = agreement.env["cobranca.payment.method"]._get_means(quote, given)
        means = sorted(means, key=lambda item: (item["sequence"], item["code"]))
        return [self._render_mean(item, visit) for item in means], ""

    # --- papers ---

    def _send_term(self, visit, agreement_id):
        """The paper that was accepted, byte for byte."""
        agreement = self._find_agreement(visit, agreement_id)
        acceptance = request.env["cobranca.agreement.page"]._find_term(agreement) if agreement else None
        if not acceptance:
            return self._render_unknown()
        name = f"{agreement.name.replace('/', '-')}.pdf"
        return self._ask_whole_document(visit) or self._send_pdf(name, acceptance.attachment_id.raw)

    def _send_receipt(self, visit, line_id):
        """That of an installment is with its agreement, however it was asked for."""
        items = self._get_agreements(visit).installment_ids.filtered(lambda item: item.line_id.id == line_id)
        if not items:
            return super()._send_receipt(visit, line_id)
        path = f"{self._get_agreements_path(visit)}/{items[0].agreement_id.id}/recibo/{line_id}"
        return request.redirect(path, code=303)

    def _send_installment_receipt(self, visit, agreement_id, line_id):
        """The receipt of an installment that is paid, however long ago."""
        items = self._find_agreement(visit, agreement_id).installment_ids
        item = items.filtered(lambda item: item.line_id.id == line_id and item.state == "paid")
        if not item:
            return self._render_unknown()
        if answer := self._ask_whole_document(visit) or self._count_pdf(visit):
            return answer
        try:
            content = request.env["cobranca.debt.page"]._make_receipt(visit.company, visit.debtor, item.line_id)
        except UserError:
            return self._render_payments("payments_closed", {"kind": "later"}, visit.company, status=503)
        return self._send_pdf(f"{item.display_name.replace('/', '-')}.pdf", content)

    def _send_letter(self, visit, quittance_id):
        """A letter of quittance, as it was issued."""
        agreements = self._get_agreements(visit) if visit.is_link else None
        letters = request.env["cobranca.agreement.page"]._find_letters(visit.company, visit.debtor, agreements)
        letter = letters.filtered(lambda item: item.id == quittance_id and item.attachment_id)
        if not letter:
            return self._render_unknown()
        name = f"{letter.name.replace('/', '-')}.pdf"
        return self._ask_whole_document(visit) or self._send_pdf(name, letter.attachment_id.raw)
