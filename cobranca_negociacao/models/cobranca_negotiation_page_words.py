from odoo import api, models
from odoo.tools.misc import format_date

from ..tools.plan import discount
from ..tools.wish import bounds, group

# So many payments are listed in one line with their days.
MOST_DAYS = 4
MOST_GROUPS = 3


class CobrancaNegotiationPageWords(models.AbstractModel):
    """Plans as customers read them: plain values, nothing of limits."""

    _name = "cobranca.negotiation.page.words"
    _description = "Words of the Page on Which Customers Negotiate"

    # === BUSINESS METHODS === #

    @api.model
    def _get_page(self, company, debtor, lines, wish, scope=None):
        """All that the page shows.

        :param Wish wish: what was sent
        :param scope: account.move.line that are seen; None: all of his
        :return: dict of plain values; `cards` is empty where nothing can be chosen
        :raise UserError: for a first day that cannot be
        """
        scene = self._look(company, debtor, lines, wish.lines, self._read_first(wish.first))
        ready = self._get_ready(scene)
        chosen = self._choose(scene, ready, wish)
        shown = {
            "debts": self._get_debts(scene, lines),
            "cards": [
                {"code": code, **self._prepare_plan(company, plan, scene.today), "is_chosen": code == chosen.code}
                for code, plan in ready.items()
            ],
            "plan": self._prepare_plan(company, chosen.plan, scene.today) if chosen.plan else None,
            "is_fit": chosen.code == "fit",
            "is_wished": chosen.is_wished,
            "error": chosen.error,
            "seen": chosen.seen,
            "slider": self._get_slider(scene, chosen, wish),
            "most_text": self._get_most_text(scene, ready),
            "first": {
                "value": scene.first.isoformat(),
                "min": scene.today.isoformat(),
                "max": self._get_last_first(scene).isoformat(),
            },
        }
        request = self._get_request_words(company, debtor, scope)
        return {**self._get_frame(company, debtor), **shown, "request": request}

    @api.model
    def _get_frame(self, company, debtor):
        """What each page of a negotiation shows: day and creditor."""
        Page = debtor.env["cobranca.debt.page"]
        return {"creditor": Page._get_creditor(company), "name": Page._get_first_name(debtor)}

    @api.model
    def _get_debts(self, scene, lines):
        """What may be chosen, and whether something else is left out.

        :return: dict(rows, text, is_all)
        """
        Page = scene.lines.env["cobranca.debt.page"]
        money = scene.company.currency_id.format
        rows = [
            {
                "id": line.id,
                "what": Page._get_what(line.move_id) or line.move_id.name,
                "due": line.env._("was due on %(day)s", day=format_date(line.env, debt.due)),
                "total": money(float(debt.charges.total)),
                "is_chosen": line in scene.lines,
            }
            for line, debt in scene.debts.items()
            if line not in scene.reasons
        ]
        return {"rows": rows, "text": self._get_debts_text(scene, rows), "is_all": len(rows) == len(lines)}

    @api.model
    def _get_debts_text(self, scene, rows):
        """What is negotiated, in one sentence with the day of the amount."""
        env = scene.lines.env
        values = {
            "total": scene.company.currency_id.format(float(scene.total)),
            "day": format_date(env, scene.today, date_format="dd/MM"),
        }
        if len(rows) == 1:
            return env._("%(what)s, %(total)s on %(day)s.", what=rows[0]["what"], **values)
        return env._(
            "%(chosen)s of %(count)s late payments, %(total)s on %(day)s.",
            chosen=len(scene.lines),
            count=len(rows),
            **values,
        )

    @api.model
    def _get_most_text(self, scene, ready):
        """In how many parts the ready offers are paid; empty where all of them are paid at once."""
        most = max((len(plan.installments) for plan in ready.values()), default=0)
        return scene.lines.env._("up to %(count)s payments", count=most) if most > 1 else ""

    @api.model
    def _get_slider(self, scene, chosen, wish):
        """What can be paid a month: the slider tells nothing of what is allowed.

        :return: dict(min, max, value, typed)
        """
        low, high = bounds(scene.total + discount(scene.total, scene.fee))
        greatest = max((each.amount for each in chosen.plan.installments), default=0) if chosen.plan else 0
        told = wish.monthly if chosen.code == "fit" or chosen.error else ""
        value = self._read_monthly(told) or greatest
        return {
            "min": low,
            "max": high,
            "value": min(max(round(value), low), high),
            "typed": told or f"{greatest:.2f}".replace(".", ","),
            "symbol": scene.company.currency_id.symbol,
        }

    @api.model
    def _prepare_plan(self, company, plan, today):
        """One plan in words.

        :param tools.plan.Plan plan: what is shown
        :return: dict(title, days, saved, rows, total, total_label)
        """
        money, env = company.currency_id.format, company.env
        saved = plan.before - plan.total
        return {
            "title": self._get_title(company, plan),
            "days": self._get_days(env, plan, today),
            "saved": env._("You save %(amount)s", amount=money(float(saved))) if saved > 0 else "",
            "rows": [
                {"label": self._get_row_label(env, each.due, today), "amount": money(float(each.amount))}
                for each in plan.installments
            ],
            "total": money(float(plan.total)),
            "total_label": self._get_total_label(company, plan),
        }

    @api.model
    def _get_title(self, company, plan):
        """The payments in their order, equal ones together; the plan itself tells a cent more or less."""
        money = company.currency_id.format
        if not plan.terms.count:
            return company.env._("Cash: %(amount)s", amount=money(float(plan.total)))
        groups = group([each.amount for each in plan.installments])
        if len(groups) > MOST_GROUPS:
            return company.env._(
                "%(count)s payments from %(high)s to %(low)s",
                count=len(plan.installments),
                high=money(float(max(amount for amount, _count in groups))),
                low=money(float(min(amount for amount, _count in groups))),
            )
        return " + ".join(
            f"{count} × {money(float(amount))}" if count > 1 else money(float(amount)) for amount, count in groups
        )

    @api.model
    def _get_days(self, env, plan, today):
        """When it is paid, in one line."""
        dues = [each.due for each in plan.installments]
        if len(dues) == 1:
            day = format_date(env, dues[0], date_format="dd/MM")
            return env._("today") if dues[0] == today else env._("until %(day)s", day=day)
        days = [self._get_day(env, due, today) for due in dues]
        if len(days) <= MOST_DAYS:
            return env._("%(days)s and %(last)s", days=", ".join(days[:-1]), last=days[-1])
        return env._(
            "%(first)s, then from %(next)s monthly until %(last)s",
            first=days[0],
            next=days[1],
            last=format_date(env, dues[-1]),
        )

    @api.model
    def _get_day(self, env, due, today):
        return env._("today") if due == today else format_date(env, due, date_format="dd/MM")

    @api.model
    def _get_row_label(self, env, due, today):
        return env._("Today") if due == today else format_date(env, due)

    @api.model
    def _get_total_label(self, company, plan):
        label = self._get_interest_label(company, plan)
        if not plan.fee:
            return label
        return company.env._(
            "%(label)s, with %(fee)s of collection fees (%(percent)s %%)",
            label=label,
            fee=company.currency_id.format(float(plan.fee)),
            percent=f"{plan.fee_percent.normalize():f}".replace(".", ","),
        )

    @api.model
    def _get_interest_label(self, company, plan):
        env = company.env
        if plan.financing:
            return env._(
                "Total, with %(interest)s of installment interest (%(rate)s %% a month)",
                interest=company.currency_id.format(float(plan.financing)),
                rate=f"{plan.terms.rate.normalize():f}".replace(".", ","),
            )
        return env._("Total, without installment interest") if plan.terms.count else env._("Total")
