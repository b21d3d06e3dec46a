from datetime import timedelta

from odoo import api, models
from odoo.tools.misc import format_date


class CobrancaAgreementPageWords(models.AbstractModel):
    """How an agreement stands, said kindly to the customer who has it."""

    _name = "cobranca.agreement.page.words"
    _description = "Words of the Page of Agreements"

    # === BUSINESS METHODS === #

    @api.model
    def _get_standing(self, agreement):
        """One word, and whether it is good news.

        :return: dict(label, tone); tone of Bootstrap
        """
        env = agreement.env
        if agreement.state == "active":
            if agreement.late_count:
                return {"label": env._("Payment open"), "tone": "warning"}
            return {"label": env._("Up to date"), "tone": "success"}
        labels = {
            "paid": (env._("Paid in full"), "success"),
            "renegotiated": (env._("Renegotiated"), "secondary"),
        }
        label, tone = labels.get(agreement.state, (env._("Ended"), "secondary"))
        return {"label": label, "tone": tone}

    @api.model
    def _get_sentences(self, agreement, has_letter):
        """What the customer should know now, and what he can do.

        :param bool has_letter: is the letter of quittance there already?
        :return: list of str
        """
        env = agreement.env
        if agreement.state == "active":
            return [*self._get_active_sentences(agreement), *self._get_fee_sentences(agreement)]
        if agreement.state == "paid":
            letter = (
                env._("Your letter of quittance is below.")
                if has_letter
                else env._("Your letter of quittance will be here soon.")
            )
            return [env._("All is paid, thank you."), letter]
        if agreement.state == "renegotiated":
            names = ", ".join(agreement.child_ids.filtered(lambda item: item.state != "cancelled").mapped("name"))
            return [env._("The agreement %(name)s has taken its place.", name=names)]
        return [
            env._("This agreement ended on %(day)s.", day=format_date(env, agreement.ended_on)),
            env._("All that you paid counts for the original payments, which are open again."),
            env._("Speak with us: we look for another way together."),
        ]

    @api.model
    def _get_fee_sentences(self, agreement):
        if not agreement.fee:
            return []
        fee = agreement.currency_id.format(agreement.fee)
        return [agreement.env._("The payments contain %(fee)s of collection fees of the agency.", fee=fee)]

    @api.model
    def _get_active_sentences(self, agreement):
        env = agreement.env
        if not agreement.late_count:
            day = format_date(env, agreement.next_due)
            if "paid" not in agreement.installment_ids.mapped("state"):
                return [env._("The first payment is due on %(day)s.", day=day)]
            return [env._("Thank you for paying in time. The next payment is due on %(day)s.", day=day)]
        day = format_date(env, agreement.next_due)
        sentences = [
            env._("%(count)s payments are open, the oldest was due on %(day)s.", count=agreement.late_count, day=day)
            if agreement.late_count > 1
            else env._("The payment of %(day)s is open.", day=day)
        ]
        if agreement.warned_on and agreement._get_last_day() >= agreement.company_id._cobranca_today():
            last = format_date(env, agreement._get_last_day())
            keeps = env._("Paying what is overdue until %(day)s keeps the agreement and its discounts.", day=last)
            sentences.append(keeps)
        sentences.append(env._("If it does not fit any more, speak with us: we look for another way together."))
        return sentences

    @api.model
    def _get_installment_text(self, item):
        """When an installment is or was to be paid, or what became of it."""
        env = item.env
        if item.state == "paid":
            return env._("Paid on %(day)s", day=format_date(env, item.paid_on))
        if item.state == "replaced":
            return env._("Renegotiated")
        if item.state == "void":
            return env._("Not owed any more")
        today, day = item.company_id._cobranca_today(), format_date(env, item.due)
        if item.due == today:
            return env._("Due today")
        if item.due == today + timedelta(days=1):
            return env._("Due tomorrow")
        if item.state == "late":
            return env._("Was due on %(day)s", day=day)
        return env._("Due on %(day)s", day=day)
