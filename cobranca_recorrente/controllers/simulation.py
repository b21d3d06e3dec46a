from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SimulationFile(http.Controller):
    """The workbook of a simulated day, for who may simulate."""

    @http.route("/cobranca/simulacao.xlsx", type="http", auth="user", methods=["GET", "POST"], readonly=True)
    def simulation_file(self, dia="", regua="", empresas="", **kwargs):
        """:param dia: the day, as 2026-11-19
        :param regua: number of the only ladder; empty: all
        :param empresas: the companies that are chosen, as the browser keeps them; the first one is simulated
        """
        simulation = request.env["cobranca.dunning.simulation"]
        companies = [int(number) for number in empresas.split("-") if number.isascii() and number.isdigit()]
        if companies:
            simulation = simulation.with_context(allowed_company_ids=companies)
        policy_id = int(regua) if regua.isascii() and regua.isdigit() else False
        try:
            name, content = simulation._get_workbook_of(dia, policy_id)
        except UserError as refused:
            return request.make_response(str(refused), status=400)
        headers = [("Content-Type", XLSX), ("Content-Disposition", content_disposition(name))]
        return request.make_response(content, headers)
