from odoo import api, models
from odoo.tools.misc import format_date

from ..tools import bands
from ..tools.plan import COMPONENTS


class CobrancaOfferWords(models.AbstractModel):
    """Limits, and where an offer goes beyond them, in plain words: for the company's own people only."""

    _name = "cobranca.offer.words"
    _description = "Words of Offers"

    # === BUSINESS METHODS === #

    @api.model
    def _describe_band(self, rule):
        """When a rule holds: “Late 31 to 90 days · R$ 0.00 to R$ 1,000.00 · Consumers”."""
        parts = [self._describe_delay(rule.delay_from, rule.delay_to)]
        if rule.amount_from or rule.amount_below:
            parts.append(self._describe_amounts(rule))
        if rule.audience != bands.ALL:
            parts.append(dict(rule._fields["audience"]._description_selection(self.env)).get(rule.audience, ""))
        if rule.segment_id:
            parts.append(rule.segment_id.name)
        return " · ".join(parts)

    @api.model
    def _describe_delay(self, first, last):
        if last and last == first:
            return self.env._("Late %(days)s days", days=first)
        if last:
            return self.env._("Late %(first)s to %(last)s days", first=first, last=last)
        if first:
            return self.env._("Late %(first)s days or more", first=first)
        return self.env._("Whatever the delay")

    @api.model
    def _describe_amounts(self, rule):
        first, below = rule.currency_id.format(rule.amount_from), rule.currency_id.format(rule.amount_below)
        if not rule.amount_below:
            return self.env._("%(amount)s or more", amount=first)
        if not rule.amount_from:
            return self.env._("Less than %(amount)s", amount=below)
        return self.env._("%(first)s to less than %(below)s", first=first, below=below)

    @api.model
    def _describe_limits(self, limits, currency):
        """How far one may go.

        :param tools.limits.Limits limits: of a rule, of an authority or of both
        :return: sentences
        """
        names = self._get_component_names()
        percents = {name: limits.percents.get(name) for name in COMPONENTS}
        given = [f"{names[name]} {self._percent(percent)}" for name, percent in percents.items() if percent]
        if given:
            yield self.env._("Discount up to: %(parts)s.", parts=", ".join(given))
        else:
            yield self.env._("No discount.")
        if not limits.max_count:
            yield self.env._("Everything is paid at once.")
        else:
            yield from self._describe_installments(limits, currency)
        yield self.env._(
            "First payment within %(first)s days; the offer is valid for %(valid)s days.",
            first=limits.max_first_days,
            valid=limits.validity_days,
        )

    def _describe_installments(self, limits, currency):
        if limits.min_down_percent:
            yield self.env._(
                "Down payment of %(percent)s or more, up to %(count)s installments.",
                percent=self._percent(limits.min_down_percent),
                count=limits.max_count,
            )
        else:
            yield self.env._("Up to %(count)s installments.", count=limits.max_count)
        if limits.min_installment:
            yield self.env._("No installment below %(amount)s.", amount=currency.format(float(limits.min_installment)))
        if limits.min_rate and limits.free_count < limits.max_count:
            yield self.env._(
                "More than %(count)s installments cost %(rate)s a month.",
                count=limits.free_count,
                rate=self._percent(limits.min_rate),
            )

    @api.model
    def _describe_excess(self, excess, currency):
        """One thing in which an offer goes too far.

        :param tools.limits.Excess excess: kind, wanted, allowed
        :return: str
        """
        kind, _colon, component = excess.kind.partition(":")
        wanted, allowed = (self._show(kind, value, currency) for value in (excess.wanted, excess.allowed))
        if kind == "percent":
            return self.env._(
                "%(wanted)s off the %(component)s; the limit is %(allowed)s",
                wanted=wanted,
                component=self._get_component_names()[component],
                allowed=allowed,
            )
        return self._get_excess_texts({"wanted": wanted, "allowed": allowed})[kind]

    def _get_excess_texts(self, figures):
        return {
            "down": self.env._("Down payment of %(wanted)s; at least %(allowed)s", **figures),
            "count": self.env._("%(wanted)s installments; the limit is %(allowed)s", **figures),
            "installment": self.env._("Installments of %(wanted)s; at least %(allowed)s", **figures),
            "method": self.env._("%(wanted)s; the policy knows: %(allowed)s", **figures),
            "rate": self.env._("Interest of %(wanted)s a month; at least %(allowed)s", **figures),
            "first": self.env._("First payment on %(wanted)s; the limit is %(allowed)s", **figures),
            "next": self.env._("First installment on %(wanted)s; the limit is %(allowed)s", **figures),
        }

    def _show(self, kind, value, currency):
        """A figure of an excess, by what it is."""
        if kind in ("percent", "rate"):
            return self._percent(value)
        if kind in ("down", "installment"):
            return currency.format(float(value))
        if kind in ("first", "next"):
            return format_date(self.env, value)
        if kind == "method":
            labels = self._get_method_names()
            values = [value] if isinstance(value, str) else value
            return ", ".join(labels[name] for name in values) or self.env._("none")
        return str(value)

    @api.model
    def _describe_plan(self, plan, currency):
        """What an offer says: discounts and payments.

        :param tools.plan.Plan plan: as it is offered
        :return: sentences
        """
        names = self._get_component_names()
        given = [f"{names[name]} {currency.format(float(plan.given[name]))}" for name in COMPONENTS if plan.given[name]]
        if given:
            yield self.env._("Discount: %(parts)s.", parts=", ".join(given))
        for rows in self._get_runs(plan.installments):
            amount, day = currency.format(float(rows[0].amount)), format_date(self.env, rows[0].due)
            if len(rows) == 1:
                yield self.env._("%(amount)s on %(day)s.", amount=amount, day=day)
            else:
                yield self.env._("%(count)s × %(amount)s from %(day)s on.", count=len(rows), amount=amount, day=day)
        if plan.financing:
            yield self.env._("Interest of the installments: %(amount)s.", amount=currency.format(float(plan.financing)))
        if plan.fee:
            yield self.env._("Collection fees of the agency: %(amount)s.", amount=currency.format(float(plan.fee)))

    def _get_runs(self, installments):
        """Payments of one amount that follow each other; the down payment stands alone."""
        runs = []
        for row in installments:
            is_same = runs and runs[-1][-1].amount == row.amount and runs[-1][-1].number
            if is_same:
                runs[-1].append(row)
            else:
                runs.append([row])
        return runs

    @api.model
    def _get_component_names(self):
        """What parts of a debt are called in a sentence."""
        return {
            "fine": self.env._("fine"),
            "interest": self.env._("interest"),
            "correction": self.env._("correction"),
            "principal": self.env._("principal"),
        }

    @api.model
    def _get_method_names(self):
        """What ways to compute installments are called: {key: label}."""
        return dict(self.env["cobranca.offer.rule"]._fields["method"]._description_selection(self.env))

    @api.model
    def _percent(self, percent):
        return self.env["cobranca.charge.policy.words"]._format_percent(percent)
