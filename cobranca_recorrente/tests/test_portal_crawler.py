import threading

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .portal_common import FOREIGN, INTERNAL, TODAY, PortalCommon

REASON = "cobranca_recorrente.cobranca_close_reason_price"
ABSURD = (0, -1, 2**31, 2**63, "abc", "1e3")


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPortalCrawler(PortalCommon):
    """Every route of ours, asked by everybody for everything."""

    def our_rules(self):
        thread = threading.current_thread()
        thread.dbname = self.env.cr.dbname
        rules = self.env["ir.http"].routing_map().iter_rules()
        ours = [
            rule
            for rule in rules
            if any(
                name in vars(base) and base.__module__.startswith("odoo.addons.cobranca_")
                for base in type(rule.endpoint.func.__self__).__mro__
                for name in [rule.endpoint.func.__name__]
            )
        ]
        return [rule for rule in ours if rule.rule.startswith("/my/contratos")]

    def all_ids(self):
        known = (self.contract.id, self.foreign.id, self.draft.id, self.deleted_id)
        return (*known, *ABSURD)

    def paths(self):
        """{path: the id in it}: each route with each id."""
        rules = {rule.rule for rule in self.our_rules()}
        return {
            rule.replace("<int:contract_id>", f"{given}").replace("<int:page>", f"{given}"): given
            for rule in rules
            for given in self.all_ids()
        }

    def test_the_crawler_knows_all_routes(self):
        rules = {rule.rule for rule in self.our_rules()}
        self.assertEqual(
            rules,
            {
                "/my/contratos",
                "/my/contratos/page/<int:page>",
                "/my/contratos/<int:contract_id>",
                "/my/contratos/<int:contract_id>/cancelamento",
                "/my/contratos/<int:contract_id>/cancelamento/desistir",
            },
        )

    @mute_logger("odoo.http")
    def test_pages(self):
        """Everybody asks for everything: his own, or nothing; and nothing changes by asking."""
        before = self.snapshot()
        for login in (None, *self.users):
            self.log_in(login)
            for path, given in self.paths().items():
                with self.subTest(login=login, path=path):
                    response = self.get(path)
                    self.assertIn(response.status_code, self.expected(login, path, given))
                    self.assertHidden(response.text, self.hidden_from(login))
        self.assertEqual(self.snapshot(), before)

    def hidden_from(self, login):
        if login == "collector":  # reads contracts in the back office
            return ()
        own = (self.contract.name, "Ana Lindoso") if login == "portal_caio" else FOREIGN
        return (*INTERNAL, *own)

    def expected(self, login, path, given):
        """The statuses that may answer."""
        own = {"portal_ana": self.contract, "portal_colleague": self.contract, "portal_caio": self.foreign}.get(login)
        if path == "/my/contratos" or ("/page/" in path and isinstance(given, int)):
            return {303} if login in (None, "internal") else {200}
        if given in ("abc", "1e3"):
            return {404}
        if path.endswith("/desistir"):
            return {404, 405}
        if login is None:
            return {303}
        if login == "collector" and "cancelamento" not in path:
            return {200} if given in (self.contract.id, self.foreign.id, self.draft.id) else {404}
        return {200} if own and given == own.id else {404}

    @mute_logger("odoo.http")
    def test_forms(self):
        """Nobody but the customer changes anything, whatever the address."""
        before = self.snapshot()
        for login in (None, "portal_caio", "internal", "collector"):
            self.log_in(login)
            for given in self.all_ids():
                if login == "portal_caio" and given == self.foreign.id:
                    continue
                for suffix in ("", "/cancelamento", "/cancelamento/desistir"):
                    with self.subTest(login=login, given=given, suffix=suffix):
                        values = {"code": "soon", "reason": f"{self.env.ref(REASON).id}"}
                        response = self.post(f"/my/contratos/{given}{suffix}", **values)
                        self.assertIn(response.status_code, {404, 405} if login else {303, 404, 405})
                        if response.status_code == 303:
                            self.assertIn("/web/login", response.headers["Location"])
                        self.assertHidden(response.text, self.hidden_from(login))
        self.assertEqual(self.snapshot(), before)

    def test_unknown_keys_of_the_list(self):
        self.log_in("portal_ana")
        for query in (
            "sortby=x",
            "filterby=x",
            "sortby=note&filterby=park_reason",
            "sortby=&filterby=",
            "sortby[]=a&filterby[]=b",
            "page=-5&step=x&search_in=note&search=INTERNAL",
            "sortby=name;drop&groupby=collector_id",
        ):
            with self.subTest(query=query):
                response = self.url_open(f"/my/contratos?{query}")
                self.assertEqual(response.status_code, 200)
                self.assertIn(self.contract.name, response.text)
                self.assertHidden(response.text, (*INTERNAL, *FOREIGN))

    def test_filters_and_orders(self):
        self.log_in("portal_ana")
        self.assertNotIn(self.contract.name, self.url_open("/my/contratos?filterby=closed").text)
        for sortby in ("new", "due", "name"):
            page = self.url_open(f"/my/contratos?filterby=active&sortby={sortby}").text
            self.assertIn(self.contract.name, page)

    @mute_logger("odoo.http")
    def test_no_address_leads_away(self):
        """A redirect stays on this server, whatever is asked for."""
        self.log_in("portal_ana")
        for key in ("redirect", "next", "url", "access_token"):
            for target in ("//evil.example", "https://evil.example", "\\\\evil.example"):
                values = {key: target, "code": "soon", "reason": f"{self.env.ref(REASON).id}"}
                response = self.post(f"/my/contratos/{self.contract.id}/cancelamento/desistir", **values)
                self.assertEqual(response.status_code, 303)
                self.assertTrue(response.headers["Location"].endswith(f"/my/contratos/{self.contract.id}"))
