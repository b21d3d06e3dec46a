from odoo import api, models


class CobrancaMessageChosen(models.AbstractModel):
    """The message of a day that the customer chose himself: of no ladder and no step."""

    _name = "cobranca.message.chosen"
    _description = "Message of a Chosen Day"

    # === BUSINESS METHODS === #

    @api.model
    def _make_chosen(self, company, date, debtor, recipient, lines, **values):
        """A message about some open lines, by e-mail, at the next lawful hour of a day.

        :param lines: account.move.line of one debtor; of several currencies those of the company's own
        :param values: of the message, for one that is no reminder of a chosen day
        :return: cobranca.message
        """
        people = self.env["cobranca.dunning.people"]
        currency = company.currency_id if company.currency_id in lines.currency_id else lines.currency_id[:1]
        asked = lines.filtered(lambda line: line.currency_id == currency)
        debts = asked._cobranca_read_debts(date)
        state = recipient.state_id or debtor.state_id
        message = self.create(
            {
                "company_id": company.id,
                "currency_id": currency.id,
                "partner_id": debtor.id,
                "recipient_id": recipient.id,
                "address": people._get_address("email", recipient),
                "date": date,
                "channel": "email",
                "kind": "reminder",
                "send_at": people._get_next_moment(
                    state, 0, max(people._get_now(), people._get_moment(state, date, 0))
                ),
                **values,
            }
        )
        self.env["cobranca.message.line"].create(
            [
                {
                    "message_id": message.id,
                    "company_id": company.id,
                    "currency_id": currency.id,
                    "line_id": line.id,
                    **self._prepare_line(line, debts[line]),
                }
                for line in asked
            ]
        )
        message._sum_up(date)
        self.env["cobranca.case.touch"]._touch(company, debtor)
        self.env["cobranca.dunning.engine"]._wake(message)
        return message

    def _is_chosen(self):
        """Was it made for a day that the customer chose?"""
        return not self.level_id and self.kind == "reminder"
