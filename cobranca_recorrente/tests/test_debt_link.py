from datetime import date, timedelta
from doctest import testmod

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..tools import debt_link, paid, receipt_file, told
from .link_common import LinkCommon

PINNED = settings(max_examples=300, derandomize=True, deadline=None)
NUMBERS = st.integers(min_value=0, max_value=2**31 - 1)
LINKS = st.builds(
    debt_link.Link,
    NUMBERS,
    NUMBERS,
    NUMBERS,
    st.dates(date(2020, 1, 1), date(2099, 12, 31)),
    st.sets(st.integers(min_value=1, max_value=2**31 - 1), max_size=60).map(lambda ids: tuple(sorted(ids))),
)
KEY = b"k" * 32


@tagged("post_install", "-at_install")
class TestDebtLinkKernel(BaseCase):
    def test_doctests(self):
        for kernel in (debt_link, paid, receipt_file, told):
            self.assertEqual(testmod(kernel).failed, 0, kernel.__name__)

    @PINNED
    @given(LINKS)
    def test_what_is_packed_is_unpacked(self, link):
        text = debt_link.pack(KEY, link)
        self.assertEqual(debt_link.unpack(KEY, text), link)
        self.assertRegex(text, r"^[A-Za-z0-9_-]+$")

    @PINNED
    @given(LINKS, st.data())
    def test_any_other_letter_is_refused(self, link, data):
        text = debt_link.pack(KEY, link)
        place = data.draw(st.integers(0, len(text) - 1))
        letter = data.draw(st.sampled_from("ABCxyz019-_=/+ é"))
        if letter == text[place]:
            return
        for changed in (text[:place] + letter + text[place + 1 :], text[:place], text + letter, text.swapcase()):
            with self.assertRaises(ValueError):
                debt_link.unpack(KEY, changed)

    @PINNED
    @given(st.one_of(st.text(max_size=80), st.binary(max_size=60).map(lambda raw: raw.hex())))
    def test_no_text_is_a_link(self, text):
        with self.assertRaises(ValueError):
            debt_link.unpack(KEY, text)

    def test_forms_of_signed_nonsense(self):
        """Whoever had the key could not break the page either."""
        for payload in (b"", b"\x01", b"\x02\x01\x01\x00\x01\x00", b"\x01\x01\x01\x00\x01\x05\x01", b"\x80" * 9):
            text = debt_link.base64.urlsafe_b64encode(payload + debt_link._sign(KEY, payload)).decode().rstrip("=")
            with self.assertRaises(ValueError):
                debt_link.unpack(KEY, text)

    def test_bounds(self):
        for link in (
            debt_link.Link(1, 1, 0, date(2026, 1, 1), tuple(range(1, 400))),
            debt_link.Link(-1, 1, 0, date(2026, 1, 1), (1,)),
            debt_link.Link(1, 1, 0, date(2019, 1, 1), (1,)),
        ):
            with self.assertRaises(ValueError):
                debt_link.pack(KEY, link)


@tagged("post_install", "-at_install")
class TestDebtLink(LinkCommon):
    """Whose payments a link opens, and when it opens nothing any more."""

    def open(self, path):
        return self.Link._open(path.rpartition("/")[2])

    def test_a_batch_is_one_query(self):
        rows = [(self.company.id, self.customer.id, self.line.ids, date(2026, 12, 1))] * 50
        rows += [(self.company.id, self.stranger.id, self.foreign_line.ids, date(2026, 12, 1))] * 50
        self.Link._make_links(rows)
        with self.assertQueryCount(1):
            links = self.Link._make_links(rows)
        self.assertEqual(len(set(links)), 2)
        self.assertTrue(links[0].startswith(f"{self.company.get_base_url()}/my/pagamentos/"))
        self.assertLess(len(links[0].rpartition("/")[2]), 60)

    def test_it_opens_these_lines_of_this_customer(self):
        opened = self.open(self.path(self.line))
        self.assertEqual((opened.company, opened.debtor, opened.lines), (self.company, self.customer, self.line))
        self.assertFalse(opened.is_expired)

    def test_lines_of_somebody_else_are_left_out(self):
        """Whatever a link was made of, and whoever owes the line by now."""
        self.assertEqual(self.open(self.path(self.line | self.foreign_line)).lines, self.line)
        path = self.path(self.line | self.later_line)
        self.env.flush_all()
        values = [self.stranger.id, self.line.id]
        self.env.cr.execute("UPDATE account_move_line SET partner_id = %s WHERE id = %s", values)
        self.env.invalidate_all()
        self.assertEqual(self.open(path).lines, self.later_line)

    def test_last_day(self):
        path = self.path(expires=date(2026, 11, 25))
        for day, is_expired in (("2026-11-25", False), ("2026-11-26", True)):
            with self.on(day):
                self.assertEqual(self.open(path).is_expired, is_expired)

    def test_revoked(self):
        old, foreign = self.path(), self.path(self.foreign_line, self.stranger)
        self.customer.with_user(self.supervisor).action_cobranca_revoke_links()
        self.assertIsNone(self.open(old))
        self.assertTrue(self.open(foreign))
        new = self.path()
        self.assertNotEqual(old, new)
        self.assertTrue(self.open(new))
        self.customer.with_user(self.supervisor).action_cobranca_revoke_links()
        self.assertIsNone(self.open(new))
        other = self.env["res.company"].create({"name": "Outra"})
        self.Link._revoke(other, self.customer)
        self.assertTrue(self.open(self.path()), "of another company only those")
        self.assertEqual(self.customer.cobranca_link_version, 2)

    def test_only_supervisors_revoke(self):
        with self.assertRaises(AccessError):
            self.customer.with_user(self.collector).action_cobranca_revoke_links()
        portal = self.make_portal_user("portal_ana", self.customer)
        for user in (self.collector, portal):
            with self.assertRaises(AccessError):
                self.customer.with_user(user).read(["cobranca_link_version"])

    def test_nobody_left(self):
        path = self.path()
        gone = self.path(customer=self.env["res.partner"].browse(2**30))
        self.assertIsNone(self.open(gone))
        key = self.Link._get_key()
        link = debt_link.Link(2**30, self.customer.id, 0, date(2026, 12, 1), (self.line.id,))
        self.assertIsNone(self.Link._open(debt_link.pack(key, link)))
        link = debt_link.Link(self.company.id, self.customer.id, 0, date(2026, 12, 1), (2**30, self.line.id))
        self.assertEqual(self.Link._open(debt_link.pack(key, link)).lines, self.line)
        self.assertTrue(self.open(path))

    def test_another_database_signs_otherwise(self):
        path = self.path()
        self.env["ir.config_parameter"].set_param("database.secret", "another")
        self.assertIsNone(self.open(path))

    def test_digits_that_are_asked_for(self):
        opened = self.open(self.path())
        self.assertTrue(self.Link._asks_document(opened))
        self.customer.vat = False
        self.assertFalse(self.Link._asks_document(opened))
        company = self.make_customer("Agulha Ltda", "11.222.333/0001-81")
        self.assertFalse(self.Link._asks_document(opened._replace(debtor=company)))

    def test_attempts(self):
        count, is_over = self.Attempt._count, self.Attempt._is_over
        for _time in range(3):
            self.assertFalse(is_over("x", "me", 3))
            count("x", "me")
        self.assertTrue(is_over("x", "me", 3))
        self.assertFalse(is_over("x", "you", 3))
        self.assertFalse(is_over("y", "me", 3))
        with self.on(date(2026, 11, 19), hour=16):
            self.assertFalse(is_over("x", "me", 3))
            self.assertTrue(is_over("x", "me", 3, hours=24))
        rows = self.Attempt.search([("scope", "=", "x")])
        self.assertEqual(rows.mapped("count"), [3])
        self.assertNotIn("me", rows.key)
        with self.on(date(2026, 11, 23)):
            self.Attempt._gc_attempts()
        self.assertFalse(rows.exists())

    @mute_logger("odoo.sql_db")
    def test_new_link_by_mail(self):
        Mail = self.env["mail.mail"]
        self.env["ir.mail_server"].search([]).active = False
        opened = self.open(self.path(self.line | self.later_line, expires=date(2026, 11, 1)))
        self.pay(self.invoice, 500.0, date(2026, 11, 18))
        self.Link._send_new_link(opened)
        mail = Mail.search([("recipient_ids", "=", self.customer.id)])
        self.assertEqual(len(mail), 1)
        self.assertIn("your new link", mail.subject)
        self.assertNotIn("300.00", mail.body_html)
        new = mail.body_html.partition("/my/pagamentos/")[2].partition('"')[0]
        again = self.Link._open(new)
        self.assertEqual((again.lines, again.is_expired), (self.later_line, False))
        self.assertEqual(again.link.expires, date(2026, 11, 19) + timedelta(days=14))
        self.customer.email = False
        self.Link._send_new_link(opened)
        self.customer.email = "ana@example.com"
        self.pay(self.later, 300.0, date(2026, 11, 18))
        self.Link._send_new_link(opened)
        self.assertEqual(Mail.search([("recipient_ids", "=", self.customer.id)]), mail)
