"""A late customer comes by a link on a telephone, agrees on installments with a code, and sees the Pix of the first."""

import re

import pytest

from e2e.test_payment_page import enter, fits, violations

AGREEMENT = """
    SELECT concat_ws(' ', agreement.state, agreement.total, count(*), min(item.due) = agreement.date)
      FROM cobranca_agreement agreement JOIN cobranca_agreement_installment item ON item.agreement_id = agreement.id
     GROUP BY agreement.id
"""
OPEN = "SELECT sum(amount_residual) FROM account_move_line WHERE id = ANY(%s)"
FIRST = "SELECT amount FROM cobranca_agreement_installment WHERE number = 0"
ODD = "SELECT count(*) FROM (SELECT 1 FROM account_move_line GROUP BY move_id HAVING sum(balance) <> 0) odd"
EVIDENCE = (
    "SELECT concat_ws('|', channel, name, length(document_hash), ip IS NOT NULL, code_contact) FROM cobranca_acceptance"
)


@pytest.fixture
def facts(processes, smtp):
    """What the worker has prepared, see negotiating.py."""
    [worker] = processes.workers(1)
    worker.inject("e2e.negotiating:add_to_company")
    found = worker.call("res.company", "make_late_customer_for_test", smtp.host, smtp.port)
    worker.terminate()
    return found


class Walk:
    """A visitor on a telephone; each page that he sees is judged."""

    def __init__(self, visit, folder):
        self.visit, self.page, self.folder, self.found = visit, visit.page, folder, []

    def look(self, name):
        self.visit.screenshot(self.folder / f"{name}.png", full_page=True)
        self.found += violations(self.visit)
        assert fits(self.visit), name

    def choose(self):
        """By a tap, by the keyboard, and by an amount; the plan follows.

        :return: total of the plan, as it is read
        """
        page, total = self.page, self.page.locator(".o_cobranca_plan_total")
        page.wait_for_selector(".o_cobranca_negotiation.o_cobranca_follows")
        before = total.inner_text()
        page.locator("#plan_cash").check()
        page.wait_for_function(
            "(old) => document.querySelector('.o_cobranca_plan_total').innerText !== old", arg=before
        )
        page.locator("#plan_slider").focus()
        for _step in range(3):
            page.keyboard.press("ArrowRight")
        self.visit.wait_until_quiet()
        assert page.locator("#plan_fit").is_checked()
        assert page.evaluate("document.activeElement.id") == "plan_slider", "it can be moved on"
        assert page.locator(".o_cobranca_said").inner_text(), "a screen reader hears the plan"
        self.type("5,00")
        page.wait_for_selector(".o_cobranca_nearest")
        self.look("2-nearest")
        self.type("80,00")
        page.wait_for_selector(".o_cobranca_nearest", state="detached")
        self.visit.wait_until_quiet()
        return total.inner_text()

    def type(self, amount):
        self.page.fill("#plan_monthly", amount)
        self.page.keyboard.press("Tab")

    def press(self, selector):
        """Press a button that leads to another page."""
        with self.page.expect_navigation():
            self.page.click(selector)
        self.visit.wait_until_quiet()

    def read_paper(self, name):
        """Open the whole agreement: it is asked for the document first.

        :return: the answer with the paper
        """
        page, back = self.page, self.page.url
        self.visit.goto(self.visit.page.evaluate("document.querySelector('.o_cobranca_paper').href"))
        page.fill("#paper_document", "111.444.777-35")
        self.press(".o_cobranca_question button[type=submit]")
        assert page.locator("#paper_error").count(), "another document opens nothing"
        self.look(name)
        token = page.locator(".o_cobranca_question [name=csrf_token]").get_attribute("value")
        paper = page.request.post(page.url, form={"csrf_token": token, "documento": "529.982.247-25"})
        self.visit.goto(back)
        return paper

    def sign(self):
        self.page.fill("#signer_name", "Iraneide Sá Barreto")
        self.page.fill("#signer_document", "529.982.247-25")
        self.page.check("#signer_agreed")
        self.press(".o_cobranca_signer button[type=submit]")

    def accept(self, digits):
        self.page.fill("#code_digits", digits)
        self.press(".o_cobranca_code button[type=submit]")


def test_from_the_link_to_the_pix(browser, server, facts, smtp, postgres, tmp_path):
    walk = Walk(browser.open_page(server.url, 390), tmp_path)
    enter(walk.visit, facts["link"])
    walk.press(".o_cobranca_negotiate")
    walk.look("1-offers")
    total = walk.choose()
    walk.press(".o_cobranca_continue")
    walk.look("3-term")
    assert total in walk.page.inner_text(".o_cobranca_plan"), "what was chosen is what is read"
    paper = walk.read_paper("3-document")
    assert paper.body().startswith(b"%PDF-") and paper.headers["content-type"] == "application/pdf"
    walk.sign()
    walk.look("4-code")
    [mail] = smtp.mails
    [digits] = set(re.findall(r"\b\d{6}\b", mail.text("plain")))
    walk.accept(f"{(int(digits) + 1) % 10**6:06d}")
    assert "4" in walk.page.inner_text("#code_error"), "so many tries are left"
    walk.accept(digits)
    walk.page.wait_for_selector(".o_cobranca_agreed")
    walk.page.wait_for_selector(".o_cobranca_pix_code")
    walk.look("5-thanks")
    state, amount, count, begins_today = postgres.value(AGREEMENT).split()
    assert (state, begins_today) == ("active", "t") and int(count) > 2
    assert f"{float(amount):.2f}".replace(".", ",") in total.replace(".", "")
    first = walk.page.inner_text(".o_cobranca_first_amount")
    assert first.replace("\xa0", " ") == f"R$ {postgres.value(FIRST):.2f}".replace(".", ","), "no discount on top"
    assert postgres.value(OPEN, [facts["lines"]]) == 0
    assert postgres.value(ODD) == 0, "every entry is balanced"
    assert postgres.value(EVIDENCE).startswith("portal|Iraneide Sá Barreto|64|t|i***")
    walk.press(".o_cobranca_all_open")
    walk.look("6-open-payments")
    assert walk.page.locator("input[name=pagamento]").count() == int(count) + 1, (
        "its payments, and what falls due later"
    )
    assert not walk.found, "\n".join(walk.found)
