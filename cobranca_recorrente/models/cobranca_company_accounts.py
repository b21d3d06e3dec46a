from typing import NamedTuple

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

INCOME, EXPENSE = ("income", "income_other"), ("expense", "expense_direct_cost", "expense_other")
ASSET, LIABILITY = ("asset_current",), ("liability_current", "liability_payable")


class AccountSpec(NamedTuple):
    """An account that receipts post to.

    :param str xmlid: in the `br` chart; the codes are those of the referential plan of ECF, below
        which our own accounts hang as `.NN`
    :param str code: of an account that we add to the `br` chart; None where the chart has it
    :param str kind: type of the account that is made where a chart has none
    :param bool reconcile: are its items matched with one another?
    """

    field: str
    xmlid: str
    code: str | None
    kind: str
    name: str
    name_pt: str
    reconcile: bool = False

    @property
    def own_xmlid(self):
        """Of the account that is made in a chart without one."""
        return self.xmlid if self.code else self.field.removesuffix("_id")


# Interest, fines and correction stay apart: PIS/COFINS treats them differently (SC Cosit 134/2018).
ACCOUNTS = [
    AccountSpec(
        "cobranca_fine_account_id",
        "account_template_30101050124",
        None,
        "income_other",
        "Late Fines Received from Customers",
        "Multas por Atraso Recebidas de Clientes",
    ),
    AccountSpec(
        "cobranca_interest_account_id",
        "cobranca_account_interest",
        "3.01.01.05.01.05.01",
        "income_other",
        "Late Interest Received from Customers",
        "Juros de Mora Recebidos de Clientes",
    ),
    AccountSpec(
        "cobranca_correction_account_id",
        "cobranca_account_correction",
        "3.01.01.05.01.05.02",
        "income_other",
        "Monetary Correction Received from Customers",
        "Correção Monetária Recebida de Clientes",
    ),
    AccountSpec(
        "cobranca_discount_account_id",
        "cobranca_account_discount",
        "3.01.01.09.01.08.01",
        "expense",
        "Financial Discounts Granted",
        "(-) Descontos Financeiros Concedidos",
    ),
    AccountSpec(
        "cobranca_loss_account_id",
        "account_template_30101070125",
        None,
        "expense",
        "Losses on Receivables",
        "(-) Perdas no Recebimento de Créditos",
    ),
    AccountSpec(
        "cobranca_estimate_account_id",
        "account_template_101020252",
        None,
        "asset_current",
        "Losses on Receivables still Collected (Contra Account)",
        "(-) Perdas em Créditos ainda em Cobrança (Redutora)",
    ),
    AccountSpec(
        "cobranca_recovery_account_id",
        "cobranca_account_recovery",
        "3.01.01.05.01.99.01",
        "income_other",
        "Recovery of Receivables Written off",
        "Recuperação de Créditos Baixados como Perda",
    ),
    AccountSpec(
        "cobranca_advance_account_id",
        "account_template_201010501",
        None,
        "liability_current",
        "Advances from Customers",
        "Adiantamentos de Clientes",
    ),
]


class CobrancaCompanyAccounts(models.AbstractModel):
    """Where a company books charges, discounts and losses: by its own fields, never by the code of an account."""

    _name = "cobranca.company.accounts"
    _description = "Accounts of Charges and Losses"

    cobranca_fine_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of fines received",
        groups="base.group_user",
        domain=[("account_type", "in", INCOME)],
        check_company=True,
        help="Income from fines for late payment.",
    )
    cobranca_interest_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of interest received",
        groups="base.group_user",
        domain=[("account_type", "in", INCOME)],
        check_company=True,
        help="Income from interest for late payment.",
    )
    cobranca_correction_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of correction received",
        groups="base.group_user",
        domain=[("account_type", "in", INCOME)],
        check_company=True,
        help="Income from monetary correction by a price index.",
    )
    cobranca_discount_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of discounts granted",
        groups="base.group_user",
        domain=[("account_type", "in", EXPENSE)],
        check_company=True,
        help="Discounts for paying on time and amounts forgiven. Never those on the fiscal document itself.",
    )
    cobranca_loss_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of losses",
        groups="base.group_user",
        domain=[("account_type", "in", EXPENSE)],
        check_company=True,
        help="Receivables written off as lost (Lei 9.430, art. 9).",
    )
    cobranca_estimate_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Contra account of losses",
        groups="base.group_user",
        domain=[("account_type", "in", ASSET)],
        check_company=True,
        help="Reduces the receivables that are deducted as lost and still collected (Lei 9.430, art. 10, II).",
    )
    cobranca_recovery_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of recovered losses",
        groups="base.group_user",
        domain=[("account_type", "in", INCOME)],
        check_company=True,
        help="What customers pay after their debt was written off.",
    )
    cobranca_advance_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of customers' advances",
        groups="base.group_user",
        domain=[("account_type", "in", LIABILITY)],
        check_company=True,
        help="Takes what was paid in excess, where the company wants it there.",
    )

    # === BUSINESS METHODS === #

    @api.model
    def _cobranca_get_account_specs(self):
        """The accounts that a company needs; later addons add theirs.

        :return: list of AccountSpec
        """
        return list(ACCOUNTS)

    def _cobranca_complete_accounts(self):
        """Fill the account fields that are empty, from the chart or by a new account; safe to repeat."""
        self.ensure_one()
        chart = self.env["account.chart.template"].with_company(self)
        root = self.parent_ids[:1]
        for spec in self._cobranca_get_account_specs():
            if not self[spec.field]:
                if root != self:
                    self[spec.field] = root[spec.field]
                elif self.chart_template:
                    self[spec.field] = (
                        chart.ref(spec.xmlid, raise_if_not_found=False)
                        or chart.ref(spec.own_xmlid, raise_if_not_found=False)
                        or self._cobranca_make_account(spec)
                    )
            # Reloading a chart takes the mark away.
            if spec.reconcile and self[spec.field] and not self[spec.field].reconcile:
                self[spec.field].reconcile = True

    def _cobranca_make_account(self, spec):
        """An account of its own for a chart that has none for this purpose.

        :return: account.account
        """
        chart = self.env["account.chart.template"].with_company(self)
        Account = chart.env["account.account"].with_context(lang="en_US")
        domain = [*Account._check_company_domain(self), ("account_type", "=", spec.kind)]
        neighbour = Account.search(domain, order="code", limit=1)
        values = {
            "code": Account._search_new_account_code(neighbour.code or "999900"),
            "name": spec.name,
            "account_type": spec.kind,
            "reconcile": spec.reconcile,
            "company_ids": [Command.set(self.ids)],
        }
        xmlid = chart.company_xmlid(spec.own_xmlid, self)
        account = Account._load_records([{"xml_id": xmlid, "noupdate": True, "values": values}])
        # The module of these xmlids is `account`: their names are in no translation file.
        languages = [code for code, _name in self.env["res.lang"].get_installed() if code.startswith("pt")]
        account.update_field_translations("name", dict.fromkeys(languages, spec.name_pt))
        return account

    def _cobranca_get_account(self, kind):
        """The account of charges, discounts or losses of a kind.

        :param str kind: such as `fine`, `discount`, `loss`: the name inside of `cobranca_<kind>_account_id`
        :return: account.account
        :raise UserError: where the company has none
        """
        self.ensure_one()
        company = self.sudo()  # sudo: reads and completes the company's accounts, whoever receives
        name = f"cobranca_{kind}_account_id"
        if not company[name]:
            company._cobranca_complete_accounts()
        if not company[name]:
            raise UserError(
                self.env._(
                    "%(company)s has no account for this: %(account)s. Install its chart of accounts, or choose the "
                    "account in the settings of Cobrança.",
                    company=self.name,
                    account=self._fields[name].get_description(self.env, ["string"])["string"],
                )
            )
        return company[name].with_env(self.env)

    def _cobranca_get_journal(self, xmlid):
        """A journal of these addons.

        :param str xmlid: such as `cobranca_journal_charge`
        :return: account.journal
        :raise UserError: where the company has none
        """
        self.ensure_one()
        # sudo: finds and completes the company's journals, whoever receives
        chart = self.env["account.chart.template"].with_company(self).sudo()
        journal = chart.ref(xmlid, raise_if_not_found=False)
        if not journal and self.sudo().root_id.chart_template:  # sudo: only whether there is a chart
            chart._cobranca_load_company(self.sudo().root_id)  # sudo: completes what the chart defines
            journal = chart.ref(xmlid, raise_if_not_found=False)
        if not journal:
            raise UserError(
                self.env._(
                    "%(company)s has no journal for charges and losses. Install its chart of accounts first.",
                    company=self.name,
                )
            )
        return journal.with_env(self.env)
