"""A visitor by HTTP without a browser: logs in, fetches pages, calls methods as the web client does."""

import json
import urllib.error
import urllib.request
from http.cookiejar import CookieJar

LIMIT_S = 180


class CallRefused(Exception):
    """Odoo answered a call with an error; `name` is the exception's full name."""

    def __init__(self, error):
        super().__init__(error["data"]["message"])
        self.name = error["data"]["name"]


class WebClient:
    """One visitor's session at one server.

    :param str url: address of the server
    """

    def __init__(self, url):
        self.url = url
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def fetch(self, path, data=None, headers=None):
        """Fetch a page; a status of 400 or more is returned, not raised.

        :return: (status, text)
        """
        request = urllib.request.Request(self.url + path, data=data, headers=headers or {})
        try:
            with self._opener.open(request, timeout=LIMIT_S) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace")

    def json(self, path, **params):
        """Call a JSON route of Odoo.

        :return: its result
        :raise CallRefused: when Odoo answers with an error
        """
        data = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        _status, text = self.fetch(path, data, {"Content-Type": "application/json"})
        answer = json.loads(text)
        if "error" in answer:
            raise CallRefused(answer["error"])
        return answer["result"]

    def log_in(self, database, login, password):
        """:raise CallRefused: for a wrong password"""
        self.json("/web/session/authenticate", db=database, login=login, password=password)
        return self

    def call(self, model, method, *args, **kwargs):
        """Call a public method with the rights of who logged in."""
        return self.json(f"/web/dataset/call_kw/{model}/{method}", model=model, method=method, args=args, kwargs=kwargs)
