import time

import requests

from odoo import api, models

from ..tools import price_index, sgs

URL_PARAMETER = "cobranca_recorrente.sgs_url"
# All of them every time: what was revised and what was missed comes in by itself, in one small answer.
FETCHED_MONTHS = 120
CONNECT_S, READ_S = 5, 8
# An answer that trickles in is given up after this, whatever each piece took.
ANSWER_S = 15
ANSWER_BYTES = 1_000_000
# Before the second attempt and before the third.
PAUSES_S = (1, 3)
# Of answers that may be another in a moment.
PASSING_STATUSES = {408, 425, 429, 500, 502, 503, 504}


class FetchFailed(Exception):
    """The values could not be fetched; the text says why, in the user's language."""


class CobrancaPriceIndexSource(models.AbstractModel):
    """Asks the central bank's time series system (SGS) for the values of an index; stores nothing."""

    _name = "cobranca.price.index.source"
    _description = "Source of a Price Index"

    def _download(self, attempts):
        """Ask the service, again when it cannot answer now.

        :return: {first day of month: percent as Decimal}
        :raise FetchFailed: with the reason for people
        """
        url, first, last = self._get_url(), *self._get_fetched_days()
        for pause in (*PAUSES_S[: attempts - 1], None):
            reason = None
            try:
                status, content = self._request(url, sgs.parameters(first, last))
            except (requests.RequestException, OSError) as error:
                reason = self.env._("the Central Bank cannot be reached (%(error)s)", error=type(error).__name__)
            else:
                if status == requests.codes.ok:
                    return self._parse(content, first, last)
                reason = self.env._("the Central Bank answers with error %(status)s", status=status)
                if status not in PASSING_STATUSES:
                    break
            if pause is not None:
                time.sleep(pause)
        raise FetchFailed(reason)

    def _get_url(self):
        # sudo: the address of a public service is no secret, and managers set no system parameters
        address = self.env["ir.config_parameter"].sudo().get_param(URL_PARAMETER)
        if not (address or "").startswith(("https://", "http://")):
            raise FetchFailed(
                self.env._("the address of the service is missing: system parameter %(name)s", name=URL_PARAMETER)
            )
        return address.rstrip("/") + sgs.path(self.sgs_code)

    def _get_fetched_days(self):
        """First and last day to ask for."""
        today = self.env.company._cobranca_today()
        return price_index.add_months(today, -FETCHED_MONTHS), today

    @api.model
    def _request(self, url, parameters):
        """The one place that goes out to the service.

        :return: (status, content as bytes)
        :raise requests.RequestException: when there is no answer in time, or too long a one
        """
        deadline = time.monotonic() + ANSWER_S
        content = bytearray()
        with requests.get(
            url,
            params=parameters,
            headers={"Accept": "application/json"},
            timeout=(CONNECT_S, READ_S),
            allow_redirects=False,
            stream=True,
        ) as answer:
            for piece in answer.iter_content(8192):
                content += piece
                if len(content) > ANSWER_BYTES:
                    raise requests.exceptions.ContentDecodingError("too long")
                if time.monotonic() > deadline:
                    raise requests.exceptions.ReadTimeout("too slow")
            return answer.status_code, bytes(content)

    @api.model
    def _parse(self, content, first, last):
        """:raise FetchFailed: saying what is wrong with the answer; none of it is taken then"""
        try:
            return sgs.parse(content, first, last)
        except sgs.BadAnswer as error:
            reasons = {
                "page": self.env._("the answer is a web page without values; the service may be under maintenance"),
                "text": self.env._("the answer is no list of values: %(value)s", value=error.value),
                "shape": self.env._("the answer has another form than agreed: %(value)s", value=error.value),
                "empty": self.env._("the answer holds no value; is the number of the series right?"),
                "day": self.env._("the answer names a day that begins no month: %(value)s", value=error.value),
                "month": self.env._("the answer names a month that was not asked for: %(value)s", value=error.value),
                "repeated": self.env._("the answer names a month twice: %(value)s", value=error.value),
                "number": self.env._("the answer holds a value that is no number: %(value)s", value=error.value),
                "absurd": self.env._("the answer holds a value that cannot be: %(value)s", value=error.value),
            }
            raise FetchFailed(reasons[error.reason]) from error
