from odoo import api, models
from odoo.tools.misc import format_date


class CobrancaNegotiationPageTerm(models.AbstractModel):
    """What a customer reads of a proposal before he accepts it and after: plain values."""

    _name = "cobranca.negotiation.page.term"
    _description = "Proposal as Its Customer Reads It"

    # === BUSINESS METHODS === #

    @api.model
    def _get_sent_cards(self, proposals):
        """Proposals that stand, as the cards of the page; those that were sent last are marked first.

        :return: list of dict
        """
        cards = []
        for proposal in proposals:
            plan, company = proposal._get_plan(), proposal.company_id
            cards.append(
                {
                    "code": f"p{proposal.id}",
                    **self._prepare_plan(company, plan, company._cobranca_today()),
                    "until": proposal.until_text,
                    "names": ", ".join(proposal.line_ids.mapped("name")),
                    "is_chosen": not cards,
                }
            )
        return cards

    @api.model
    def _get_term_page(self, proposal):
        """What the page of a term shows besides the paper itself.

        :param proposal: cobranca.proposal with the rights of the system, in the customer's language
        :return: dict of plain values
        """
        env, company, plan = proposal.env, proposal.company_id, proposal._get_plan()
        money = company.currency_id.format
        what = env["cobranca.debt.page"]._get_what
        return {
            **self._get_frame(company, proposal.partner_id),
            "id": proposal.id,
            "intro": env._("%(name)s, to be confirmed until %(day)s.", name=proposal.name, day=proposal.until_text),
            "debts": [
                {
                    "what": (item.move_id and what(item.move_id)) or item.name,
                    "due": self._get_due_text(env, item.due, company._cobranca_today()),
                    "amount": money(item.amount),
                }
                for item in proposal.line_ids
            ],
            "figures": [{"label": label, "amount": amount} for label, amount in proposal._get_figure_rows()],
            "plan": self._prepare_plan(company, plan, company._cobranca_today()),
            "rules": self._get_rules(env, company),
            "ways": self._get_ways(env, company, proposal.partner_id),
        }

    @api.model
    def _get_due_text(self, env, due, today):
        day = format_date(env, due)
        return env._("was due on %(day)s", day=day) if due < today else env._("due on %(day)s", day=day)

    @api.model
    def _get_rules(self, env, company):
        """What becomes of an agreement that is not kept.

        :return: sentences
        """
        days, count = company.cobranca_agreement_break_days, company.cobranca_agreement_break_count
        sentences = [env._("It then costs what was agreed upon for late payments.")]
        if days:
            sentences.append(
                env._(
                    "When one is late for more than %(days)s days, the agreement may end after we told you.", days=days
                )
            )
        if count:
            sentences.append(env._("When %(count)s are late, the agreement may end after we told you.", count=count))
        lost = env._("The discounts are lost then, and what you have paid counts for your payments of today.")
        return " ".join([*sentences, lost])

    @api.model
    def _get_ways(self, env, company, debtor):
        """Where the code may go: list of dict(code, label)."""
        texts = {
            "email": lambda address: env._("E-mail to %(address)s", address=address),
            "sms": lambda phone: env._("SMS to %(phone)s", phone=phone),
        }
        ways = env["cobranca.acceptance.code"]._get_ways(company, debtor)
        return [{**way, "text": texts[way["code"]](way["label"])} for way in ways]

    @api.model
    def _get_thanks(self, proposal, line):
        """What the page says once it is agreed.

        :param proposal: cobranca.proposal that was accepted
        :param line: account.move.line of the next payment, empty where all is paid
        :return: dict of plain values
        """
        env, agreement = proposal.env, proposal.agreement_id
        company, today = proposal.company_id, proposal.company_id._cobranca_today()
        items = agreement.installment_ids.sorted("due")
        due = line.date_maturity
        return {
            **self._get_frame(company, proposal.partner_id),
            "id": proposal.id,
            "intro": env._(
                "Agreement %(name)s. You do not have to pay the old ones any more: pay these.", name=agreement.name
            ),
            "agreement_id": agreement.id,
            "has_paper": bool(proposal.term_id),
            "next": due and self._get_next_text(env, due, today),
            "rows": [
                {
                    "label": self._get_row_label(env, item.due, today),
                    "amount": company.currency_id.format(item.amount),
                    "is_paid": item.state == "paid",
                }
                for item in items
            ],
            "total": company.currency_id.format(agreement.total),
        }

    @api.model
    def _get_next_text(self, env, due, today):
        """When the next payment is due, as the title above the means of payment."""
        if due == today:
            return env._("Pay the first part today")
        return env._("Next payment: until %(day)s", day=format_date(env, due))
