from datetime import date

from .common import ReportCommon
from .work_writer import WorkWriter


class TestAgencyNet(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Report = cls.env["cobranca.agency.performance"].with_user(cls.supervisor)
        work = WorkWriter(cls.ledger)
        cls.agency, cls.rival = work.make_agency("Acerto"), work.make_agency("Recupera")
        work.receive(work.place(cls.agency, cls.customer, date(2026, 3, 5), 10000), date(2026, 4, 5), 1800, 360)
        work.receive(work.place(cls.rival, cls.customer, date(2026, 3, 5), 1000), date(2026, 4, 5), 500, 50)
        work.place(cls.rival, cls.other_customer, date(2026, 3, 9), 1000)

    def test_the_worked_example(self):
        row = self.Report.search([("agency_id", "=", self.agency.id)])
        self.assertEqual([round(row[name], 2) for name in ("gross_rate", "net_rate", "cost_rate")], [18, 14.4, 20])

    def test_groups_divide_their_sums(self):
        sums = ["gross_rate:avg", "net_rate:avg", "cost_rate:avg"]
        [found] = self.Report._read_group([], [], sums)
        # 2,300 of 12,000; 1,890 of 12,000; 410 of 2,300.
        self.assertEqual([round(value, 2) for value in found], [19.17, 15.75, 17.83])
        by_agency = {agency: rates for agency, *rates in self.Report._read_group([], ["agency_id"], sums)}
        self.assertEqual([round(value, 2) for value in by_agency[self.rival]], [25, 22.5, 10])

    def test_nothing_recovered_costs_nothing(self):
        self.env.cr.execute("DELETE FROM cobranca_agency_receipt")
        row = self.Report.search([("agency_id", "=", self.rival.id)])
        self.assertEqual((row.gross_rate, row.net_rate, row.cost_rate), (0, 0, 0))

    def test_the_older_sums_are_as_they_were(self):
        [(placed, net)] = self.Report._read_group([], [], ["amount_placed:sum", "amount_net:sum"])
        self.assertEqual((placed, net), (12000, 1890))
