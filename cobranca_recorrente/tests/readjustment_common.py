from datetime import date

from dateutil.relativedelta import relativedelta

from odoo.tests import freeze_time

from .common import CobrancaCommon


class ReadjustmentCommon(CobrancaCommon):
    """An index of invented values, and contracts that are readjusted by it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.index = cls.make_index("TST", "1.59")

    @classmethod
    def make_index(cls, code, percent, months=24, last=date(2025, 12, 1)):
        """An index with the same variation in every month; 1.59 % compounds to 20.8...%."""
        index = cls.env["cobranca.price.index"].create(
            {"name": code, "code": code, "kind": "series", "sgs_code": 99999}
        )
        cls.env["cobranca.price.index.value"].create(
            [
                {"index_id": index.id, "month": last - relativedelta(months=back), "percent": float(percent)}
                for back in range(months)
            ]
        )
        return index

    def make_old_contract(self, **values):
        terms = {"date_start": "2025-02-01", "billed_until": "2025-12-31", "index_id": self.index.id}
        return self.make_contract(**{**terms, **values})

    def propose(self, contract, day="2026-01-05"):
        with freeze_time(f"{day} 15:00:00"):
            return contract._propose_readjustment(date.fromisoformat(day))
