from collections import namedtuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..tools.credit_loss import LEAST_CONTACTS, LONGEST_SILENCE, is_kept_up
from .cobranca_interaction import EVENTS

Contacts = namedtuple("Contacts", "count last")
NO_CONTACTS = Contacts(0, False)


class CobrancaLossProof(models.AbstractModel):
    """Whether the collection of debts was kept up, by the register of contacts (Lei 9.430, art. 9)."""

    _name = "cobranca.loss.proof"
    _description = "Proof of Collection"

    @api.model
    def _get_contacts(self, lines, date):
        """The contacts that were made about debts after they fell due.

        Those of the debt itself and those with the customer about all that he owes; what he wrote, and
        what the system noted, are no efforts of ours. Later addons add theirs.

        :param lines: account.move.line
        :param date date: until this day, in the time of the company
        :return: {line: Contacts(count, last day)}
        """
        for model in ("cobranca.interaction", "account.move.line", "res.partner", "res.company"):
            self.env[model].flush_model()
        day = SQL("(contact.date AT TIME ZONE 'UTC' AT TIME ZONE company.cobranca_tz)::date")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, count(*), max(%(day)s)
                  FROM account_move_line line
                  JOIN res_company company ON company.id = line.company_id
                  JOIN res_partner partner ON partner.id = line.partner_id
                  JOIN cobranca_interaction contact
                    ON contact.partner_id = partner.commercial_partner_id AND contact.company_id = line.company_id
                 WHERE line.id = ANY(%(ids)s)
                   AND contact.retracted_on IS NULL
                   AND contact.direction = 'out' AND contact.channel <> 'system' AND contact.outcome <> ALL(%(events)s)
                   AND %(day)s > line.date_maturity AND %(day)s <= %(date)s
                   AND (
                       NOT EXISTS (
                           SELECT FROM cobranca_interaction_line_rel about WHERE about.interaction_id = contact.id
                       )
                       OR EXISTS (
                           SELECT FROM cobranca_interaction_line_rel about
                            WHERE about.interaction_id = contact.id AND about.line_id = line.id
                       )
                   )
                 GROUP BY line.id
                """,
                day=day,
                date=date,
                events=[event for event, _label in EVENTS],
                ids=list(lines.ids),
            )
        )
        return {lines.browse(line): Contacts(count, last) for line, count, last in rows}

    @api.model
    def _is_kept_up(self, contacts, date):
        """Is that enough to say that collection was kept up?"""
        return is_kept_up(contacts.count, contacts.last or None, date)

    @api.model
    def _get_proofs(self, rules, date, proof):
        """What proves each loss: the register of contacts where collection was kept up, else what was written.

        :param dict rules: {line: tools.credit_loss.LossRule}
        :param str proof: that a person wrote, or nothing
        :return: {line: str}
        :raise UserError: with the debt that lacks a proof, and what is missing
        """
        lines = self.env["account.move.line"].union(*rules)
        found = self._get_contacts(lines, date)
        proofs = {}
        for line, rule in rules.items():
            contacts = found.get(line, NO_CONTACTS)
            is_proved = rule.proof == "collection" and self._is_kept_up(contacts, date)
            texts = [self._get_proof_text(contacts) if is_proved else "", proof]
            proofs[line] = " ".join(filter(None, texts))
            if rule.proof != "none" and not proofs[line]:
                self._refuse_without_proof(line, rule, self._get_missing_text(contacts, date))
        return proofs

    @api.model
    def _refuse_without_proof(self, line, rule, missing):
        if rule.proof == "lawsuit":
            raise UserError(
                self.env._(
                    "%(debt)s needs a proof: write the number of the lawsuit (Lei 9.430, art. 9).", debt=line.move_name
                )
            )
        raise UserError(
            self.env._(
                "%(debt)s needs a proof that its collection was kept up (Lei 9.430, art. 9). %(missing)s Register the "
                "contacts, or write where the others are proved: letters, protest, credit bureau.",
                debt=line.move_name,
                missing=missing,
            )
        )

    @api.model
    def _get_proof_text(self, contacts):
        """What the register proves.

        :return: str
        """
        return self.env._(
            "Contacts registered since the due date: %(count)s, the last on %(day)s.",
            count=contacts.count,
            day=format_date(self.env, contacts.last),
        )

    @api.model
    def _get_missing_text(self, contacts, date):
        """Why the register does not prove that collection was kept up; empty when it does.

        :return: str
        """
        if self._is_kept_up(contacts, date):
            return ""
        if not contacts.count:
            return self.env._("No contact is registered since the due date.")
        if contacts.count < LEAST_CONTACTS:
            return self.env._(
                "Contacts registered since the due date: %(count)s of %(least)s.",
                count=contacts.count,
                least=LEAST_CONTACTS,
            )
        return self.env._(
            "No contact for more than %(months)s months: the last was on %(day)s.",
            months=LONGEST_SILENCE,
            day=format_date(self.env, contacts.last),
        )
