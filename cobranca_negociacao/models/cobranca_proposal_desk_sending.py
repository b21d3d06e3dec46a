import uuid

from lxml import html as lxml_html

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..tools.plan import make_plan
from .cobranca_proposal_desk_values import Column


class CobrancaProposalDeskSending(models.AbstractModel):
    """A simulation becomes proposals."""

    _name = "cobranca.proposal.desk.sending"
    _description = "Sending of Simulated Proposals"

    # === BUSINESS METHODS === #

    @api.model
    def _get_channels(self, scene):
        """How the customer can be told.

        :return: list of dict(key, label, is_possible, why)
        """
        recipient, gap = self.env["cobranca.proposal"]._get_recipient(scene.company, scene.debtor)
        label = self.env._("By e-mail to %(name)s", name=recipient.name or "")
        told = self.env._("Told by phone: only written down")
        return [
            {"key": "email", "label": label, "is_possible": not gap, "why": gap},
            {"key": "call", "label": told, "is_possible": True, "why": ""},
        ]

    @api.model
    def _get_chosen(self, scene, places):
        """What was chosen among the columns.

        :param list places: of the columns
        :return: list of (key, tools.plan.Plan)
        :raise UserError: for none, or for one that is no plan
        """
        chosen = []
        for place in self._list(places):
            if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < len(scene.columns):
                raise UserError(self._get_again_text())
            column = scene.columns[place]
            try:
                chosen.append((column.key, make_plan(scene.parts, column.terms)))
            except ValueError as error:
                raise UserError(self._say(error)) from None
        if not chosen or len({key for key, _plan in chosen}) < len(chosen):
            raise UserError(self.env._("Choose at least one proposal."))
        return chosen

    @api.model
    def _send_columns(self, scene, places, channel):
        """:return: dict(message, action)"""
        chosen = self._get_chosen(scene, places)
        if texts := [text for _key, plan in chosen for text in self._get_beyond(scene, plan)]:
            raise UserError(
                self.env._("This is beyond your authority, ask for approval: %(texts)s", texts="; ".join(texts))
            )
        records = self.env["cobranca.proposal"]._make(scene, chosen, "sent", self._check_channel(scene, channel))
        records._send()
        return {"message": self._get_sent_message(records), "action": False}

    @api.model
    def _get_beyond(self, scene, plan):
        """In what a plan goes beyond the limits, in words."""
        return self.env["cobranca.offer.engine"]._judge(scene.company, scene.found, plan, scene.today).texts

    @api.model
    def _answer_by(self, proposal, terms, reason):
        """A counter-offer: sent where it is within the limits, else asked for.

        :param proposal: cobranca.proposal of the current company that is answered
        :param tools.plan.Terms terms: of the counter-offer
        :param str reason: for who decides
        :return: cobranca.proposal
        """
        wanted = proposal.line_ids.line_id.ids
        scene = self._look(proposal.partner_id, lambda debts, reasons: self._choose(debts, reasons, wanted))
        scene = scene._replace(counter_of=proposal, first=terms.first, columns=[Column("own", terms)])
        chosen = self._get_chosen(scene, [0])
        beyond = self._get_beyond(scene, chosen[0][1])
        state = "waiting_approval" if beyond else "sent"
        record = self.env["cobranca.proposal"]._make(scene, chosen, state, proposal.channel)
        if beyond:
            record._ask_approval(scene, chosen[0][1], reason)
        else:
            record._send()
        return record

    @api.model
    def _ask_for_column(self, scene, place, reason, channel):
        """:return: dict(message, action)"""
        chosen = self._get_chosen(scene, [place])
        record = self.env["cobranca.proposal"]._make(
            scene, chosen, "waiting_approval", self._check_channel(scene, channel)
        )
        record._ask_approval(scene, chosen[0][1], reason)
        message = self.env._("%(name)s waits for approval; it is sent when it is approved.", name=record.name)
        return {"message": message, "action": False}

    @api.model
    def _check_channel(self, scene, channel):
        """:raise UserError: for a way by which the customer cannot be told"""
        ways = {way["key"]: way["why"] for way in self._get_channels(scene)}
        if channel not in ways:
            raise UserError(self._get_again_text())
        if ways[channel]:
            raise UserError(ways[channel])
        return channel

    @api.model
    def _get_sent_message(self, records):
        values = {
            "names": ", ".join(records.mapped("name")),
            "day": format_date(self.env, max(records.mapped("expires_on"))),
        }
        if records[0].channel == "email":
            return self.env._(
                "%(names)s sent to %(name)s, to be answered by %(day)s.", name=records[0].recipient_id.name, **values
            )
        return self.env._("%(names)s written down, to be answered by %(day)s.", **values)

    @api.model
    def _get_preview(self, scene, chosen):
        """What the customer would read, of proposals that are in memory only.

        :param list chosen: of (key, tools.plan.Plan)
        :return: dict(subject, body)
        """
        Proposal = self.env["cobranca.proposal"]
        common = {**Proposal._prepare_common(scene), "channel": "email"}
        common["recipient_id"] = Proposal._get_recipient(scene.company, scene.debtor)[0].id
        imagined = [
            Proposal.new({**common, **Proposal._prepare_offer(scene, key, plan)}, ref=uuid.uuid4().hex)
            for key, plan in chosen
        ]
        words = Proposal.union(*imagined)._render_offer()
        return {"subject": words["subject"], "body": without_links(words["body"])}


def without_links(body):
    """The same text, in which nothing leads anywhere."""
    root = lxml_html.fragment_fromstring(str(body), create_parent="div")
    for node in root.iter("a"):
        node.attrib.pop("href", None)
    return lxml_html.tostring(root, encoding="unicode")
