from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..tools import agency_file
from .agency_pages import HOME, AgencyPages

PATH = f"{HOME}/arquivos"
ADMIN = "cobranca_negociacao.cobranca_group_agency_admin"
# What was brought is kept for months, with an answer to each of its rows.
UPLOADS_AN_HOUR = 60
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class AgencyFiles(AgencyPages, CustomerPortal):
    """Files of an agency, for who runs it: whose they are follows from who is logged in, never from what is sent."""

    def _find_own_agencies(self):
        """The agencies whose files the user may fetch and bring; empty: as if the page did not exist."""
        Agency = request.env["cobranca.agency"]
        return Agency._get_own() if request.env.user.has_group(ADMIN) else Agency

    @http.route(PATH, type="http", auth="user", website=True, methods=["GET"])
    def agency_files(self, recebido="", **kwargs):
        """What can be fetched and brought, and what was; `recebido` is the file that was just brought."""
        agencies = self._find_own_agencies()
        return self._render_files(agencies, brought=recebido) if agencies else request.not_found()

    @http.route(f"{PATH}/carteira", type="http", auth="user", website=True, methods=["POST"])
    def agency_portfolio(self, formato="", **kwargs):
        """The portfolio as a file."""
        agencies = self._find_own_agencies()
        if not agencies or formato not in TYPES:
            return request.not_found()
        try:
            name, content = request.env["cobranca.agency.portfolio"]._export(agencies, formato)
        except UserError as refused:
            return self._render_files(agencies, error=str(refused))
        return self._send_file(name, content)

    @http.route(f"{PATH}/modelo.csv", type="http", auth="user", website=True, methods=["GET"])
    def agency_blank_file(self, **kwargs):
        """An empty file with the columns of what can be brought."""
        if not self._find_own_agencies():
            return request.not_found()
        return self._send_file("retornos.csv", agency_file.write(agency_file.RETURNS, []))

    @http.route(
        f"{PATH}/retornos",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        max_content_length=agency_file.MOST_BYTES + 65536,
    )
    def agency_returns(self, **kwargs):
        """Take what the agency did from a file."""
        agencies = self._find_own_agencies()
        if not agencies:
            return request.not_found()
        if self._is_busy("agency_upload", UPLOADS_AN_HOUR):
            return self._render_busy()
        sent = request.httprequest.files.get("arquivo")
        if not sent or not sent.filename:
            return self._render_files(agencies, error=request.env._("Choose the file with what your people did."))
        content = sent.read(agency_file.MOST_BYTES + 1)
        try:
            record = request.env["cobranca.agency.file"]._import(agencies, sent.filename, content)
        except UserError as refused:
            return self._render_files(agencies, error=str(refused))
        return request.redirect(f"{PATH}?recebido={record.id}", code=303)

    @http.route(f"{PATH}/<int:file_id>", type="http", auth="user", website=True, methods=["GET"])
    def agency_returned_file(self, file_id, **kwargs):
        """A file that was brought, with what became of each row."""
        agencies = self._find_own_agencies()
        found = request.env["cobranca.agency.file"]._get_content(agencies, file_id) if agencies else None
        return self._send_file(*found) if found else request.not_found()

    def _send_file(self, name, content):
        headers = [
            ("Content-Type", TYPES[name.rpartition(".")[2]]),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers)

    def _render_files(self, agencies, error="", brought=""):
        history = request.env["cobranca.agency.file"]._get_history(agencies)
        values = {
            "history": history,
            "brought": next((row for row in history if row["is_in"] and str(row["id"]) == brought), None),
            "error": error,
            "columns": [column.name for column in agency_file.PORTFOLIO],
            "returns": agency_file.RETURNS,
            "agency_place": "files",
        }
        return self._render_agency("agency_files_page", values)
