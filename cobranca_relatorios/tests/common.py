from contextlib import contextmanager

from odoo import fields

from odoo.addons.cobranca_recorrente.tests.common import CobrancaCommon

from .ledger_writer import LedgerWriter


class ReportCommon(CobrancaCommon):
    """A company whose ledger holds what a test writes, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.cobranca_tz = "America/Sao_Paulo"
        cls.other_customer = cls.make_customer("Bruno Prado", "111.444.777-35")
        cls.third_customer = cls.make_customer("Clínica Sorriso", "11.222.333/0001-81")
        cls.ledger = LedgerWriter(cls.env, cls.company)

    @classmethod
    def make_second_company(cls):
        """Another company with its chart of accounts, which the supervisor may see too.

        :return: (res.company, LedgerWriter)
        """
        company = cls.env["res.company"].create(
            {"name": "Outra Empresa", "country_id": cls.env.ref("base.br").id, "cobranca_tz": "America/Sao_Paulo"}
        )
        cls.env["account.chart.template"].try_loading("br", company=company, install_demo=False)
        for user in (cls.env.user, cls.supervisor, cls.manager):
            user.company_ids |= company
        return company, LedgerWriter(cls.env, company)

    @contextmanager
    def forgotten(self):
        """What is written inside is gone afterwards: one of many random ledgers."""
        with self.env.cr.savepoint(flush=True) as savepoint:
            yield
            savepoint.rollback()
        self.env.invalidate_all()

    def day(self, text):
        return fields.Date.to_date(text)
