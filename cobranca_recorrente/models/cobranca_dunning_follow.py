from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..tools.ladder import WEEK

ACTIVITY = "cobranca_recorrente.mail_activity_no_channel"


class CobrancaDunningFollow(models.AbstractModel):
    """What becomes of messages that could not be sent, or did not arrive."""

    _name = "cobranca.dunning.follow"
    _description = "Follow-up of Dunning Messages"

    # === BUSINESS METHODS === #

    @api.model
    def _look_after(self, company, date):
        """Before the steps of a day: let go what is too old, try again what can be reached now.

        :param company: res.company
        :param date date: of the run
        """
        # sudo: messages are written by their own methods only
        Message = self.env["cobranca.message"].sudo()
        own = Domain("company_id", "=", company.id)
        old = Domain("state", "in", ("review", "queued")) & Domain("date", "<=", date - timedelta(days=WEEK))
        lost = Domain("state", "=", "undelivered") & Domain("is_last", "=", True)
        found = Message.search(own & (old | lost)).try_lock_for_update()
        found.filtered(lambda message: message.state in ("review", "queued"))._give_back("expired")
        found.filtered(lambda message: message.state == "undelivered")._try_again(company, date)

    @api.model
    def _schedule(self, company, partner, summary, note, kind=ACTIVITY):
        """An activity on a customer for who works him; one at a time.

        :return: mail.activity
        """
        case = self.env["cobranca.case"].sudo()  # sudo: who works a customer, whoever runs the ladder
        collector = case._get_collectors(company, partner).get(partner.id)
        open_ones = self.env["mail.activity"].sudo()  # sudo: a task of a colleague counts too
        kind_id = self.env.ref(kind).id
        known = open_ones.search(
            [("res_model", "=", partner._name), ("res_id", "=", partner.id), ("activity_type_id", "=", kind_id)],
            limit=1,
        )
        if known:
            return known
        user = collector or self._get_supervisor(company)
        return partner.sudo().activity_schedule(  # sudo: the engine writes tasks, not customers
            kind, date_deadline=company._cobranca_today(), summary=summary, note=note, user_id=user.id
        )

    @api.model
    def _get_supervisor(self, company):
        """Whom to tell when nobody works a customer: the first supervisor of the company, else who runs this.

        :return: res.users
        """
        group = self.env.ref("cobranca_recorrente.cobranca_group_supervisor").sudo()  # sudo: who is in a group
        users = group.all_user_ids.filtered(lambda user: user.active and company in user.company_ids)
        return users.sorted("id")[:1] or self.env.user
