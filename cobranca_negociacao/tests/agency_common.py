from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.cobranca_recorrente.tests.common import OTHER_CPF

from .proposal_common import TODAY, ProposalCommon

# What nobody of an agency may read: other agencies, our people, floors, the whole document, addresses.
SECRET = ("INTERNAL-COLLECTOR", "Caio Nogal", "Traceback", "psycopg2", "account.move", "11.222.333/0001-81")
SECRET += ("11222333000181", "RIVAL-AGENCY", "PRIVATE-NOTE")


class AgencyCommon(ProposalCommon):
    """Two agencies on 19 November 2026; with the first one the bakery is, with its three late months.

    Célia runs the first agency, Davi works there; Rui is of the other one.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agency = cls.make_agency("Pontefirme Assessoria")
        cls.rival = cls.make_agency("RIVAL-AGENCY")
        cls.admin = cls.make_person(cls.agency, "celia", "cobranca_group_agency_admin")
        cls.worker = cls.make_person(cls.agency, "davi", "cobranca_group_agency")
        cls.outsider = cls.make_person(cls.rival, "rui", "cobranca_group_agency")
        cls.stranger = cls.make_customer("Caio Nogal", OTHER_CPF, email="caio@example.com", phone="+55 81 95555-0199")
        cls.bakery.phone = "+55 81 95555-0173"
        cls.foreign = cls.receivable(cls.make_invoice(987.65, "2026-08-17", cls.stranger))
        cls.env.flush_all()

    @classmethod
    def make_agency(cls, name, **values):
        """An agency that may work: 15 % up to 89 days late, 25 % from then on."""
        partner = cls.env["res.partner"].create({"name": name, "is_company": True, "email": "agency@example.org"})
        return cls.env["cobranca.agency"].create(
            {
                "partner_id": partner.id,
                "operator_signed_on": "2026-01-01",
                "operator_until": "2027-12-31",
                "commission_ids": [
                    Command.create({"days_from": 0, "percent": 15}),
                    Command.create({"days_from": 90, "percent": 25}),
                ],
                **values,
            }
        )

    @classmethod
    def make_person(cls, agency, login, group):
        user = new_test_user(cls.env, login, f"cobranca_negociacao.{group}", lang="en_US")
        user.partner_id.parent_id = agency.partner_id
        return user

    @classmethod
    def propose(cls, agency, lines):
        """A placement of a customer's debts, to be approved."""
        debts = lines._cobranca_read_debts(cls.company._cobranca_today())
        partner = lines.partner_id.commercial_partner_id
        Placement = cls.env["cobranca.placement"].with_context(tracking_disable=True)
        amount = float(sum(debt.charges.total for debt in debts.values()))
        return Placement.create(
            {
                "company_id": cls.company.id,
                "agency_id": agency.id,
                "partner_id": partner.id,
                "currency_id": lines.currency_id.id,
                "name": f"D/2026/{partner.id:06d}",
                "customer_name": partner.name,
                "document": partner.cobranca_masked_document,
                "line_count": len(lines),
                "amount_original": sum(lines.mapped("amount_residual")),
                "amount": amount,
                "amount_placed": amount,
                "days_late": max(debt.days_late for debt in debts.values()),
                "line_ids": [
                    Command.create(
                        {
                            "company_id": cls.company.id,
                            "currency_id": line.currency_id.id,
                            "line_id": line.id,
                            "due": debt.due,
                            "days_late": debt.days_late,
                            "amount_original": line.amount_residual,
                            "amount_placed": float(debt.charges.total),
                            "percent": agency._get_percent(debt.days_late),
                        }
                    )
                    for line, debt in debts.items()
                ],
            }
        )

    @classmethod
    def place(cls, agency=None, lines=None):
        """A placement that runs since today."""
        placement = cls.propose(agency or cls.agency, lines or cls.lines)
        placement._activate()
        return placement

    def follow(self, subject, day, hour=15):
        """The nightly run of placements, or of agencies, at an hour (UTC) of a day."""
        with self.on(day, hour), self.enter_registry_test_mode():
            self.env.ref(f"cobranca_negociacao.ir_cron_cobranca_{subject}_follow").method_direct_trigger()
        self.env.invalidate_all()


__all__ = ["SECRET", "TODAY", "AgencyCommon"]
