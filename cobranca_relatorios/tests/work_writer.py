"""Rows of the work of collection by SQL: reminders, promises, contacts, and agreements that break."""

import json
from datetime import date, timedelta
from decimal import Decimal

from odoo import Command
from odoo.tools import SQL


class WorkWriter:
    """Writes what people and ladders did about the titles of a LedgerWriter.

    :param ledger: LedgerWriter
    """

    def __init__(self, ledger):
        self.ledger = ledger
        self.env = ledger.env
        self.company = ledger.company
        self.currency = ledger.company.currency_id
        self.messages = {}

    def make_levels(self, days, **values):
        """A ladder with a step for each of some days.

        :return: list of cobranca.dunning.level, in the order of the days given
        """
        levels = [
            Command.create({"name": f"L{number}", "days": day, "channel_ids": [Command.create({"channel": "call"})]})
            for number, day in enumerate(days, 1)
        ]
        policy = self.env["cobranca.dunning.policy"].create(
            {"name": "Test", "company_id": self.company.id, "level_ids": levels, **values}
        )
        self.env.flush_all()
        return [policy.level_ids.filtered(lambda level, day=day: level.days == day) for day in days]

    def step(self, title, level, day, state="sent", is_control=False):
        """A title at a step: with the customer's message of that day, or drawn to get none."""
        message = None if is_control else self._message(title, level, day, state)
        [(notice,)] = self.ledger._insert(
            "cobranca_dunning_notice",
            line_id=title.line_id,
            level_id=level.id,
            source=0,
            partner_id=title.partner_id,
            company_id=self.company.id,
            date=day,
            message_id=message,
            is_control=is_control,
        )
        return notice

    def promise(self, title, made, day, limit, amount, user, state="open"):
        """An open promise about one title, of which nothing was paid before."""
        [(promise,)] = self.ledger._insert(
            "cobranca_promise",
            company_id=self.company.id,
            currency_id=self.currency.id,
            partner_id=title.partner_id,
            date_made=made,
            date=day,
            date_limit=limit,
            amount=amount,
            # As the product leaves it until something is paid.
            amount_paid=None,
            tolerance_percent=0,
            state=state,
            user_id=user.id,
        )
        self.ledger._insert(
            "cobranca_promise_line",
            promise_id=promise,
            company_id=self.company.id,
            line_id=title.line_id,
            is_open=state == "open",
            owed=title.amount,
            paid_before=0,
            credited_before=0,
        )
        return self.env["cobranca.promise"].browse(promise)

    def contact(self, partner, moment, user, **values):
        """A call; the moment is in UTC."""
        facts = {"channel": "call", "direction": "out", "reached": "right", "outcome": "informed", **values}
        [(contact,)] = self.ledger._insert(
            "cobranca_interaction",
            company_id=self.company.id,
            partner_id=partner.id,
            date=moment,
            user_id=user and user.id,
            **facts,
        )
        return contact

    def end_agreement(self, agreement, installments, day, state="broken"):
        """Break or cancel an agreement: what is open of its installments is closed by an entry of that day."""
        for item in installments:
            left = item.amount - sum((amount for _day, amount in item.parts), Decimal(0))
            if left:
                partner = self.env["res.partner"].browse(item.partner_id)
                entry = self.ledger._write("entry", self.ledger.sales, partner, day, item.due, -left)
                self.ledger.match(item, entry, left)
                self.env.cr.execute(
                    "UPDATE cobranca_agreement_installment SET mirror_line_id = %s WHERE line_id = %s",
                    [entry.line_id, item.line_id],
                )
        self.set_agreement(agreement, state=state, ended_on=day)
        self.env.cr.execute("UPDATE cobranca_agreement_origin SET is_live = FALSE WHERE agreement_id = %s", [agreement])

    def impute(self, title, paid_on, day, amount):
        """Let what was paid for a broken agreement pay one of its debts, by the entry of the break."""
        self.env.cr.execute(
            """
            DELETE FROM account_partial_reconcile
             WHERE credit_move_id IN (SELECT transfer_line_id FROM cobranca_agreement_origin WHERE line_id = %s)
            """,
            [title.line_id],
        )
        self.env.cr.execute(
            "UPDATE account_move_line SET amount_residual = balance, reconciled = FALSE WHERE id = %s", [title.line_id]
        )
        partner = self.env["res.partner"].browse(title.partner_id)
        money = self.ledger._write("entry", self.ledger.sales, partner, day, day, -amount)
        self.env.cr.execute(
            "UPDATE account_move_line SET cobranca_paid_on = %s WHERE id = %s", [paid_on, money.line_id]
        )
        self.ledger.match(title, money, amount)

    def make_agency(self, name):
        """An agency whose customers and money are written by :meth:`place` and :meth:`receive`."""
        partner = self.env["res.partner"].create({"name": name, "is_company": True})
        agency = self.env["cobranca.agency"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "operator_signed_on": "2026-01-01",
                "operator_until": "2027-12-31",
                "commission_ids": [Command.create({"days_from": 0, "percent": 20})],
            }
        )
        self.env.flush_all()
        return agency

    def place(self, agency, partner, day, amount):
        """A customer who was with an agency for a month, with one debt.

        :return: (id of the placement, id of its line)
        """
        title = self.ledger.invoice(partner, day, day, amount)
        owner = {"company_id": self.company.id, "currency_id": self.currency.id}
        [(placement,)] = self.ledger._insert(
            "cobranca_placement",
            **owner,
            name=f"P/{title.line_id}",
            state="ended",
            agency_id=agency.id,
            partner_id=partner.id,
            placed_on=day,
            ended_on=day + timedelta(days=30),
            amount_placed=amount,
        )
        [(line,)] = self.ledger._insert(
            "cobranca_placement_line",
            **owner,
            placement_id=placement,
            line_id=title.line_id,
            due=day,
            is_live=False,
        )
        return placement, line

    def receive(self, placed, day, amount, commission):
        """Money that came while a customer was with an agency."""
        placement, line = placed
        self.env.cr.execute(
            """
            INSERT INTO cobranca_agency_receipt (company_id, currency_id, agency_id, placement_id, placement_line_id,
                   line_id, partner_id, credit_ref, date, kind, amount, commission, turn)
            SELECT item.company_id, item.currency_id, placement.agency_id, placement.id, item.id, item.line_id,
                   placement.partner_id, item.id, %s, 'payment', %s, %s, 0
              FROM cobranca_placement_line item
              JOIN cobranca_placement placement ON placement.id = item.placement_id
             WHERE placement.id = %s AND item.id = %s
            """,
            [day, amount, commission, placement, line],
        )

    def accept(self, agreement, partner, role):
        """The proposal of which an agreement came."""
        day = date(2026, 1, 5)
        self.ledger._insert(
            "cobranca_proposal",
            name="P",
            company_id=self.company.id,
            currency_id=self.currency.id,
            partner_id=partner.id,
            channel="portal",
            user_id=self.env.uid,
            role=role,
            state="accepted",
            kind="cash",
            group_key="1",
            closed_at=day,
            amount_on=day,
            expires_on=day,
            first_date=day,
            last_date=day,
            method="none",
            agreement_id=agreement,
        )

    def copy_contract(self, contract, partner, start, end):
        """The same contract, in force, for another customer and time."""
        self.env.cr.execute("SELECT nextval('cobranca_contract_id_seq')")
        [(number,)] = self.env.cr.fetchall()
        changes = {
            "id": number,
            "name": f"C/{number}",
            "partner_id": partner.id,
            "commercial_partner_id": partner.commercial_partner_id.id,
            "state": "active",
            "date_start": str(start),
            "date_end": end and str(end),
        }
        self.env.cr.execute(
            """
            INSERT INTO cobranca_contract
            SELECT (jsonb_populate_record(contract, %s)).* FROM cobranca_contract contract WHERE contract.id = %s
            """,
            [json.dumps(changes), contract.id],
        )

    def set_agreement(self, agreement, **values):
        self._update("cobranca_agreement", agreement, values)

    def set_origin(self, agreement, **values):
        """Write the amounts of the one debt of an agreement."""
        self.env.cr.execute("SELECT id FROM cobranca_agreement_origin WHERE agreement_id = %s", [agreement])
        [(origin,)] = self.env.cr.fetchall()
        self._update("cobranca_agreement_origin", origin, values)

    def _update(self, table, record, values):
        columns = SQL(", ").join(SQL("%s = %s", SQL.identifier(name), value) for name, value in values.items())
        self.env.cr.execute(SQL("UPDATE %s SET %s WHERE id = %s", SQL.identifier(table), columns, record))
        self.env.invalidate_all()

    def _message(self, title, level, day, state):
        """The message of a customer on a day: he gets one at most."""
        key = title.partner_id, day
        if key not in self.messages:
            [(self.messages[key],)] = self.ledger._insert(
                "cobranca_message",
                company_id=self.company.id,
                currency_id=self.currency.id,
                partner_id=title.partner_id,
                recipient_id=title.partner_id,
                date=day,
                policy_id=level.policy_id.id,
                level_id=level.id,
                channel="email",
                kind="notice",
                state=state,
            )
        return self.messages[key]
