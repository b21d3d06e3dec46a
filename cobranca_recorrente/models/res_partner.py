from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import identification
from .cobranca_invoice_fast import RANKS


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = [
        "cobranca.partner.behavior",
        "cobranca.partner.quality",
        "cobranca.partner.debt",
        "cobranca.partner.record",
        "cobranca.partner.bars",
        "cobranca.partner.screen",
        "cobranca.partner.reminders",
        "cobranca.partner.export",
        "cobranca.partner.link",
        "cobranca.partner.own.data",
        "cobranca.partner.credit",
        "cobranca.partner.card",
        "cobranca.partner.anonymize",
        "cobranca.reply.thread",
        "res.partner",
    ]

    cobranca_contract_ids = fields.One2many(
        comodel_name="cobranca.contract",
        inverse_name="commercial_partner_id",
        string="Contracts",
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    cobranca_contract_count = fields.Integer(
        string="Contract count",
        compute="_compute_cobranca_contract_count",
        groups="cobranca_recorrente.cobranca_group_collector",
    )

    cobranca_group_invoices = fields.Boolean(
        string="One invoice for all contracts",
        groups="cobranca_recorrente.cobranca_group_collector",
        help="Contracts of this customer that fall due on the same day are billed on one invoice.",
    )

    # Not in a mixin: Odoo would look for the table of that, when a policy is deleted.
    cobranca_charge_policy_id = fields.Many2one(
        comodel_name="cobranca.charge.policy",
        string="Fine, interest and discount",
        company_dependent=True,
        check_company=True,
        tracking=True,
        groups="cobranca_recorrente.cobranca_group_collector",
        help="Terms agreed with this customer. Empty: those of his contract, else those of the company.",
    )
    # === COMPUTE METHODS === #

    @api.depends("cobranca_contract_ids", "commercial_partner_id")
    def _compute_cobranca_contract_count(self):
        counts = dict(
            self.env["cobranca.contract"]._read_group(
                [("commercial_partner_id", "in", self.commercial_partner_id.ids)],
                ["commercial_partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.cobranca_contract_count = counts.get(partner.commercial_partner_id, 0)

    # === RANKS === #

    def _increase_rank(self, field, n=1):
        """Collect the ranks of a batch of invoices, see :meth:`_cobranca_raise_ranks`."""
        ranks = self.env.context.get(RANKS)
        if ranks is None:
            super()._increase_rank(field, n)
            return
        for partner in self:
            ranks[field, partner.id] = ranks.get((field, partner.id), 0) + n

    @api.model
    def _cobranca_raise_ranks(self, ranks):
        """Raise the ranks that a batch of invoices collected, by a few calls instead of one for each invoice.

        :param dict ranks: {(field, id of the partner): number of invoices}
        """
        same = {}
        for (field, partner_id), number in ranks.items():
            same.setdefault((field, number), []).append(partner_id)
        for (field, number), ids in same.items():
            partners = self.browse(ids).sudo()  # sudo: who posts an invoice need not write customers
            first = partners.filtered(lambda partner, field=field: not partner[field])
            first.write({field: number})
            (partners - first).with_env(self.env)._increase_rank(field, number)

    # === CHECKS OF CPF AND CNPJ === #

    def _run_check_identification(self, validation="error"):
        """Check the CPF, which neither `base_vat` nor `l10n_br` does.

        Called for identification types that are not a VAT number; a CNPJ is one, and
        comes to :meth:`check_vat_br`.
        """
        super()._run_check_identification(validation=validation)
        cpf_type = self.env.ref("l10n_br.cpf", raise_if_not_found=False)
        for partner in self.filtered(lambda p: p.vat and p.l10n_latam_identification_type_id == cpf_type):
            if identification.is_valid_cpf(partner.vat) or not validation:
                partner._cobranca_write_formatted(identification.formatted(partner.vat))
            elif validation == "setnull":
                partner.vat = False
            else:
                raise ValidationError(partner._cobranca_invalid_document_message(partner.vat))

    @api.model
    def _cobranca_invalid_document_message(self, document):
        return self.env._(
            "%(document)s is not a valid CPF or CNPJ: the check digits do not match. Correct the number and try again.",
            document=document,
        )

    def _cobranca_write_formatted(self, document):
        if self.vat != document and identification.is_valid(document):
            self.vat = document

    def check_vat_br(self, vat):
        """Refuse also 000.000.000-00 and the like, whose check digits happen to match."""
        return super().check_vat_br(vat) and identification.is_valid(vat)

    # === CUSTOMER BY DOCUMENT === #

    @api.model
    def _cobranca_find_or_create(self, document, values):
        """The customer with a CPF or CNPJ, made when there is none.

        :param str document: CPF or CNPJ, with or without points
        :param dict values: name, email, phone… of a new customer
        :return: res.partner
        :raise ValidationError: when the document cannot be right
        """
        if not identification.is_valid(document):
            raise ValidationError(self._cobranca_invalid_document_message(document))
        if partner := self._cobranca_find_by_document(document):
            return partner
        return self.create(self._prepare_cobranca_customer_values(document, values))

    @api.model
    def _cobranca_find_by_document(self, document):
        """The oldest top-level partner with a document, however its points are written."""
        wanted = {identification.compact(document), identification.formatted(document), document}
        return self.search(
            [
                ("vat", "in", list(wanted)),
                ("parent_id", "=", False),
                ("company_id", "in", (False, self.env.company.id)),
            ],
            order="id",
            limit=1,
        )

    @api.model
    def _prepare_cobranca_customer_values(self, document, values):
        document_kind = identification.kind(document)
        if not values.get("name"):
            raise ValidationError(
                self.env._("There is no customer with %(document)s yet: give a name to make one.", document=document)
            )
        return {
            **values,
            "vat": identification.formatted(document),
            "company_type": "person" if document_kind == "cpf" else "company",
            "country_id": self.env.ref("base.br").id,
            "l10n_latam_identification_type_id": self.env.ref(f"l10n_br.{document_kind}").id,
        }

    def _cobranca_find_or_create_beneficiary(self, document, name):
        """Who uses what this customer pays: found by CPF, or by name among the customer's contacts.

        :param str document: CPF, with or without points; empty for a child without one
        :param str name: of a new person, who becomes a contact of the customer
        :return: res.partner
        :raise ValidationError: when the CPF cannot be right
        """
        self.ensure_one()
        if document and (not identification.is_valid(document) or self._cobranca_find_by_document(document)):
            return self._cobranca_find_or_create(document, {"name": name})
        domain = [("commercial_partner_id", "=", self.commercial_partner_id.id), ("name", "=ilike", name)]
        if not document and (known := self.search(domain, order="id", limit=1)):
            return known
        values = self._prepare_cobranca_customer_values(document, {"name": name}) if document else {"name": name}
        return self.create({**values, "type": "other", "parent_id": False if document else self.id})

    # === ANSWERS === #

    def _cobranca_get_reply_context(self):
        """What a customer writes on his own record is an answer to us."""
        return self.commercial_partner_id, self.company_id or self.env.company, self.env["account.move.line"]

    # === BENEFICIARIES === #

    def _cobranca_get_only_beneficiaries(self):
        """Those of these partners who use what others pay and pay nothing themselves: nobody writes to them.

        :return: res.partner
        """
        Contract = self.env["cobranca.contract"].sudo()  # sudo: contracts of all companies; only the partners go out

        def of(field):
            return Contract.search([(field, "in", self.ids)])[field]

        beneficiaries = of("beneficiary_id") & self
        return beneficiaries and beneficiaries - of("partner_id") - of("responsible_id")

    # === ACTIONS === #

    def action_cobranca_simulate(self):
        """Open what this customer pays on a day."""
        self.ensure_one()
        return self.env["cobranca.debt.simulate"]._open(partner=self.commercial_partner_id)

    def action_view_cobranca_contracts(self):
        """Open the contracts of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_recorrente.cobranca_contract_action")
        action["domain"] = [("commercial_partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {"default_partner_id": self.id}
        return action
