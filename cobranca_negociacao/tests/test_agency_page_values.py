from datetime import datetime

from odoo.tests import tagged

from .agency_common import AgencyCommon

CASE = {
    *("id", "number", "name", "document", "speak_with", "callback", "contact", "is_due", "company", "day", "ways"),
    *("hours", "is_open", "limit", "debts", "sums", "total", "script", "history", "terms", "promise", "form"),
    "negotiation",
}
ROW = {"id", "number", "name", "document", "amount", "days_late", "count", "callback", "is_due", "contact"}
ROW |= {"ends", "is_ending"}
# Saturday in the afternoon of São Paulo: nobody is called.
SATURDAY = "2026-11-21"


@tagged("post_install", "-at_install")
class TestAgencyPageValues(AgencyCommon):
    """The plain values of which the pages of an agency are made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.placement = cls.place()
        cls.other = cls.place(lines=cls.receivable(cls.make_invoice(500.0, "2026-08-17", cls.customer)))
        cls.theirs = cls.place(cls.rival, cls.foreign)
        cls.Page = cls.env["cobranca.placement.page"].with_user(cls.worker)
        cls.env.flush_all()

    def test_the_list_finds_and_sorts(self):
        self.placement.sudo().callback_at = datetime(2026, 11, 25, 14)

        def names(**args):
            return [row["number"] for row in self.Page._get_list(self.agency, self.Page._read_wanted(args))["rows"]]

        # The bakery is to be called later: whoever was never contacted comes first.
        self.assertEqual(names(), [self.other.name, self.placement.name])
        self.assertEqual(names(ordem="valor"), [self.placement.name, self.other.name])
        self.assertEqual(names(ordem="atraso"), [self.other.name, self.placement.name])
        self.assertEqual(names(filtro="retornos"), [])
        self.assertEqual(names(busca="lindo"), [self.other.name])
        self.assertEqual(names(busca=f"{self.theirs.customer_name[:4]}%"), [])
        self.assertEqual(names(ordem="id; DROP TABLE", filtro="state", pagina="-1"), names())
        with self.on("2026-11-25"):
            self.assertEqual(names(), [self.placement.name, self.other.name])
            self.assertEqual(names(filtro="retornos"), [self.placement.name])

    def test_whitelist_of_what_leaves(self):
        """New keys are decided upon, not forgotten: each of them is read by people outside of the company."""
        shown = self.Page._get_list(self.agency, self.Page._read_wanted({}))
        self.assertEqual({key for row in shown["rows"] for key in row}, ROW)
        case = self.Page._get_case(self.placement.with_user(self.worker).sudo())
        self.assertEqual(set(case), CASE)
        self.assertEqual(set(case["debts"][0]), {"key", "what", "due", "days", "original", "charges", "total"})
        self.assertEqual(set(case["history"][0]), {"icon", "title", "when", "who", "note"})
        self.assertEqual(set(case["ways"][0]), {"channel", "label", "icon", "link", "reason"})
        self.assertEqual(case["document"], f"CNPJ {self.bakery.cobranca_masked_document}")

        def is_plain(value):
            if isinstance(value, dict):
                return all(map(is_plain, value.values()))
            if isinstance(value, list | tuple):
                return all(map(is_plain, value))
            return isinstance(value, str | int | bool)

        self.assertTrue(is_plain(case))
        self.assertTrue(is_plain(shown["rows"] + shown["figures"]))

    def test_ways_close(self):
        """Who may not be contacted has no address on the page."""

        def reasons():
            ways = self.Page._get_ways(self.placement.with_user(self.worker).sudo())["ways"]
            for way in ways:
                self.assertEqual(bool(way["link"]), not way["reason"])
                self.assertNotIn("95555" if way["reason"] else "nothing", str(way))
            return {way["channel"]: way["reason"] for way in ways}

        self.assertEqual(reasons(), {"call": "", "whatsapp": "", "email": ""})
        self.agency.may_email = False
        self.env["cobranca.opt.out"]._set_refused(self.bakery, ["whatsapp"])
        self.assertEqual(reasons(), {"call": "", "whatsapp": "the customer does not want it"})
        with self.on(SATURDAY, 20):
            self.assertEqual(reasons()["call"], "outside the hours allowed")
        own = self.placement.with_user(self.worker)
        own._register_contact({"channel": "call", "outcome": "informed", "direction": "in"})
        self.assertEqual(reasons()["call"], "")
        own._register_contact({"channel": "call", "outcome": "no_answer"})
        self.assertIn("contacted today already", reasons()["call"])
        self.agency.most_contacts_day, self.agency.most_contacts_week = 5, 2
        self.assertEqual(reasons()["call"], "")
        own._register_contact({"channel": "whatsapp", "outcome": "no_answer"})
        with self.on("2026-11-23"):
            self.assertIn("2 contacts within 7 days, as many as agreed: again from 26/11 on", reasons()["call"])
            self.placement.sudo().write({"last_outcome": "call_later", "callback_at": datetime(2026, 11, 23, 14)})
            self.assertEqual(reasons()["call"], "")
            self.placement.sudo().callback_at = datetime(2026, 11, 23, 16)
            self.assertNotEqual(reasons()["call"], "")
        with self.on("2026-11-26", 12):
            self.placement.sudo().callback_at = False
            self.assertEqual(reasons()["call"], "")
