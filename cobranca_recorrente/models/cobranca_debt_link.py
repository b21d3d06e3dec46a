from datetime import timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, hmac

from ..tools import debt_link, identification

PATH = "/my/pagamentos"
SCOPE = "cobranca.debt.link"
# So many first digits of the CPF are asked for.
DIGITS = 4
TEMPLATE = "cobranca_recorrente.mail_template_debt_link"


class Opened(NamedTuple):
    """What a visitor has in his hands: records with the rights of the system, for their pages only."""

    company: models.BaseModel
    debtor: models.BaseModel
    lines: models.BaseModel
    link: debt_link.Link
    is_expired: bool


class CobrancaDebtLink(models.AbstractModel):
    """Links that open some payments of a customer without a login: signed, for some days, revocable."""

    _name = "cobranca.debt.link"
    _description = "Links to Open Payments"

    # === BUSINESS METHODS === #

    @api.model
    def _make_links(self, rows):
        """Links for a batch, by one query, and without a change of anything.

        :param rows: list of (company id, id of the debtor, ids of the lines, last day on which it opens them);
            of more than 300 lines the first ones are shown
        :return: list of str, the addresses in the same order
        """
        rows = list(rows)
        versions = self._get_versions({(company, partner) for company, partner, _lines, _expires in rows})
        key, bases = self._get_key(), {}
        found = []
        for company_id, partner_id, lines, expires in rows:
            if company_id not in bases:
                bases[company_id] = self.env["res.company"].browse(company_id).get_base_url()
            version = versions.get((company_id, partner_id), 0)
            link = debt_link.Link(company_id, partner_id, version, expires, tuple(lines)[: debt_link.MOST_LINES])
            found.append(f"{bases[company_id]}{PATH}/{debt_link.pack(key, link)}")
        return found

    @api.model
    def _get_versions(self, pairs):
        """How often the links of these customers were revoked: {(company id, partner id): number}."""
        self.env["res.partner"].flush_model(["cobranca_link_version"])
        if not pairs:
            return {}
        companies, partners = zip(*pairs, strict=True)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT pair.company, pair.partner, (owner.cobranca_link_version ->> pair.company::text)::int
                  FROM UNNEST(%s, %s) pair(company, partner)
                  JOIN res_partner owner ON owner.id = pair.partner
                """,
                list(companies),
                list(partners),
            )
        )
        return {(company, partner): version or 0 for company, partner, version in rows}

    @api.model
    def _revoke(self, company, partners):
        """Make all links of these customers worthless, in one statement. The caller knows that the user may.

        :param company: res.company
        :param partners: res.partner
        """
        self.env["res.partner"].flush_model(["cobranca_link_version"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE res_partner
                   SET cobranca_link_version = COALESCE(cobranca_link_version, '{}'::jsonb) || JSONB_BUILD_OBJECT(
                           %(company)s::text, COALESCE((cobranca_link_version ->> %(company)s::text)::int, 0) + 1)
                 WHERE id = ANY(%(partners)s)
                """,
                company=company.id,
                partners=list(partners.commercial_partner_id.ids),
            )
        )
        self.env["res.partner"].invalidate_model(["cobranca_link_version"])

    @api.model
    def _get_key(self):
        # sudo: the secret of the database signs, and goes nowhere
        return bytes.fromhex(hmac(self.env(su=True), SCOPE, "key"))

    # --- opening ---

    @api.model
    def _open(self, token):
        """What a link opens; whose lines they are is looked up again, whatever it says.

        :param str token: last part of its address
        :return: Opened, or None for what is no link, is revoked, or is of nobody any more
        """
        try:
            link = debt_link.unpack(self._get_key(), token)
        except ValueError:
            return None
        # sudo: whoever has the link sees these lines; the pages choose what of them
        env = self.sudo().env
        company = env["res.company"].browse(link.company_id).exists()
        debtor = env["res.partner"].browse(link.partner_id).exists()
        if not company.active or not debtor or self._get_version(company, debtor) != link.version:
            return None
        lines = env["account.move.line"].browse(link.line_ids).exists()
        own = lines.filtered(
            lambda line: line.company_id == company and line.partner_id.commercial_partner_id == debtor
        )
        return Opened(company, debtor, own, link, company._cobranca_today() > link.expires)

    @api.model
    def _get_version(self, company, debtor):
        return self._get_versions({(company.id, debtor.id)}).get((company.id, debtor.id), 0)

    @api.model
    def _asks_document(self, opened):
        """Is a visitor asked for the first digits of the CPF before he sees anything?"""
        return bool(opened.company.cobranca_link_asks_document and self._get_digits(opened.debtor))

    @api.model
    def _get_digits(self, debtor):
        """The digits that are asked for; empty for who has no CPF."""
        number = identification.compact(debtor.vat or "")
        return number[:DIGITS] if identification.kind(number) == "cpf" else ""

    @api.model
    def _get_expiry(self, company):
        """The last day of a link that is made today.

        :return: date
        """
        days = company.sudo().cobranca_link_days  # sudo: a setting, whoever sends the link
        return company._cobranca_today() + timedelta(days=days)

    @api.model
    def _send_new_link(self, opened):
        """A new link in place of one that expired, to the address that is registered; nothing without one.

        :param opened: of the expired link
        """
        lines = self.env["cobranca.debt.page"]._get_still_open(opened.company, opened.lines)
        if not opened.debtor.email or not lines:
            return
        row = (opened.company.id, opened.debtor.id, lines.ids, self._get_expiry(opened.company))
        [address] = self._make_links([row])
        template = self.env.ref(TEMPLATE).sudo()  # sudo: to the customer's registered address only
        template.with_context(cobranca_link=address, cobranca_company=opened.company).send_mail(
            opened.debtor.id,
            email_values={"email_to": False, "recipient_ids": [(4, opened.debtor.id)], "email_cc": False},
        )
