from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal

from .agency_case import LARGEST_FORM
from .agency_pages import HOME, LISTS_AN_HOUR, AgencyPages

PATH = f"{HOME}/prestacoes"
KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
PRIVATE = {"Cache-Control": "no-store, private", "X-Content-Type-Options": "nosniff"}
# Making one takes seconds of a processor, and each takes names away.
PAPERS_AN_HOUR = 40
# What somebody has just done.
NOTICES = ("concordou", "contestou")


class AgencyStatement(AgencyPages, CustomerPortal):
    """Statements of the agency of who is logged in; what is shown is chosen by the model."""

    @http.route(PATH, type="http", auth="user", website=True, methods=["GET"])
    def agency_statements(self, **kwargs):
        """All statements that the agency has got."""
        if not self._get_agencies():
            return request.not_found()
        statements = request.env["cobranca.agency.statement"]._search_own()
        return self._render_agency(
            "agency_statements",
            {"statements": statements._get_list(), "statements_path": PATH, "agency_place": "statements"},
        )

    @http.route(f"{PATH}/<int:statement_id>", type="http", auth="user", website=True, methods=["GET"])
    def agency_statement(self, statement_id, feito="", **kwargs):
        """One statement.

        `feito`: what was just done
        """
        statement = request.env["cobranca.agency.statement"]._search_own(statement_id)
        if not statement:
            return request.not_found()
        if self._is_busy("agency_list", LISTS_AN_HOUR):
            return self._render_busy()
        # What is sent as a file is no text.
        pagina = request.httprequest.args.get("pagina", "1")
        page = int(pagina) if pagina.isascii() and pagina.isdigit() and len(pagina) < 9 else 1
        return self._render_statement(statement, page, notice=feito if feito in NOTICES else "")

    @http.route(
        f"{PATH}/<int:statement_id>/concordar",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        max_content_length=LARGEST_FORM,
    )
    def agency_statement_agree(self, statement_id, **kwargs):
        """The administrator of the agency agrees."""
        return self._answer(statement_id, "concordou")

    @http.route(
        f"{PATH}/<int:statement_id>/contestar",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        max_content_length=LARGEST_FORM,
    )
    def agency_statement_contest(self, statement_id, **kwargs):
        """The administrator of the agency contests; `motivo` in the form: what is wrong."""
        return self._answer(statement_id, "contestou", request.httprequest.form.get("motivo", ""))

    @http.route(
        f"{PATH}/<int:statement_id>/<any(xlsx,pdf):kind>", type="http", auth="user", website=True, methods=["GET"]
    )
    def agency_statement_file(self, statement_id, kind, **kwargs):
        """A statement as a file."""
        statement = request.env["cobranca.agency.statement"]._search_own(statement_id)
        if not statement:
            return request.not_found()
        if self._is_busy("agency_paper", PAPERS_AN_HOUR):
            return self._render_busy()
        return self._send(statement, kind)

    @http.route("/cobranca/prestacao/<int:statement_id>/xlsx", type="http", auth="user", methods=["GET"])
    def statement_workbook(self, statement_id, **kwargs):
        """The workbook of a statement for people of the company, by their rights."""
        Statement = request.env["cobranca.agency.statement"]
        if not Statement.has_access("read"):
            return request.not_found()
        companies = request.env.user.company_ids.ids
        statement = Statement.with_context(allowed_company_ids=companies).search([("id", "=", statement_id)])
        return self._send(statement, "xlsx") if statement else request.not_found()

    # --- parts ---

    def _render_statement(self, statement, page=1, notice="", error=""):
        shown = statement._get_page(page)
        values = {"shown": shown, "error": error, "notice": notice, "statements_path": PATH}
        return self._render_agency(
            "agency_statement", {**values, "agency_place": "statement", "agency_crumb": shown["name"]}
        )

    def _answer(self, statement_id, done, reason=None):
        statement = request.env["cobranca.agency.statement"]._search_own(statement_id)
        if not statement:
            return request.not_found()
        try:
            statement.with_env(request.env)._answer(reason)
        except AccessError:
            return request.not_found()
        except UserError as refused:
            return self._render_statement(statement, error=str(refused))
        return request.redirect(f"{PATH}/{statement.id}?feito={done}", code=303)

    def _send(self, statement, kind):
        try:
            content = statement._get_workbook() if kind == "xlsx" else statement._get_pdf()
        except UserError as refused:
            return request.make_response(str(refused), [("Content-Type", "text/plain; charset=utf-8")], status=503)
        name = f"{statement.name}.{kind}"
        headers = {**PRIVATE, "Content-Type": KINDS[kind], "Content-Disposition": content_disposition(name)}
        return request.make_response(content, list(headers.items()))
