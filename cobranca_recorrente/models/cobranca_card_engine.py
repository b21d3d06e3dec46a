import logging
from datetime import timedelta

import psycopg2

from odoo import Command, api, fields, models
from odoo.tools import float_repr

from .cobranca_card_transaction import AnswerLost
from .cobranca_contract_billing import CONCURRENCY_ERRORS, is_passing

_logger = logging.getLogger(__name__)

# A charge that nobody works on any more after so long has lost its answer.
LOST_MINUTES = 15
CRON = "cobranca_recorrente.ir_cron_cobranca_card"


class CobrancaCardEngine(models.AbstractModel):
    """Charges cards: claim and commit, look again under locks, call the provider, write the answer down.

    Any number of these run at once, and any of them may die at any moment: a debt is charged once or nobody knows,
    and what nobody knows is not charged again.
    """

    _name = "cobranca.card.engine"
    _inherit = ["cobranca.card.selection"]
    _description = "Charging of Cards"

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_charge(self):
        """Charge what falls due today, one customer after the other, each in transactions of his own."""
        progress = self.env["ir.cron"]._commit_progress
        self._cron_end_lost()
        for company in self._get_companies():
            date = company._cobranca_today()
            ids = self._find_due(company, date).ids
            if not progress(remaining=len(ids)):
                return
            missed = []
            for mandate_id in ids:
                if not self._cron_charge_one(company, date, mandate_id):
                    missed.append(mandate_id)
                if not progress(1):
                    return
            # Two processes that meet at one customer may both step back: by now the other one is elsewhere.
            for mandate_id in missed:
                self._cron_charge_one(company, date, mandate_id)
                if not progress():
                    return
        self._cron_tell()

    @api.model
    def _cron_charge_one(self, company, date, mandate_id):
        """Claim, commit, call, commit, book: whatever happens, the other customers are charged.

        :return: bool, False when nothing was sent because something came between: it may be tried once more
        """
        # Without the scheduler's record it only commits.
        commit = self.env["ir.cron"].with_context(ir_cron_progress_id=False)._commit_progress
        charge, is_sent = None, False
        try:
            charge = self._claim(company, date, mandate_id)
            commit()
            if not charge:
                return True
            if not self._look_again(charge):
                commit()
                return False
            is_sent = True
            self._send(charge)
            commit()
            if charge.state == "done":
                charge.transaction_id._post_process()
                commit()
        except (*CONCURRENCY_ERRORS, psycopg2.errors.UniqueViolation):
            self._cron_give_up(charge, is_sent)  # somebody else has it, or something happened meanwhile
            return is_sent
        except AnswerLost as lost:
            self._cron_give_up(charge, is_sent, str(lost))
        except Exception as error:  # whatever it is, the others are charged
            _logger.exception("Card of authorisation %s could not be charged", mandate_id)
            self._cron_give_up(charge, is_sent, f"{type(error).__name__}: {error}")
        return True

    @api.model
    def _cron_give_up(self, charge, is_sent, message=""):
        """After a failure: a claim that was sent and has no answer has lost it; one that was not is free again."""
        commit = self.env["ir.cron"].with_context(ir_cron_progress_id=False)._commit_progress
        self.env.cr.rollback()
        self.env.invalidate_all()
        for own in charge.try_lock_for_update() if charge else ():
            if is_sent:
                own._lose(message)
            else:
                own._drop(message or self.env._("Something happened to these invoices before the card was charged."))
        commit()

    @api.model
    def _cron_end_lost(self):
        """What a process left behind that died between its call and the answer."""
        commit = self.env["ir.cron"].with_context(ir_cron_progress_id=False)._commit_progress
        before = fields.Datetime.now() - timedelta(minutes=LOST_MINUTES)
        domain = [("state", "=", "claimed"), ("claimed_at", "<", before)]
        # sudo: run by the cron; a row that is locked has a process that works on it
        charges = self.env["cobranca.card.charge"].sudo().search(domain).try_lock_for_update()
        charges.filtered_domain(domain)._lose(self.env._("The server stopped before the answer came."))
        commit()

    @api.model
    def _cron_tell(self):
        """Tell the customers whose card was refused for the last time."""
        commit = self.env["ir.cron"].with_context(ir_cron_progress_id=False)._commit_progress
        # sudo: run by the cron
        Charge = self.env["cobranca.card.charge"].sudo()
        for charge_id in Charge._search_to_tell().ids:
            try:
                for own in Charge.browse(charge_id).try_lock_for_update().filtered("is_to_tell"):
                    own._tell()
                commit()
            except Exception as error:
                self.env.cr.rollback()
                self.env.invalidate_all()
                if is_passing(error):
                    continue
                _logger.exception("Customer of charge %s could not be told", charge_id)

    # === BUSINESS METHODS === #

    @api.model
    def _get_companies(self):
        """Companies that charge cards, at an hour at which they do.

        :return: res.company
        """
        # sudo: run by the cron for all companies
        companies = self.env["res.company"].sudo().search([("cobranca_card_enabled", "=", True)], order="id")
        now = fields.Datetime.now()
        return companies.filtered(lambda company: company._cobranca_local(now).hour >= company.cobranca_card_hour)

    @api.model
    def _claim(self, company, date, mandate_id):
        """Write down what is going to be charged, before anybody is called. The caller commits.

        The indexes of the claims are the guard behind the locks: who comes second fails and charges nothing.

        :return: cobranca.card.charge with its transaction; empty when there is nothing to charge any more
        """
        # sudo: run by the cron
        engine = self.sudo().with_company(company)
        Charge = engine.env["cobranca.card.charge"]
        mandate = engine.env["cobranca.card.mandate"].browse(mandate_id).try_lock_for_update()
        mandate = mandate.filtered_domain([("state", "=", "active")])
        if not mandate or not mandate._is_chargeable():
            return Charge
        lines = engine._select(company, date, mandate).get(mandate)
        free = engine.env["cobranca.dunning.engine"]._lock_lines(lines.ids) if lines else set()
        lines = lines.filtered(lambda line: line.id in free) if lines else lines
        if not lines or not mandate._has_room():
            return Charge
        quote = engine.env["cobranca.payment.quote"]._make(company, mandate.partner_id, lines, source="card", date=date)
        return engine._insert_charge(mandate, quote, date)

    @api.model
    def _insert_charge(self, mandate, quote, date):
        """The claim, and the transaction that will be sent."""
        items = quote.quote_line_ids
        tries = self._read_tries(items.line_id)
        transaction = self.env["payment.transaction"].create(self._prepare_transaction(mandate, quote))
        charge = self.env["cobranca.card.charge"].create(
            {
                "company_id": mandate.company_id.id,
                "partner_id": mandate.partner_id.id,
                "currency_id": quote.currency_id.id,
                "mandate_id": mandate.id,
                "quote_id": quote.id,
                "transaction_id": transaction.id,
                "reference": transaction.reference,
                "date": date,
                "amount": quote.amount,
                "claimed_at": fields.Datetime.now(),
                "charge_line_ids": [
                    Command.create(
                        {
                            "line_id": item.line_id.id,
                            "amount": item.amount,
                            "attempt": tries.get(item.line_id.id, (0,))[0] + 1,
                            "first_on": tries[item.line_id.id][1] if item.line_id.id in tries else date,
                        }
                    )
                    for item in items
                ],
            }
        )
        charge.flush_recordset()
        charge.charge_line_ids.flush_recordset()
        return charge

    @api.model
    def _prepare_transaction(self, mandate, quote):
        """Values of payment.transaction; its reference is the only thing by which a lost charge is found again."""
        token = mandate.token_id
        invoices = quote.quote_line_ids.line_id.move_id.filtered(lambda move: move.is_sale_document())
        reference = self.env["payment.transaction"]._compute_reference(
            token.provider_code, prefix=f"CARTAO-{quote.txid[:12]}"
        )
        return {
            "provider_id": token.provider_id.id,
            "payment_method_id": token.payment_method_id.id,
            "reference": reference,
            "amount": quote.amount,
            "currency_id": quote.currency_id.id,
            "partner_id": token.partner_id.id,
            "token_id": token.id,
            "operation": "offline",
            "cobranca_quote_id": quote.id,
            "invoice_ids": [Command.set(invoices.ids)],
        }

    @api.model
    def _look_again(self, charge):
        """Is a claimed charge still to be sent? Its rows are locked from here on until the answer is written down.

        :return: bool; else it is given up, with the reason
        """
        charge = charge.try_lock_for_update().filtered_domain([("state", "=", "claimed")])
        if not charge:
            return False
        if reason := self._find_obstacle(charge):
            charge._drop(reason)
            return False
        return True

    @api.model
    def _send(self, charge):
        """Ask the provider for the money, once.

        :raise AnswerLost: when nobody knows what the provider did
        """
        charge.transaction_id._cobranca_charge_token()
        if charge.state == "claimed":
            charge._follow()
        if charge.state == "claimed":
            raise AnswerLost(self.env._("The provider gave no answer."))

    @api.model
    def _find_obstacle(self, charge):
        """Why a claimed charge is not sent after all, in words; the debts stay locked until it is answered."""
        mandate = charge.mandate_id
        # Another run may be looking at it: it finds what is claimed here and lets it go at once.
        mandate._claim()
        mandate = mandate.filtered_domain([("state", "=", "active")])
        if not mandate or not mandate._is_chargeable():
            return self.env._("The authorisation ended before the card was charged.")
        lines = charge.charge_line_ids.line_id
        free = self.env["cobranca.dunning.engine"]._lock_lines(lines.ids)
        today = charge.company_id._cobranca_today()
        wanted = self._select(charge.company_id, today, mandate, charge).get(mandate, lines.browse())
        if free != set(lines.ids) or lines - wanted or charge.date != today:
            return self.env._("Something happened to these invoices before the card was charged.")
        costs = lines._cobranca_read_debts(today).values()
        total = float_repr(float(sum(debt.charges.total - debt.discount for debt in costs)), 2)
        if total != float_repr(charge.amount, 2):
            return self.env._("The amount changed before the card was charged.")
        return ""
