import json

from werkzeug.exceptions import RequestEntityTooLarge

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from ..tools import agency_call

PATH = "/cobranca/assessoria/v1/<string:key>"
MOST_BYTES = 1024 * 1024
MOST_EVENTS = 200
FILES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
STATUS = {"signature": 401, "clock": 401, "closed": 403, "replay": 409, "limit": 429}


class AgencyApi(http.Controller):
    """Calls of an agency's own system: each is signed, taken once, and done as a user of the agency."""

    @http.route(
        f"{PATH}/carteira",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        max_content_length=MOST_BYTES,
    )
    def agency_api_portfolio(self, key, **kwargs):
        """What is with the agency now, in parts as JSON, or whole as a file."""
        asked = request.httprequest.args
        formato, depois = asked.get("formato", "json"), asked.get("depois", "0")
        agency, refusal = self._open(key)
        if refusal:
            return refusal
        if formato not in ("json", *FILES) or not (depois.isascii() and depois.isdigit() and len(depois) < 10):
            return self._refuse(422, "parameters", request.env._("formato is json, csv or xlsx; depois is a number."))
        Portfolio = request.env["cobranca.agency.portfolio"]
        try:
            if formato == "json":
                rows, following = Portfolio._get_page(agency, int(depois))
                return self._answer({"carteira": rows, "depois": following or None})
            name, content = Portfolio._export(agency, formato)
        except UserError as refused:
            return self._refuse(429, "limit", str(refused))
        headers = [("Content-Type", FILES[formato]), ("Content-Disposition", content_disposition(name))]
        return request.make_response(content, headers)

    # The signature protects what cookies would: a call without it does nothing, and no browser makes one.
    @http.route(
        f"{PATH}/eventos",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=MOST_BYTES,
    )
    def agency_api_events(self, key, **kwargs):
        """Take what the agency did; each event is answered."""
        agency, refusal = self._open(key)
        if refusal:
            return refusal
        events = self._read_events()
        if events is None:
            message = request.env._(
                "Send JSON: an object with “eventos”, a list of 1 to %(most)s objects.", most=MOST_EVENTS
            )
            return self._refuse(422, "body", message)
        answers = request.env["cobranca.agency.event"]._take(agency, events, "api")
        return self._answer(
            {
                "eventos": [
                    {
                        "id": answer.identity or None,
                        "situacao": request.env["cobranca.agency.file"]._get_state_word(answer.state),
                        "motivo": answer.reason or None,
                        "repetido": answer.is_repeated,
                    }
                    for answer in answers
                ]
            }
        )

    def _open(self, identifier):
        """Find out who calls; from then on the request is one of a user of the agency.

        :return: (cobranca.agency with the rights of the system, None) or (None, the refusal)
        """
        http_request = request.httprequest
        try:
            body = http_request.get_data()
        except RequestEntityTooLarge:
            return None, self._refuse(413, "size", request.env._("Send fewer events at a time."))
        query = http_request.environ.get("QUERY_STRING", "")
        path = f"{http_request.path}?{query}" if query else http_request.path
        header = http_request.headers.get(agency_call.SIGNATURE, "")
        opened = request.env["cobranca.agency.call"]._open(
            identifier, http_request.remote_addr, header, http_request.method, path, body
        )
        if opened.refusal:
            return None, self._refuse(STATUS[opened.refusal], opened.refusal, self._get_words(opened.refusal))
        user = opened.key.user_id
        request.update_env(user=user.id, context={"lang": user.lang, "tz": user.tz})
        # sudo: the agency of the key, whose user asks
        return request.env["cobranca.agency"].sudo().browse(opened.key.agency_id.id), None

    def _read_events(self):
        """:return: list of dict, or None for what is no such body"""
        try:
            content = json.loads(request.httprequest.get_data())
        except (ValueError, RecursionError):
            return None
        events = content.get("eventos") if isinstance(content, dict) else None
        is_list = isinstance(events, list) and 0 < len(events) <= MOST_EVENTS
        return events if is_list and all(isinstance(event, dict) for event in events) else None

    def _get_words(self, refusal):
        return {
            "signature": request.env._("The key is not known, or the signature is not that of its secret."),
            "clock": request.env._(
                "The call is more than %(minutes)s minutes old, or your clock is wrong.",
                minutes=agency_call.WINDOW_S // 60,
            ),
            "closed": request.env._("The access of this agency, or of the user of this key, is closed."),
            "replay": request.env._("This call was made already: sign each attempt anew."),
            "limit": request.env._("Too many calls: wait an hour."),
        }[refusal]

    def _refuse(self, status, code, message):
        return self._answer({"erro": {"codigo": code, "mensagem": message}}, status)

    def _answer(self, content, status=200):
        headers = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
        return request.make_json_response(content, headers, status=status)
