from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date


class CobrancaAgreementPage(models.AbstractModel):
    """What a customer sees of his agreements: plain values that these methods choose, never records.

    The callers say whose page it is; records come with the rights of the system, in the customer's language.
    """

    _name = "cobranca.agreement.page"
    _description = "Page of Agreements"
    _inherit = ["cobranca.agreement.page.words"]

    # === BUSINESS METHODS === #

    @api.model
    def _get_agreements(self, company, debtor, lines=None):
        """The agreements that a page may show, the newest first; what was signed by mistake is not shown.

        :param debtor: res.partner, the commercial one
        :param lines: account.move.line that a link opens or opened: the agreements of which these are installments or
            debts, and those that took their place; None: all of the customer
        :return: cobranca.agreement
        """
        Agreement = debtor.env["cobranca.agreement"]
        own = Domain("company_id", "=", company.id) & Domain("partner_id", "=", debtor.id)
        own &= Domain("state", "!=", "cancelled")
        if lines is None:
            return Agreement.search(own)
        of_lines = Domain("installment_ids.line_id", "in", lines.ids) | Domain("origin_ids.line_id", "in", lines.ids)
        found = todo = Agreement.search(own & of_lines)
        while todo:
            todo = todo.child_ids.filtered(lambda item: item.state != "cancelled") - found
            found |= todo
        return found.sorted(lambda item: (item.date, item.id), reverse=True)

    @api.model
    def _get_list(self, agreements):
        """Each agreement in a few words.

        :return: list of dict
        """
        return [self._prepare_card(agreement) for agreement in agreements]

    @api.model
    def _prepare_card(self, agreement):
        items = agreement.installment_ids
        return {
            "id": agreement.id,
            "name": agreement.name,
            **self._get_standing(agreement),
            "date": format_date(agreement.env, agreement.date),
            "paid_text": agreement.env._(
                "%(paid)s of %(count)s payments made",
                paid=len(items.filtered(lambda item: item.state == "paid")),
                count=len(items),
            ),
            "open": agreement.currency_id.format(agreement.amount_open) if agreement.state == "active" else "",
        }

    @api.model
    def _get_page(self, agreement, payable):
        """All that the page of one agreement shows; amounts are those of today.

        :param payable: account.move.line that the visitor may choose on the page of open payments
        :return: dict of plain values
        """
        agreement.ensure_one()
        acceptance, letters = self._find_term(agreement), agreement._get_quittances()
        origins, rows = agreement._get_chain()._get_root_debts(), self._prepare_rows(agreement, payable)
        return {
            **self._prepare_card(agreement),
            "sentences": self._get_sentences(agreement, bool(letters)),
            "total": agreement.currency_id.format(agreement.total),
            "settled": agreement.currency_id.format(agreement.amount_settled),
            "given": agreement.currency_id.format(agreement.amount_given) if agreement.amount_given else "",
            "rows": rows,
            "next_id": next((row["id"] for row in rows if row["can_pay"]), 0),
            "debts": [
                {
                    "name": line.move_id.name,
                    "what": self.env["cobranca.debt.page"]._get_what(line.move_id),
                    "due": format_date(agreement.env, line.date_maturity or line.date),
                }
                for line in origins.sorted(lambda line: (line.date_maturity or line.date, line.id))
            ],
            "term_hash": acceptance.document_hash or "",
            "letters": self._prepare_letters(letters),
            "pay_off": self._prepare_pay_off(agreement),
            "creditor": self.env["cobranca.debt.page"]._get_creditor(agreement.company_id),
        }

    @api.model
    def _prepare_rows(self, agreement, payable):
        """The payments of an agreement: what each costs today, whether it can be paid here, or how it was paid."""
        items = agreement.installment_ids.sorted("due")
        lines = items._get_open().line_id
        debts = lines._cobranca_read_debts(agreement.company_id._cobranca_today())
        money = agreement.currency_id.format
        rows = []
        for item in items:
            debt = debts.get(item.line_id)
            amount = float(debt.charges.total - debt.discount) if debt else item.amount
            rows.append(
                {
                    "id": item.line_id.id,
                    "label": item._get_label(),
                    "text": self._get_installment_text(item),
                    "amount": money(amount),
                    "agreed": money(item.amount) if debt and amount > item.amount else "",
                    "state": item.state,
                    "can_pay": bool(debt) and item.line_id in payable,
                    "has_receipt": item.state == "paid",
                }
            )
        return rows

    # --- papers ---

    @api.model
    def _find_term(self, agreement):
        """How an agreement was accepted: the acceptance of itself, or of the proposal that it was; the last one.

        :return: cobranca.acceptance whose paper is there and unchanged, else empty
        """
        proposal = agreement.env["cobranca.proposal"].search([("agreement_id", "=", agreement.id)])
        own = Domain("res_model", "=", agreement._name) & Domain("res_id", "=", agreement.id)
        offered = Domain("res_model", "=", proposal._name) & Domain("res_id", "in", proposal.ids)
        found = agreement.env["cobranca.acceptance"].search(own | offered, order="id desc")
        return next((item for item in found if item._is_intact()), found.browse())

    @api.model
    def _find_letters(self, company, debtor, agreements=None):
        """The letters of quittance that a visitor may have.

        :param agreements: cobranca.agreement, of which; None: all of the customer
        :return: cobranca.quittance
        """
        if agreements is not None:
            return agreements._get_quittances()
        return debtor.env["cobranca.quittance"]._find_of_partner(company, debtor)

    @api.model
    def _prepare_letters(self, letters):
        """The rows of the list of letters."""
        kinds = dict(letters._fields["kind"]._description_selection(letters.env))
        return [
            {
                "id": letter.id,
                "name": letter.name,
                "what": self._get_letter_subject(letter) or kinds[letter.kind],
                "day": format_date(letter.env, letter.date),
            }
            for letter in letters.filtered("attachment_id")
        ]

    @api.model
    def _get_letter_subject(self, letter):
        if letter.kind == "year":
            return letter.env._("Year %(year)s", year=letter.year)
        if letter.kind == "debt":
            return letter.move_id.name
        return letter.env[letter.res_model].browse(letter.res_id).exists().display_name or ""

    # --- paying it off ---

    @api.model
    def _prepare_pay_off(self, agreement):
        """What it takes to be done with an agreement today.

        :return: dict of texts; None where there is nothing to pay before its time
        """
        today = agreement.company_id._cobranca_today()
        coming = agreement.installment_ids._get_open().filtered(lambda item: item.due > today)
        if agreement.state != "active" or not coming:
            return None
        try:
            quote = agreement._pay_off_quote(today)
        except UserError:
            return None
        money, rebate = agreement.currency_id.format, sum(quote.rebates.values(), Decimal(0))
        late = quote.total - quote.open + rebate
        return {
            "day": format_date(agreement.env, today),
            "count": len(quote.lines),
            "open": money(float(quote.open)),
            "charges": money(float(late)) if late else "",
            "rebate": money(float(rebate)) if rebate else "",
            "total": money(float(quote.total)),
        }
