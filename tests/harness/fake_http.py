"""Stands for outside services by HTTP: knows how it must be called, refuses all else, fails on demand.

route = service.route("POST", "/charges", body={"amount": float}, answer={"status": "paid"})
route.fail(500, times=2)
…
assert route.calls[0].body["amount"] == 10.0
"""

import json
import re
import socket
import struct
import threading
import urllib.parse
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from harness.shapes import mismatches
from harness.waiting import wait_until

CLOSE_WITH_RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Call:
    """One call as it came; `body` is parsed when its type is JSON or a form, else bytes."""

    method: str
    path: str
    query: dict
    headers: dict
    body: object


@dataclass
class Route:
    """One kind of call that the service knows.

    :param headers: shapes by lower-case name of the headers that must be there
    :param query: shape of the parameters after `?`
    :param body: shape of the body; None: there must be none
    :param answer: JSON value, bytes, or a callable that makes one of the Call
    """

    method: str
    path: re.Pattern
    headers: dict = field(default_factory=dict)
    query: dict = field(default_factory=dict)
    body: object = None
    answer: object = field(default_factory=dict)
    status: int = 200
    calls: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    delay_s: float = 0.0

    def fail(self, status=500, times=1):
        """Answer the next calls with an error."""
        self.faults += [status] * times

    def cut(self, times=1):
        """Read the next calls, then drop the connection: the answer is lost."""
        self.faults += ["cut"] * times

    def slow_down(self, delay_s):
        """Wait before each answer."""
        self.delay_s = delay_s

    def problems(self, call):
        """How a call differs from what this route wants; a list, empty when it fits."""
        found = [
            message
            for name, shape in self.headers.items()
            for message in mismatches(call.headers.get(name), shape, f"header {name}")
        ]
        found += mismatches(call.query, self.query, "query")
        if self.body is None:
            return found + (["body: there must be none"] if call.body else [])
        return found + mismatches(call.body, self.body)

    def wait_for_calls(self, count, limit_s=120.0):
        """Wait for a number of well-formed calls, answered or not."""
        wait_until(lambda: len(self.calls) >= count, f"{count} calls of {self.path.pattern}", limit_s)
        return list(self.calls)


class FakeService:
    """Runs in threads of the test's process from `start` to `stop`."""

    def __init__(self):
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.reset()
        self._server = ServiceServer(self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def reset(self):
        """Forget routes and violations."""
        self.routes = []
        self.violations = []

    def start(self):
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self):
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def route(self, method, path, **expectations):
        """Let the service know a call.

        :param str path: regular expression for the whole path
        :param expectations: see `Route`
        """
        route = Route(method, re.compile(path), **expectations)
        self.routes.append(route)
        return route

    def take_violations(self):
        """Return the violations and forget them: for a test that provokes some."""
        with self.lock:
            violations, self.violations = self.violations, []
        return violations

    def check(self):
        """Fail when the service was called in a way that it does not know.

        :raise AssertionError: with every violation
        """
        if violations := self.take_violations():
            raise AssertionError("the outside service was called wrongly:\n  " + "\n  ".join(violations))

    def find(self, call):
        """The route for a call.

        :return: (route or None, status to refuse with or None, problems)
        """
        by_path = [route for route in self.routes if route.path.fullmatch(call.path)]
        if not by_path:
            return None, 404, ["no such path"]
        by_method = [route for route in by_path if route.method == call.method]
        if not by_method:
            return None, 405, ["method not allowed here"]
        problems = []
        for route in by_method:
            problems = route.problems(call)
            if not problems:
                return route, None, []
        return None, 422, problems


class ServiceServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, fake):
        self.fake = fake
        super().__init__(("127.0.0.1", 0), ServiceHandler)


class ServiceHandler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"

    def serve(self):
        fake = self.server.fake
        try:
            call = self.read_call()
        except ValueError as error:
            return self.refuse(400, [str(error)])
        route, refusal, problems = fake.find(call)
        if refusal:
            return self.refuse(refusal, problems)
        with fake.lock:
            route.calls.append(call)
            fault = route.faults.pop(0) if route.faults else None
        fake.stopping.wait(route.delay_s)
        if fault == "cut":
            return self.cut()
        if fault:
            return self.send(fault, {"error": "failing on purpose"})
        return self.send(route.status, route.answer(call) if callable(route.answer) else route.answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve

    def read_call(self):
        """:raise ValueError: when the call cannot be read as what it says it is"""
        url = urllib.parse.urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = parse_body(headers.get("content-type", ""), self.read_body(headers))
        return Call(self.command, url.path, parse_form(url.query), headers, body)

    def read_body(self, headers):
        if "transfer-encoding" in headers:
            raise ValueError("the body has no length")
        return self.rfile.read(int(headers.get("content-length", 0)))

    def refuse(self, status, problems):
        with self.server.fake.lock:
            self.server.fake.violations += [f"{self.command} {self.path}: {problem}" for problem in problems]
        self.send(status, {"problems": problems})

    def send(self, status, answer):
        is_bytes = isinstance(answer, bytes)
        content = answer if is_bytes else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/octet-stream" if is_bytes else "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def cut(self):
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, CLOSE_WITH_RESET)
        self.connection.close()

    def handle(self):
        try:
            super().handle()
        except (ConnectionError, ValueError):  # the client went away, or we cut the connection
            self.close_connection = True

    def log_message(self, *_arguments):
        """Calls are kept, not printed."""


def parse_body(content_type, content):
    """The body by its type: JSON, a form, or bytes as they are; None for no body."""
    if not content:
        return None
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return json.loads(content)
    if kind == "application/x-www-form-urlencoded":
        return parse_form(content.decode())
    return content


def parse_form(text):
    """Parameters as a dict; one that is given twice is a mistake.

    :raise ValueError: for a repeated parameter
    """
    pairs = urllib.parse.parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text))
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError(f"a parameter is given twice: {text}")
    return values
