from odoo import http
from odoo.http import request

from ..models.cobranca_report_subscription_run import LEAVE

# The page is for one reader: neither kept nor told to others.
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


class ReportSubscription(http.Controller):
    """The page by which a reader of a subscribed report leaves: programs that follow links do not."""

    @http.route(
        f"{LEAVE}/<int:subscription_id>/<string:token>", type="http", auth="public", website=True, methods=["GET"]
    )
    def leave_page(self, subscription_id, token, **_ignored):
        """Ask whether the reader wants to leave."""
        own = self._find(subscription_id, token)[0]
        return self._render("ask" if own else "gone", own)

    @http.route(
        f"{LEAVE}/<int:subscription_id>/<string:token>", type="http", auth="public", website=True, methods=["POST"]
    )
    def leave(self, subscription_id, token, **_ignored):
        """Let the reader leave."""
        own, user, address = self._find(subscription_id, token)
        if own:
            own._remove(user=user, address=address)
        return self._render("left" if own else "gone", own)

    def _find(self, subscription_id, token):
        return request.env["cobranca.report.subscription"]._find_by_link(subscription_id, token)

    def _render(self, page, own):
        values = {"page": page, "name": own.display_name if own else "", "company": own.company_id.name if own else ""}
        response = request.render("cobranca_relatorios.report_leave", values, headers=list(HEADERS.items()))
        response.status_code = 404 if page == "gone" else 200
        return response
