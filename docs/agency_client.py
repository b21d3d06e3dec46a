"""Example: the system of a collection agency, connected to Cobrança for Odoo. Needs Python 3.10 and nothing else.

    export COBRANCA_URL=https://odoo.example.com COBRANCA_KEY=ca_… COBRANCA_SECRET=…
    python3 agency_client.py carteira > carteira.json      # what is with you now
    python3 agency_client.py eventos < eventos.json        # what your people did; prints what became of each

docs/agency_files.md explains the columns, the events and the answers.
"""

import hashlib
import hmac
import json
import os
import re
import sys
import time
import urllib.error
import urllib.request

SIGNATURE = "X-Cobranca-Signature"
AT_ONCE = 200
WINDOW_S = 300
TIMEOUT_S = 60
ATTEMPTS = 4


class Refused(Exception):
    """The call was understood and refused: look at `code` and `message` before you make it again."""

    def __init__(self, status, code, message):
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message = status, code, message


class NoRedirection(urllib.request.HTTPRedirectHandler):
    """A signed call goes where it was addressed to, and nowhere else."""

    def redirect_request(self, *_arguments):
        return None


class Agency:
    """The side of the agency.

    :param str url: address of the system that places the debts, without a path
    :param str key: the key, `ca_…`
    :param str secret: of the key, shown once when it was made
    """

    def __init__(self, url, key, secret):
        self.url, self.key, self.secret = url.rstrip("/"), key, secret
        self.opener = urllib.request.build_opener(NoRedirection)

    def portfolio(self):
        """Each debt that is with the agency now, as a dict."""
        after = 0
        while after is not None:
            page = json.loads(self._call("GET", f"carteira?formato=json&depois={after}"))
            yield from page["carteira"]
            after = page["depois"]

    def portfolio_file(self, extension):
        """:return: bytes of the whole portfolio, extension csv or xlsx"""
        return self._call("GET", f"carteira?formato={extension}")

    def send(self, events):
        """Tell what was done. An event that is told again, because an answer was lost, counts once.

        :param events: list of dict, each with an `id` of your own
        :return: list of dict(id, situacao, motivo, repetido), one for each event
        """
        answers = []
        for start in range(0, len(events), AT_ONCE):
            body = json.dumps({"eventos": events[start : start + AT_ONCE]}).encode()
            answers += json.loads(self._call("POST", "eventos", body))["eventos"]
        return answers

    def _call(self, method, path, body=b""):
        """Make a call; what failed on the way is tried again, signed anew."""
        attempt = 1
        while True:
            try:
                return self._call_once(method, f"/cobranca/assessoria/v1/{self.key}/{path}", body)
            except (Refused, OSError) as failure:
                if attempt == ATTEMPTS or getattr(failure, "status", 500) < 500:
                    raise
            # A later second gives another signature: one is taken once only.
            time.sleep(2 ** (attempt - 1))
            attempt += 1

    def _call_once(self, method, path, body):
        headers = {SIGNATURE: sign(self.secret, int(time.time()), method, path, body)}
        if body:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(self.url + path, body or None, headers, method=method)
        try:
            with self.opener.open(request, timeout=TIMEOUT_S) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            raise read_refusal(error.code, error.read()) from None


def sign(secret, seconds, method, path, body):
    """The header of a call: HMAC-SHA256 over the seconds, the method, the path with its query, and the body."""
    message = f"{seconds}\n{method}\n{path}\n".encode() + body
    return f"t={seconds},v1={hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()}"


def read_refusal(status, content):
    """:return: Refused, with what the answer says"""
    try:
        error = json.loads(content)["erro"]
        return Refused(status, error["codigo"], error["mensagem"])
    except (ValueError, LookupError, TypeError):
        return Refused(status, "http", content[:200].decode(errors="replace"))


def is_ours(secret, header, body, now=None):
    """Did a call that came to your address come from us, within five minutes?

    :param str secret: of the address, shown once when it was made
    :param str header: X-Cobranca-Signature of the call
    :param bytes body: as it came, before it is parsed
    """
    found = re.fullmatch(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", header or "")
    if not found or not secret:
        return False
    message = f"{found[1]}.".encode() + body
    expected = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    age = (time.time() if now is None else now) - int(found[1])
    return hmac.compare_digest(found[2], expected) and abs(age) <= WINDOW_S


def main(command):
    """Fetch or tell, by what the environment says."""
    agency = Agency(*(os.environ[f"COBRANCA_{name}"] for name in ("URL", "KEY", "SECRET")))
    if command == "carteira":
        json.dump(list(agency.portfolio()), sys.stdout, ensure_ascii=False, indent=1)
    elif command == "eventos":
        json.dump(agency.send(json.load(sys.stdin)), sys.stdout, ensure_ascii=False, indent=1)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:2] or [""])
