from odoo import api, models
from odoo.exceptions import UserError

ACTION = "cobranca_negociacao.proposal_simulate"


class CobrancaProposalDesk(models.AbstractModel):
    """Negotiating with a customer: proposals side by side, of which nothing is written before one is sent.

    The server keeps nothing between the calls: the dialog holds the values and sends them back, and none of them is
    believed. Figures that are computed with are texts with a point ("600.00"), days "2026-11-24".
    """

    _name = "cobranca.proposal.desk"
    _description = "Simulation of Proposals"
    _inherit = [
        "cobranca.proposal.desk.debts",
        "cobranca.proposal.desk.values",
        "cobranca.proposal.desk.offers",
        "cobranca.proposal.desk.edit",
        "cobranca.proposal.desk.match",
        "cobranca.proposal.desk.words",
        "cobranca.proposal.desk.result",
        "cobranca.proposal.desk.sending",
    ]

    # === PUBLIC METHODS OF THE DIALOG === #

    @api.model
    def simulate_open(self, partner_id, line_ids, counter_of_id=False):
        """Begin a negotiation.

        :param int partner_id: of the customer or one of his people; False = of the lines
        :param list line_ids: ids of receivable lines that are pointed at; empty = the late ones
        :param int counter_of_id: id of the proposal that is answered
        :return: dict(title, symbol, debts, empty, channels, values, result)
        """
        debtor = self._find_debtor(partner_id, line_ids)
        with self._reading_only():
            scene = self._open(debtor, line_ids, counter_of_id)
            return {
                "title": debtor.name,
                "symbol": scene.company.currency_id.symbol,
                "debts": self._get_debt_list(scene.company, scene.debts, scene.reasons),
                "empty": "" if scene.lines else self._get_empty_text(scene),
                "channels": self._get_channels(scene),
                "values": self._pack(scene),
                "result": self._get_result(scene),
            }

    @api.model
    def simulate(self, values):
        """The figures of what the dialog holds.

        :param dict values: as the server gave them, columns taken out or copied
        :return: dict, see `_get_result`
        """
        with self._reading_only():
            return self._get_result(self._read(values))

    @api.model
    def simulate_edit(self, values, column, field, value):
        """Change one figure; the others follow.

        :param int column: place of the column; False = of all
        :param str field: total, down, amount, count, method, rate, first, next, a component (its discount) or
            percent_<component>; of all columns: line_ids, first
        :param value: as it was typed
        :return: dict(values, result)
        """
        with self._reading_only():
            return self._answer(self._edit(self._read(values), column, field, value))

    @api.model
    def fit(self, values, monthly, first):
        """The plan with which the customer pays no more than so much a month.

        :param str monthly: amount
        :param str first: day of the first payment
        :return: dict(values, result)
        """
        with self._reading_only():
            scene = self._read({**values, "monthly": monthly, "first": first})
            return self._answer(scene._replace(columns=self._with_fit(scene)))

    @api.model
    def preview(self, values, columns):
        """What the customer would read.

        :param list columns: places of the columns
        :return: dict(subject, body); its links lead nowhere
        """
        with self._reading_only():
            scene = self._read(values)
            return self._get_preview(scene, self._get_chosen(scene, columns))

    @api.model
    def send(self, values, columns, channel="email"):
        """Write proposals down and tell the customer of them.

        :param list columns: places of the columns, from which the customer chooses
        :param str channel: "email" or "call"
        :return: dict(message, action)
        :raise UserError: for what is beyond the authority, or changed meanwhile
        """
        return self._send_columns(self._read_unchanged(values), columns, channel)

    @api.model
    def ask_approval(self, values, column, reason, channel="email"):
        """Write one proposal down, which is sent when somebody who may decides so.

        :param int column: place of the column
        :param str reason: for who decides
        :return: dict(message, action)
        """
        return self._ask_for_column(self._read_unchanged(values), column, reason, channel)

    # === BUSINESS METHODS === #

    @api.model
    def _get_action(self, partner, lines=None, counter_of=None):
        """Open the dialog.

        :param partner: res.partner, may be empty where there are lines
        :param lines: account.move.line that are pointed at
        :param counter_of: cobranca.proposal that is answered
        """
        return {
            "type": "ir.actions.client",
            "tag": ACTION,
            "params": {
                "partner_id": partner.id or False,
                "line_ids": lines.ids if lines else [],
                "counter_of_id": counter_of.id if counter_of else False,
            },
        }

    @api.model
    def _reading_only(self):
        """Nothing can be written within, whoever tries: the database refuses."""
        return self.env["cobranca.dunning.simulation"]._read_only()

    @api.model
    def _answer(self, scene):
        return {"values": self._pack(scene), "result": self._get_result(scene)}

    @api.model
    def _read_unchanged(self, values):
        """What the dialog holds, unless it shows other amounts than there are now, or a part of an agreement.

        :return: Scene
        """
        scene = self._read(values)
        if values.get("seen") != self._get_seen(scene):
            raise UserError(self._get_again_text())
        Agreement = self.env["cobranca.agreement"]
        Agreement._check_parent(Agreement._get_parent(scene.lines), scene.lines)
        return scene
