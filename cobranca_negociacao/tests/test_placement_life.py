from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .agency_common import TODAY, AgencyCommon

ACTIVITY = "cobranca_negociacao.mail_activity_agency"


@tagged("post_install", "-at_install")
class TestPlacementLife(AgencyCommon):
    """How placements end, by hand and by themselves, and who sees it."""

    def recall(self, placements, note="Customer came back to us", user=None):
        action = placements.with_user(user or self.supervisor).action_recall()
        wizard = self.env["cobranca.placement.recall"].with_user(user or self.supervisor)
        form = Form(wizard.with_context(**action["context"]))
        form.note = note
        return form.save().action_recall()

    def running_holds(self, lines):
        return self.env["cobranca.hold"].search([("line_id", "in", lines.ids), ("state", "=", "active")])

    def case(self):
        return self.env["cobranca.case"]._refresh(self.company, self.bakery)

    # --- recall ---

    def test_recall_of_many(self):
        placements = self.place() | self.place(self.rival, self.foreign)
        self.recall(placements)
        self.assertEqual(set(placements.mapped("state")), {"ended"})
        self.assertEqual(set(placements.mapped("end_note")), {"Customer came back to us"})
        self.assertEqual(placements.ended_by_id, self.supervisor)
        self.assertFalse(self.running_holds(self.lines | self.foreign))
        # Free for another agency at once.
        self.assertEqual(self.place(self.rival).state, "active")

    def test_recall_of_all_that_an_agency_has(self):
        placement, other = self.place(), self.place(self.rival, self.foreign)
        action = self.agency.with_user(self.supervisor).action_recall_all()
        wizard = self.env["cobranca.placement.recall"].with_user(self.supervisor).with_context(**action["context"])
        wizard.create({"note": "Contract ended"}).action_recall()
        self.assertEqual((placement.state, other.state), ("ended", "active"))

    def test_recall_is_for_supervisors_and_needs_a_reason(self):
        placement = self.place()
        for user in (self.collector, self.worker):
            with self.assertRaises(AccessError):
                placement.with_user(user).action_recall()
            with self.assertRaises(AccessError):
                placement.with_user(user)._recall("Mine")
        with self.assertRaises(AccessError):
            self.env["cobranca.placement.recall"].with_user(self.collector).create({"note": "Mine"})
        with self.assertRaisesRegex(UserError, "Say why"):
            placement.with_user(self.supervisor)._recall(" ")
        self.assertEqual(placement.state, "active")
        self.recall(placement)
        with self.assertRaisesRegex(UserError, "reload"):
            self.recall(placement)

    def test_not_of_another_company(self):
        placement = self.place()
        other = self.env["res.company"].create({"name": "Other"})
        self.supervisor.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        with self.assertRaises(AccessError):
            placement.with_user(self.supervisor)._recall("Not mine")

    # --- what ends it by itself ---

    def test_pauses_that_end_it(self):
        Hold = self.env["cobranca.hold"]
        for reason, expected in (
            ("court", "court"),
            ("procon", "court"),
            ("over_indebtedness", "over_indebtedness"),
            ("deceased", "deceased"),
        ):
            placement, waiting = self.place(lines=self.lines[:2]), self.propose(self.rival, self.lines[2])
            hold = Hold._start(self.company, self.bakery, reason, TODAY, None)
            self.assertEqual((placement.state, placement.end_reason), ("ended", expected))
            self.assertEqual((waiting.state, waiting.end_reason), ("refused", expected))
            hold._end()
            waiting.name = f"{waiting.name}-{reason}"
            placement.name = f"{placement.name}-{reason}"

    def test_other_pauses_do_not(self):
        placement = self.place()
        Hold = self.env["cobranca.hold"]
        Hold._start(self.company, self.bakery, "vacation", TODAY, date(2026, 12, 1))
        Hold._start(self.company, self.stranger, "deceased", TODAY, None)
        self.assertEqual(placement.state, "active")

    def test_paid_before_it_was_approved(self):
        waiting = self.propose(self.agency, self.lines[:2])
        self.pay(self.lines[0], 1290.0, TODAY)
        self.assertEqual((waiting.state, waiting.line_count), ("proposed", 1))
        self.pay(self.lines[1], 1290.0, TODAY)
        self.assertEqual((waiting.state, waiting.end_reason), ("refused", "paid"))
        self.assertFalse(waiting.line_ids.filtered("is_live"))

    def test_end_of_the_term(self):
        placement = self.place()
        self.follow("placement", "2027-02-17")
        self.assertEqual(placement.state, "active")
        # Late in the evening of the last day where the company is, a day later in UTC.
        self.follow("placement", "2027-02-18", 2)
        self.assertEqual(placement.state, "active")
        self.follow("placement", "2027-02-18")
        self.assertEqual((placement.state, placement.end_reason), ("ended", "term"))
        held = self.env["cobranca.hold"].search([("line_id", "in", self.lines.ids)])
        self.assertEqual(held.mapped("ended_on"), [date(2027, 2, 18)] * 3)

    def test_amounts_grow_each_night(self):
        placement = self.place()
        before = placement.amount
        self.follow("placement", "2026-12-19")
        with self.on("2026-12-19"):
            owed = self.lines._cobranca_read_debts(date(2026, 12, 19)).values()
        self.assertEqual(placement.amount, float(sum(debt.charges.total for debt in owed)))
        self.assertGreater(placement.amount, before)
        self.assertEqual((placement.days_late, placement.refreshed_on), (95, date(2026, 12, 19)))
        # One that is of today already is not looked at again: a long run goes on where it was cut short.
        placement.amount = 1.0
        self.follow("placement", "2026-12-19")
        self.assertEqual(placement.amount, 1.0)

    def test_prescribed_debts_leave_the_agency(self):
        """Five years after the due date; the others stay until theirs."""
        old = self.receivable(self.make_invoice(1290.0, "2021-11-25", self.stranger))
        placement = self.place(lines=old | self.foreign)
        self.follow("placement", "2026-11-24")
        self.assertEqual(placement._get_lines(), old | self.foreign)
        self.follow("placement", "2026-11-27")
        self.assertEqual((placement.state, placement._get_lines()), ("active", self.foreign))
        self.assertEqual(placement.amount_original, 987.65)
        alone = self.place(self.rival, old)
        self.follow("placement", "2026-11-28")
        self.assertEqual((alone.state, alone.end_note), ("ended", "Its debts are prescribed"))

    # --- the agency ---

    def test_operator_agreement_that_ends(self):
        placement = self.place()
        self.agency.operator_until = "2026-12-31"
        self.assertFalse(self.agency.activity_ids)
        self.follow("agency", "2026-11-30")
        self.assertFalse(self.agency.activity_ids)
        self.follow("agency", "2026-12-01")
        asked = self.agency.activity_ids
        self.assertEqual(asked.activity_type_id, self.env.ref(ACTIVITY))
        self.assertIn(self.manager, asked.user_id)
        self.assertEqual(set(asked.mapped("date_deadline")), {date(2026, 12, 31)})
        self.follow("agency", "2026-12-02")
        self.assertEqual(self.agency.activity_ids, asked)
        self.follow("agency", "2026-12-31")
        self.assertEqual(placement.with_user(self.worker).search([]), placement)
        self.follow("agency", "2027-01-01")
        self.assertFalse(self.agency.is_open)
        self.assertFalse(placement.with_user(self.worker).search([]))
        with self.on("2027-01-01"):
            self.assertIn("Customers with it: 1", self.agency.access_text)
            self.agency.operator_until = "2027-12-31"
            self.assertTrue(self.agency.is_open)
        self.assertFalse(self.agency.activity_ids)
        self.assertEqual(placement.with_user(self.worker).search([]), placement)

    def test_suspended_by_a_supervisor(self):
        placement = self.place()
        with self.assertRaises(AccessError):
            self.agency.with_user(self.collector).action_suspend()
        self.agency.with_user(self.supervisor).action_suspend()
        self.assertFalse(placement.with_user(self.worker).search([]))
        self.assertEqual(placement.state, "active")
        self.assertIn("suspended", self.agency.access_text)
        self.agency.with_user(self.supervisor).action_resume()
        self.assertEqual(placement.with_user(self.worker).search([]), placement)

    def test_archived_agency_has_nothing(self):
        placement, waiting = self.place(), self.propose(self.agency, self.foreign)
        self.agency.with_user(self.manager).action_archive()
        self.assertEqual((placement.state, placement.end_reason), ("ended", "recalled"))
        self.assertIn(self.agency.name, placement.end_note)
        self.assertEqual(waiting.state, "refused")
        self.assertFalse(self.running_holds(self.lines))

    # --- our own people ---

    def test_our_collectors_do_not_call(self):
        self.assertIn(self.case().why, ("first", "high"))
        placement = self.place()
        case = self.case()
        self.assertEqual((case.why, case.queue_date), ("paused", False))
        seen = case.with_user(self.collector)
        self.assertEqual(seen.placement_text, placement._get_standing_text())
        self.assertIn("Pontefirme Assessoria until 02/17/2027", seen.placement_text)
        channels = seen._get_screen_facts()["channels"]
        self.assertEqual({channels[way]["reason"] for way in ("phone", "whatsapp", "email")}, {"with an agency"})
        self.assertIn(
            seen.placement_text,
            seen._get_screen_facts()["partner"]._cobranca_get_hold_text(self.running_holds(self.lines)[0]),
        )
        self.assertEqual(seen.action_view_placement()["res_id"], placement.id)
        self.assertEqual(self.bakery.with_user(self.collector).cobranca_placement_count, 1)
        self.assertEqual(self.bakery.with_user(self.collector).action_cobranca_placements()["res_id"], placement.id)

    def test_what_the_agency_agreed_is_not_our_turn(self):
        placement = self.place()
        own = placement.with_user(self.worker)
        own._register_contact({"channel": "call", "outcome": "call_later", "next_date": datetime(2026, 11, 19, 18)})
        self.assertEqual((self.case().why, self.case().callback_at), ("paused", False))
        own._register_contact(
            {"channel": "call", "outcome": "promised", "promise_date": date(2026, 11, 24), "promise_amount": 100.0}
        )
        self.assertEqual(self.case().why, "paused")
        # What he writes to us is answered by us.
        self.env["cobranca.interaction"]._record(self.company, self.bakery, "email", "replied", direction="in")
        case = self.case().with_user(self.collector)
        self.assertEqual((case.why, case.queue_date), ("replied", TODAY))
        self.assertFalse(case._get_screen_facts()["channels"]["email"]["reason"])
        placement.with_user(self.supervisor)._recall("Back to us")
        self.assertFalse(case._get_placements())

    def test_late_installments_are_not_our_turn(self):
        """Installments carry no pause, and yet nobody of ours calls."""
        placement = self.place()
        placement.line_ids.create(
            {
                "placement_id": placement.id,
                "company_id": self.company.id,
                "currency_id": placement.currency_id.id,
                "line_id": self.receivable(self.make_invoice(50.0, "2026-10-01")).id,
                "due": "2026-10-01",
                "added_on": TODAY,
            }
        )
        self.assertEqual(self.case().why, "paused")
        placement._end("recalled")
        self.assertNotEqual(self.case().why, "paused")

    # --- the person's data ---

    def test_told_to_the_person(self):
        self.place()
        self.company.partner_id.lang = "en_US"
        data = self.bakery.with_user(self.supervisor)._cobranca_get_person_data()
        [told] = data["placements"]
        self.assertEqual((told["agency_id"], told["state"]), ("Pontefirme Assessoria", "active"))
        self.assertEqual(told["placed_on"], str(TODAY))

    def test_wiped_with_the_person(self):
        placement = self.place()
        placement._end("recalled", "PRIVATE-NOTE")
        self.bakery._cobranca_wipe_texts(self.bakery)
        placement.invalidate_recordset()
        self.assertEqual((placement.customer_name, placement.document, placement.end_note), (False, False, False))

    def test_stays_in_the_register(self):
        placement = self.place()
        for record in (placement, self.agency):
            with self.assertRaises(UserError):
                record.unlink()
