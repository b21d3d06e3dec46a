from datetime import date

from freezegun import freeze_time

from .snapshot_common import DAY, SnapshotCommon, write_worked_example


@freeze_time("2026-06-30 15:00:00")
class TestWorkedPosition(SnapshotCommon):
    """The worked numbers of the definitions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        write_worked_example(cls.ledger, *cls.people)

    def assert_figures(self, record, **expected):
        self.assertEqual({name: round(record[name], 2) for name in expected}, expected)

    def test_what_is_open(self):
        position = self.take()
        self.assertEqual((position.month, position.date, position.is_final), (date(2026, 6, 1), DAY, False))
        self.assert_figures(
            position,
            amount_open=4800,
            amount_credit=0,
            amount_late=2800,
            amount_late_30=2000,
            amount_late_60=2000,
            amount_late_90=1500,
            amount_original_late=2800,
            amount_original_late_30=2000,
            title_count=5,
            late_count=3,
            late_partner_count=2,
            account_balance=4800,
            difference=0,
        )

    def test_rates(self):
        self.assert_figures(
            self.take(),
            rate_0=58.33,
            rate_30=41.67,
            rate_60=41.67,
            rate_90=31.25,
            title_rate_0=60,
            title_rate_30=40,
            title_rate_60=40,
            title_rate_90=20,
            original_rate_30=41.67,
        )

    def test_days(self):
        self.assert_figures(
            self.take(),
            sales=2000,
            sales_quarter=5700,
            dso=76.63,
            dso_countback=76.79,
            dso_best=31.93,
            days_delinquent=44.70,
            average_delay=68.21,
            cei=40.43,
        )

    def test_money_of_the_month(self):
        # The payment of April is not of this month: 73,000 / 2,900 with it, 75,000 / 1,900 without.
        self.assert_figures(
            self.take(),
            received=1900,
            recovered=1900,
            payment_delay=39.47,
            payment_delay_late=39.47,
            payment_delay_mean=50,
        )
        self.assert_figures(
            self.take(date(2026, 4, 30)), received=1000, recovered=0, payment_delay=-2, payment_delay_late=0
        )

    def test_bands(self):
        position = self.take()
        found = {row.band: (row.amount, row.title_count, row.partner_count) for row in position.due_band_ids}
        expected = {"0": (2000, 2, 2), "1": (800, 1, 1), "3": (500, 1, 1), "4": (1500, 1, 1)}
        self.assertEqual(found, {band: expected.get(band, (0, 0, 0)) for band in "0123456"})
        self.assertEqual(len(position.band_ids), 14)
        self.assertEqual([round(row.share, 2) for row in position.due_band_ids][:2], [41.67, 16.67])

    def test_roll(self):
        found = {
            (row.from_band, row.to_band): (row.amount, round(row.share, 2), row.title_count)
            for row in self.take().roll_ids
        }
        self.assertEqual(
            found,
            {
                ("0", "1"): (800, 44.44, 1),
                ("0", "paid"): (1000, 55.56, 1),
                ("2", "3"): (500, 55.56, 1),
                ("2", "paid"): (400, 44.44, 1),
                ("3", "4"): (1500, 75, 1),
                ("3", "paid"): (500, 25, 1),
                ("new", "0"): (2000, 100, 2),
            },
        )

    def test_an_ended_month_is_of_its_last_day(self):
        position = self.take(date(2026, 5, 7))
        self.assertEqual((position.date, position.is_final), (date(2026, 5, 31), True))
        self.assertEqual(position.amount_open, 4700)
        self.assertEqual(position.display_name, "May 2026")
