"""Questions that the tests ask a running web container."""

import contextlib
import json
import re
import time
import urllib.error
import urllib.request
from html import unescape
from urllib.parse import urlencode

TIMEOUT_S = 60


class Web:
    """A running Odoo, seen from outside."""

    def __init__(self, port, database):
        self.address = f"http://127.0.0.1:{port}"
        self.database = database

    def get(self, path):
        """(status, content type, body) of a page."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=TIMEOUT_S) as answer:
                return answer.status, answer.headers.get_content_type(), answer.read()
        except urllib.error.HTTPError as refusal:
            return refusal.code, "", b""

    def wait(self, process, limit_s=120):
        """Wait until the login page answers; false when the process ends or time is up."""
        deadline = time.monotonic() + limit_s
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(OSError):
                if self.get("/web/login")[0] == 200:
                    return True
            time.sleep(0.5)
        return False

    def bundles(self):
        """Addresses of the style sheets and scripts that the login page names."""
        page = self.get("/web/login")[2].decode()
        found = re.findall(r'(?:href|src)="(/web/assets/[^"]+\.(?:css|js))"', page)
        return [unescape(path) for path in found]

    def call(self, path, **parameters):
        """A JSON-RPC call: the result, or None when Odoo refuses."""
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": parameters}).encode()
        request = urllib.request.Request(self.address + path, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            return json.load(answer).get("result")

    def user_id(self, login, password):
        """Id of the user whom Odoo lets in, or None."""
        found = self.call("/web/session/authenticate", db=self.database, login=login, password=password)
        return found and found["uid"]

    def create_database(self, name, master_password):
        """Ask the database manager for a new database, as anybody on the network could."""
        form = {
            "master_pwd": master_password,
            "name": name,
            "login": "admin",
            "password": "admin",
            "lang": "en_US",
            "country_code": "",
            "phone": "",
        }
        with contextlib.suppress(urllib.error.HTTPError):
            urllib.request.urlopen(f"{self.address}/web/database/create", urlencode(form).encode(), TIMEOUT_S).close()
