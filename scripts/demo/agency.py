"""The agencies of the demo: what is placed with them, and what their people did, by the methods of the portal."""

from datetime import timedelta
from decimal import Decimal

from odoo import Command

from demo.debtors import Act, Debtor, calls, pays
from demo.negotiation import pays_installments

AGENCIES = {
    # name, share of the rule, arm, bands of commission, authority
    "pontefirme": ("Pontefirme Assessoria de Cobrança Ltda.", 70, "champion", ((0, 15), (60, 18), (180, 25))),
    "litoral": ("Litoral Recuperação de Crédito Ltda.", 30, "challenger", ((0, 14), (60, 17), (180, 28))),
}
PEOPLE = (
    # agency, login (also the password), name, may also administer
    ("pontefirme", "celia", "Célia Rumandel", True),
    ("pontefirme", "davi", "Davi Marambaia", False),
    ("litoral", "rui", "Rui Vilarinho", True),
)
MONDAY = 0
AUTHORITY = {
    "fine_percent": 100,
    "interest_percent": 60,
    "min_down_percent": 15,
    "max_count": 6,
    "min_installment": 50,
    "free_count": 2,
    "max_first_days": 10,
    "validity_days": 7,
}


def places(day, agency):
    """A supervisor proposes the customer for an agency, a manager approves it."""
    return Act(day, "place", {"agency": agency})


def works(day, outcome, note, **values):
    """Somebody of the agency speaks with the customer, or tries to; `until` (promise) in business days before today."""
    return Act(day, "work", {"outcome": outcome, "note": note, **values})


def agrees_there(day, kind, text):
    """The agency offers within its authority, and the customer accepts."""
    return Act(day, "agree_there", {"kind": kind, "text": text})


def recalls(day, note):
    return Act(day, "recall", {"note": note})


PLACED = (
    Debtor(
        "school",
        134,
        (
            calls(66, "refused", "Não quer falar com a escola."),
            places(58, "pontefirme"),
            works(57, "no_answer", "Chamou até cair."),
            works(54, "informed", "Explicou que perdeu o emprego; quer parcelar."),
            agrees_there(52, "short", "Aceitou por telefone a entrada e as parcelas."),
            *pays_installments(50, 29, 8),
        ),
        is_big=True,
        resumes=True,
    ),
    Debtor(
        "software",
        126,
        (
            places(52, "litoral"),
            works(50, "left_message", "Recado com a recepção, sem dizer o assunto."),
            works(46, "informed", "Financeiro novo; pediu as notas de novo e pagou."),
            pays(40),
        ),
        resumes=True,
    ),
    Debtor(
        "gym",
        122,
        (
            places(50, "pontefirme"),
            works(48, "no_answer", "Caixa postal."),
            works(
                9, "call_later", "Pediu parcelas a partir do mês que vem. Prefere depois das 18h.", next_at=(0, 17, 30)
            ),
        ),
    ),
    Debtor(
        "gym",
        116,
        (
            places(46, "litoral"),
            works(40, "no_answer", "Não atendeu."),
            works(15, "informed", "Pediu o valor de hoje por escrito; vai ver com a esposa."),
        ),
    ),
    Debtor(
        "gym",
        118,
        (
            places(48, "litoral"),
            works(44, "refused", "Diz que só fala com a academia."),
            recalls(12, "Cliente procurou a academia; atendimento volta para nós."),
        ),
    ),
)


class Agencies:
    """Makes the agencies when the first customer is placed, and plays what happens with what they have."""

    def __init__(self, demo, desk):
        self.demo, self.desk = demo, desk
        self.env, self.company = demo.env, demo.company
        self.agencies, self.people = {}, {}

    def _make_agencies(self):
        for code, (name, _share, _arm, bands) in AGENCIES.items():
            partner = self.env["res.partner"].create(
                {"name": name, "is_company": True, "vat": self.demo.people.cnpj(), "email": f"contato@{code}.example"}
            )
            today = self.company._cobranca_today()
            self.agencies[code] = self.env["cobranca.agency"].create(
                {
                    "partner_id": partner.id,
                    "operator_signed_on": today - timedelta(days=30),
                    "operator_until": self.demo.today + timedelta(days=300),
                    "commission_ids": [
                        Command.create({"days_from": days, "percent": percent}) for days, percent in bands
                    ],
                    "authority_ids": [Command.create({"role": "agency", **AUTHORITY})],
                }
            )
        for code, login, name, is_admin in PEOPLE:
            self.people[login] = self._make_person(self.agencies[code], login, name, is_admin)
        self._make_rule()

    def _make_person(self, agency, login, name, is_admin):
        group = "cobranca_group_agency_admin" if is_admin else "cobranca_group_agency"
        partner = self.env["res.partner"].create(
            {
                "name": name,
                "parent_id": agency.partner_id.id,
                "email": f"{login}@{agency.partner_id.email.split('@')[1]}",
            }
        )
        return (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "login": login,
                    "password": login,
                    "partner_id": partner.id,
                    "lang": "pt_BR",
                    "tz": "America/Sao_Paulo",
                    "group_ids": [Command.set([self.env.ref(f"cobranca_negociacao.{group}").id])],
                }
            )
        )

    def _make_rule(self):
        shares = [
            Command.create({"agency_id": self.agencies[code].id, "percent": share, "arm": arm})
            for code, (_name, share, arm, _bands) in AGENCIES.items()
        ]
        self.env["cobranca.placement.rule"].create(
            {"name": "Mais de 100 dias de atraso", "days_from": 100, "share_ids": shares}
        )

    # --- what happens ---

    def place(self, contract, agency):
        if not self.agencies:
            self._make_agencies()
        wizard = self.env["cobranca.placement.assign"].with_user(self.desk.users["otavio"])
        wizard = wizard.with_company(self.company).create(
            {
                "is_by_hand": True,
                "partner_ids": [Command.set(contract.partner_id.commercial_partner_id.ids)],
                "agency_id": self.agencies[agency].id,
            }
        )
        wizard.action_simulate()
        batch = self.env["cobranca.placement.batch"].browse(wizard.action_propose()["res_id"])
        if not batch.placement_ids:
            raise ValueError(f"{contract.partner_id.name} cannot be placed: {wizard.figures}")
        batch.with_user(self.desk.users["nara"]).action_approve()

    def _find(self, contract):
        """The running placement, as somebody of its agency finds it."""
        partner = contract.partner_id.commercial_partner_id
        [placement] = self.env["cobranca.placement"].search([("partner_id", "=", partner.id), ("state", "=", "active")])
        code = next(code for code, agency in self.agencies.items() if agency == placement.agency_id)
        login = next(login for own, login, _name, _is_admin in PEOPLE if own == code)
        found = self.env["cobranca.placement"].with_user(self.people[login]).search([("id", "=", placement.id)])
        return found.sudo()

    def work(self, contract, outcome, note, channel="call", next_at=None):
        values = {"channel": channel, "outcome": outcome, "note": note}
        if next_at:
            days, *clock = next_at
            values["next_date"] = self.desk._to_utc(self.desk.back(days), *clock)
        self._find(contract)._register_contact(values)

    def agree_there(self, contract, kind, text):
        from odoo.addons.cobranca_negociacao.models.cobranca_negotiation_page import (  # noqa: PLC0415  (found later)
            Chosen,
            Wish,
        )

        placement = self._find(contract)
        scene = placement._look()
        ready = placement.env["cobranca.negotiation.page"]._get_ready(scene)
        code = kind if kind in ready else next(iter(ready))
        seen, _chosen = placement._get_seen(scene, ready, Chosen(code, ready[code]))
        proposal = placement._offer(Wish(plan=code, seen=seen), "call")
        user = self.desk._get_user(contract)
        proposal.with_user(user).sudo(False)._accept({"channel": "call", "text": text})

    def recall(self, contract, note):
        self._find(contract).with_user(self.desk.users["otavio"]).sudo(False)._recall(note)

    def follow(self):
        """The jobs of the night, once a week and at the turn of a month, and what people do with the statements."""
        today = self.company._cobranca_today()
        if self.agencies and (today.day == 1 or today.weekday() == MONDAY):
            self.bring_up_to_date()
            self._settle_statements(today)

    def bring_up_to_date(self):
        """Terms, amounts, ledger and statements, as the jobs of the night leave them."""
        self.env["cobranca.placement"]._cron_follow()
        self.env["cobranca.agency.receipt"]._cron_collect()
        self.env["cobranca.agency.statement"]._cron_prepare()

    def _settle_statements(self, today):
        """New statements are sent; what was sent more than a week ago is agreed by both, and billed."""
        nara = self.desk.users["nara"]
        statements = self.env["cobranca.agency.statement"].search([("state", "in", ("draft", "sent"))])
        for statement in statements.with_user(nara).with_company(self.company):
            if statement.state == "draft":
                statement.action_send()
            elif statement.sent_at.date() <= today - timedelta(days=7):
                statement.with_user(self._get_administrator(statement.agency_id))._answer()
                statement.action_agree()
                statement.action_bill()

    def _get_administrator(self, agency):
        code = next(code for code, own in self.agencies.items() if own == agency)
        return self.people[next(login for own, login, _name, is_admin in PEOPLE if own == code and is_admin)]

    # --- what must be true of them ---

    def check(self):
        """Problems of the commissions, by sums that the product does not make."""
        for agency in self.agencies.values():
            receipts = self.env["cobranca.agency.receipt"].search([("agency_id", "=", agency.id)])
            if not receipts:
                yield f"{agency.name} has earned nothing"
            lines = receipts.placement_line_id.line_id
            charges = self.env["cobranca.charge"].search([("line_id", "in", lines.ids), ("state", "=", "paid")])
            cash = lines.matched_credit_ids.filtered(lambda partial: partial.credit_move_id.payment_id)
            came = sum(Decimal(f"{amount:.2f}") for amount in (*cash.mapped("amount"), *charges.mapped("amount")))
            known = sum(Decimal(f"{amount:.2f}") for amount in receipts.mapped("amount"))
            if came != known:
                yield f"{agency.name}: {came} came on its debts, {known} in its ledger"
        states = sorted(self.env["cobranca.placement"].search([]).mapped("state"))
        # One has paid its agreement, one paid at once, one was recalled.
        if states != ["active", "active", "ended", "ended", "ended"]:
            yield f"placements are {', '.join(states)}"
