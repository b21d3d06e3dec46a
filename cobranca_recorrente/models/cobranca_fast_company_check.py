from odoo import models

from .cobranca_invoice_fast import FAST, ON


class CobrancaFastCompanyCheck(models.AbstractModel):
    """Invoices and items of `cobranca.invoice.fast`: no record of another company gets in, asked once for each."""

    _name = "cobranca.fast.company.check"
    _description = "Company Check of Fast Invoices"

    def _check_company(self, fnames=None):
        """What Odoo asks depends on the two records alone: of those alike, one is checked."""
        if self.env.context.get(FAST) is not ON:
            super()._check_company(fnames)
            return
        for name in self._fields if fnames is None or "company_id" in fnames else fnames:
            field = self._fields[name]
            if field.relational and field.check_company:
                super(CobrancaFastCompanyCheck, self._get_distinct(name))._check_company([name])

    def _get_distinct(self, name):
        """Of the records with the same company and the same value of that field, the last."""
        # sudo: as Odoo's own check looks at them
        alike = {(record.company_id, record[name]._ids): record.id for record in self.sudo() if record[name]}
        return self.browse(alike.values())
