import base64
import hashlib
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.cobranca_recorrente.tests.common import CPF, OTHER_CPF

from .negotiation_common import LOGIN, NegotiationCommon
from .paper_common import make_pdf
from .proposal_common import TODAY

SIGNED = make_pdf("term", "signatures")
TOTAL = "R$\N{NO-BREAK SPACE}3.914,29"
SAID = ("call", "Rui Costa", OTHER_CPF, "Recording 4711")


@tagged("post_install", "-at_install")
class TestProposalOutside(NegotiationCommon):
    """What is agreed by phone, e-mail, in person or on paper becomes an agreement, with its evidence."""

    def setUp(self):
        super().setUp()
        self.proposal = self.send("short").with_user(self.collector)

    def dialog(self, **values):
        action = self.proposal.action_accept()
        form = Form(self.env[action["res_model"]].with_user(self.collector).with_context(**action["context"]))
        for name, value in {"name": "Rui Costa", "document": OTHER_CPF, **values}.items():
            form[name] = value
        return form

    def found(self):
        """(state, agreement, acceptances) of the proposal."""
        self.env.invalidate_all()
        own = [("res_model", "=", "cobranca.proposal"), ("res_id", "=", self.proposal.id)]
        return self.proposal.state, self.proposal.sudo().agreement_id, self.env["cobranca.acceptance"].search(own)

    def assertNothing(self):
        state, agreement, acceptance = self.found()
        self.assertEqual((state, agreement.ids, acceptance.ids), ("sent", [], []))

    def refused(self, error, words, accept, *arguments):
        self.env.invalidate_all()
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(error, words), self.env.cr.savepoint():
            accept(*arguments)

    # === TOLD === #

    def test_told_by_phone(self):
        self.proposal.sudo()._keep_term()  # the customer had it on his page
        action = self.dialog(note="Recording 4711").save().action_accept()
        state, agreement, acceptance = self.found()
        self.assertEqual((state, agreement.state, agreement.total), ("accepted", "active", 3914.29))
        self.assertEqual((action["res_model"], action["res_id"]), (agreement._name, agreement.id))
        self.assertEqual(agreement.origin_ids.line_id, self.lines)
        self.assertEqual((acceptance.channel, acceptance.user_id), ("operator", self.collector))
        self.assertEqual((acceptance.name, acceptance.document), ("Rui Costa", OTHER_CPF))
        self.assertEqual(acceptance.note, "By phone: Recording 4711")
        self.assertEqual(acceptance.document_hash, hashlib.sha256(acceptance.attachment_id.raw).hexdigest())
        self.assertEqual([(each["is_told"], each["number"]) for each in self.papers][1:], [(True, self.proposal.name)])
        self.assertIn(b"2 0 obj", acceptance.attachment_id.raw, "the one of this moment")
        self.assertFalse(self.proposal.sudo().term_id, "a draft is not what was accepted")
        self.assertEqual(self.env["cobranca.agreement.page"]._find_term(agreement), acceptance)
        for text in ("By phone: Recording 4711", "Rui Costa", acceptance.document_hash):
            self.assertIn(text, self.proposal.state_reason)
        talk = self.interactions("proposal_accepted")
        self.assertEqual((talk.channel, talk.direction, talk.user_id), ("call", "in", self.collector))

    def test_refused_and_nothing_left(self):
        """No note, nobody, a wrong number, another day: neither evidence nor agreement."""
        accept = self.proposal._accept_told
        self.refused(UserError, "Write how", accept, *SAID[:3], " \n")
        self.refused(UserError, "Write how", accept, *SAID[:3], False)
        self.refused(UserError, "full name", accept, "call", "Rui", *SAID[2:])
        self.refused(UserError, "check digits", accept, *SAID[:2], "111.111.111-11", SAID[3])
        scan = base64.b64encode(SIGNED).decode()
        for missing, values in (
            ("note", {}),
            ("content", {"way": "letter", "signed_on": TODAY}),
            ("signed_on", {"way": "letter", "content": scan}),
        ):
            with self.assertRaisesRegex(AssertionError, missing):
                self.dialog(**values).save()
        with self.on("2026-11-25"):
            self.refused(UserError, "stood until", accept, *SAID)
            self.refused(UserError, "stood until", self.proposal._accept_signed, *SAID[1:3], SIGNED, TODAY)
            self.refused(UserError, "stood until", self.proposal.action_print_term)
        self.assertNothing()

    def test_once(self):
        self.proposal._accept_told(*SAID)
        again = self.proposal._accept_told
        self.refused(UserError, "make a new one", again, *SAID)
        self.refused(UserError, "make a new one", self.proposal._accept_signed, *SAID[1:3], SIGNED, TODAY)
        state, _agreement, acceptance = self.found()
        self.assertEqual((state, len(acceptance)), ("accepted", 1))

    # === ON PAPER === #

    def test_signed_paper(self):
        form = self.dialog(way="letter", content=base64.b64encode(SIGNED).decode(), signed_on=date(2026, 11, 18))
        form.save().action_accept()
        state, agreement, acceptance = self.found()
        self.assertEqual((state, agreement.state), ("accepted", "active"))
        self.assertEqual((acceptance.channel, acceptance.signed_on), ("upload", date(2026, 11, 18)))
        self.assertEqual(acceptance.attachment_id.raw, SIGNED)
        self.assertEqual(acceptance.document_hash, hashlib.sha256(SIGNED).hexdigest())
        self.assertEqual(self.env["cobranca.agreement.page"]._find_term(agreement), acceptance)
        self.assertIn("Paper signed on 11/18/2026", self.proposal.state_reason)
        self.assertEqual(self.interactions("proposal_accepted").channel, "letter")

    def test_what_is_no_signed_paper(self):
        accept = self.proposal._accept_signed
        self.refused(UserError, "must be a PDF", accept, "Rui Costa", CPF, b"", TODAY)
        for day in (False, date(2026, 11, 20)):
            self.refused(UserError, "today or before", accept, "Rui Costa", CPF, SIGNED, day)
        self.assertNothing()

    def test_print_for_signature(self):
        address = self.proposal.action_print_term()["url"]
        self.authenticate("collector", "collector")
        answer = self.url_open(address)
        self.assertEqual((answer.status_code, answer.content[:5]), (200, b"%PDF-"))
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn("no-store", answer.headers["Cache-Control"])
        [paper] = self.papers
        self.assertEqual((paper["is_on_paper"], paper["is_told"], paper["total"]["figures"]), (True, False, TOTAL))
        seen = self.env["cobranca.access.log"].search([("partner_id", "=", self.bakery.id)])
        self.assertEqual((seen.user_id, seen.action), (self.collector, "unmask"))
        self.assertFalse(self.proposal.sudo().term_id)
        self.assertEqual(self.url_open(address.replace(str(self.proposal.id), "0")).status_code, 404)
        self.authenticate(LOGIN, LOGIN)
        self.assertEqual(self.url_open(address).status_code, 403)
        self.assertEqual(len(self.papers), 1)

    # === RIGHTS === #

    def test_rights(self):
        accountant = new_test_user(self.env, "accountant", "account.group_account_invoice")
        company = self.env["res.company"].create({"name": "Another"})
        elsewhere = new_test_user(
            self.env,
            "elsewhere",
            "cobranca_recorrente.cobranca_group_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        wizard = self.dialog(note="Recording 4711").save()
        for user in (accountant, elsewhere):
            proposal = self.proposal.with_user(user)
            for accept, *arguments in (
                (proposal._accept_told, *SAID),
                (proposal._accept_signed, *SAID[1:3], SIGNED, TODAY),
                (proposal.action_print_term,),
                (proposal._get_paper_to_sign,),
                (wizard.with_user(user).action_accept,),
            ):
                self.refused(AccessError, "", accept, *arguments)
        other = new_test_user(self.env, "other", "cobranca_recorrente.cobranca_group_collector")
        self.refused(AccessError, "", wizard.with_user(other).action_accept)
        self.assertNothing()
        self.assertFalse(self.papers)
