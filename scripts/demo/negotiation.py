"""The agreements of the demo, made and followed by the methods that the screens and jobs call."""

from decimal import Decimal

from demo.debtors import Act, Debtor, calls


def agrees(day, kind, text, **edits):
    """Offers and agreement in one call: `kind` is a ready offer of the dialog, `edits` what is typed over."""
    return Act(day, "agree", {"kind": kind, "text": text, "edits": edits})


def offers(day, kinds):
    """Proposals are sent, and not answered yet."""
    return Act(day, "offer", {"kinds": kinds})


def asks(day, kind, reason, **edits):
    """More than the collector may give: somebody has to approve it."""
    return Act(day, "ask", {"kind": kind, "reason": reason, "edits": edits})


def pays_installments(*days):
    """What is due of the agreement by each of these days is paid, with the charges of what is late."""
    return tuple(Act(day, "pay_installments") for day in days)


def pays_off(day):
    return Act(day, "pay_off")


# Acts of who owes nothing that is late, so that he is not in the queue.
OF_AGREEMENTS = ("pay_installments", "pay_off")
NEGOTIATING = (
    Debtor(
        "school",
        132,
        (
            calls(52, "informed", "Quer acertar, mas não consegue tudo de uma vez."),
            agrees(46, "long", "Aceitou por telefone a entrada e cinco parcelas.", count="5"),
            *pays_installments(44, 23, 2),
        ),
        is_big=True,
        resumes=True,
    ),
    Debtor(
        "software",
        130,
        (
            agrees(48, "long", "Sócio aprovou o parcelamento por telefone."),
            *pays_installments(46, 25),
            pays_off(8),
        ),
        is_big=True,
        resumes=True,
    ),
    Debtor(
        "software",
        134,
        (
            agrees(44, "long", "Aceitou a entrada e cinco parcelas.", count="5"),
            # Nothing after the down payment: the rule breaks it.
            *pays_installments(42),
        ),
        is_big=True,
    ),
    Debtor(
        "school",
        124,
        (
            agrees(32, "long", "Aceitou por telefone.", count="3"),
            *pays_installments(30),
        ),
        is_big=True,
    ),
    Debtor("software", 92, (calls(5, "informed", "Pediu opções por escrito."), offers(2, ("cash", "short", "long")))),
    Debtor(
        "school",
        94,
        (
            calls(4, "refused", "Só consegue R$ 120,00 por mês."),
            asks(1, "long", "Cliente há quatro anos, sempre em dia; perdeu renda em julho.", count="18"),
        ),
        is_big=True,
    ),
)


class Negotiation:
    """Plays what the collectors agree with customers, and the daily look at their agreements."""

    def __init__(self, demo, desk):
        self.demo, self.desk = demo, desk
        self.env, self.company = demo.env, demo.company

    def follow(self):
        """The jobs of the night: proposals expire, interest is earned, agreements are announced or broken."""
        self.env["cobranca.proposal"]._cron_expire()
        self.env["cobranca.agreement"]._cron_recognize()
        self.env["cobranca.agreement"]._cron_follow()

    # --- what collectors do ---

    def _open(self, contract, kinds, edits=None):
        """The dialog with only the offers of these kinds, and what is typed over them.

        :return: (cobranca.proposal.desk, its values)
        """
        desk = self.env["cobranca.proposal.desk"].with_user(self.desk._get_user(contract))
        desk = desk.with_company(self.company)
        values = desk.simulate_open(contract.partner_id.id, [])["values"]
        # What is small or not late for long is offered in fewer ways.
        columns = [column for column in values["columns"] if column["key"] in kinds]
        values["columns"] = columns or values["columns"][-1:]
        for name, typed in (edits or {}).items():
            values = desk.simulate_edit(values, 0, name, typed)["values"]
        return desk, values

    def _get_open_proposal(self, contract):
        partner = contract.partner_id.commercial_partner_id
        return self.env["cobranca.proposal"].search(
            [("partner_id", "=", partner.id), ("state", "=", "sent")], order="id desc", limit=1
        )

    def agree(self, contract, kind, text, edits):
        desk, values = self._open(contract, (kind,), edits)
        desk.send(values, [0], "call")
        proposal = self._get_open_proposal(contract).with_user(desk.env.user)
        proposal._accept({"channel": "call", "text": text})

    def offer(self, contract, kinds):
        desk, values = self._open(contract, kinds)
        desk.send(values, list(range(len(values["columns"]))), "call")

    def ask(self, contract, kind, reason, edits):
        desk, values = self._open(contract, (kind,), edits)
        desk.ask_approval(values, 0, reason, "call")

    # --- what customers pay ---

    def _get_agreement(self, contract):
        partner = contract.partner_id.commercial_partner_id
        return self.env["cobranca.agreement"].search([("partner_id", "=", partner.id), ("state", "=", "active")])

    def pay_installments(self, contract):
        from odoo.addons.cobranca_recorrente.models.cobranca_receipt import Receipt  # noqa: PLC0415  (found later)

        day = self.company._cobranca_today()
        items = self._get_agreement(contract).installment_ids._get_open()
        lines = items.filtered(lambda item: item.due <= self.demo.story.payments.days.next(day)).line_id
        costs = lines._cobranca_read_debts(day)
        amounts = {line: float(costs[line].charges.total) for line in lines}
        credits = self.demo.story.payments._register(day, lines, amounts)
        self.env["cobranca.receipt"]._receive_all([Receipt(credits[line], line, day) for line in lines])

    def pay_off(self, contract):
        agreement = self._get_agreement(contract).with_user(self.desk._get_user(contract))
        agreement.sudo()._register_pay_off(self.demo.story.payments.journal, self.company._cobranca_today())

    # --- what must be true of them ---

    def check(self):
        """Problems of the agreements, by sums that the product does not make."""
        agreements = self.env["cobranca.agreement"].search([("placement_id", "=", False)])
        states = sorted(agreements.mapped("state"))
        if states != ["active", "active", "broken", "paid"]:
            yield f"agreements are {', '.join(states)}"
        for agreement in agreements:
            installments = sum(Decimal(f"{item.amount:.2f}") for item in agreement.installment_ids)
            parts = ("given_fine", "given_interest", "given_correction", "given_principal")
            given = sum(Decimal(f"{agreement[name]:.2f}") for name in parts)
            before, financing = Decimal(f"{agreement.before:.2f}"), Decimal(f"{agreement.financing:.2f}")
            if installments != before - given + financing:
                yield f"{agreement.name}: {installments} in installments, {before} - {given} + {financing} agreed"
            origins = sum(Decimal(f"{origin.line_id.amount_residual:.2f}") for origin in agreement.origin_ids)
            if bool(origins) != (agreement.state == "broken"):
                yield f"{agreement.name} is {agreement.state}, and {origins} is open of its debts"
