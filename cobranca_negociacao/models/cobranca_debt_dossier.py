from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..tools import dossier
from .cobranca_debt_dossier_facts import PAPERS

SUPERVISOR = "cobranca_recorrente.cobranca_group_supervisor"
REPORT = "cobranca_negociacao.action_report_debt_dossier"
# {word of the address: model}
PLACES = {"cliente": "res.partner", "caso": "cobranca.case", "fatura": "account.move"}
# Of more invoices the oldest ones are printed; all of them are in the index.
MOST_INVOICES = 120


class CobrancaDebtDossier(models.AbstractModel):
    """All that proves a debt, in one ZIP: for a lawyer, a bureau or a customer who contests it.

    Made anew each time, of one customer and one company; who made it is in the register of accesses (LGPD, art. 37).
    """

    _name = "cobranca.debt.dossier"
    _description = "Dossier of a Debt"
    _inherit = ["cobranca.debt.dossier.facts", "cobranca.debt.dossier.history", "cobranca.paper"]

    # === BUSINESS METHODS === #

    @api.model
    def _get_action(self, record):
        """The download of the dossier of a record.

        :param record: res.partner, cobranca.case or account.move
        :raise AccessError: for who is no supervisor
        :raise UserError: where there is no debt
        """
        if not self._find_debts(record)[2]:
            raise UserError(self.env._("There is no debt here to make a dossier of."))
        place = next(place for place, model in PLACES.items() if model == record._name)
        # A download knows no company of the screen.
        address = f"/cobranca/dossie/{place}/{record.id}?empresa={self.env.company.id}"
        return {"type": "ir.actions.act_url", "url": address, "target": "download"}

    @api.model
    def _make_of(self, record):
        """The dossier of what somebody has on his screen.

        :param record: res.partner, cobranca.case or account.move
        :return: (name of the file, bytes of a ZIP)
        :raise AccessError: for who is no supervisor, or may not read it
        :raise UserError: where there is no debt
        """
        return self._make(*self._find_debts(record))

    @api.model
    def _find_debts(self, record):
        """Whose debts, to which company, and which ones; what the user may is checked.

        :return: (res.company, res.partner, account.move.line)
        """
        self._check_user()
        record.ensure_one()
        record.check_access("read")
        company = record.company_id if record._name != "res.partner" else self.env.company
        if company not in self.env.companies:
            raise AccessError(self.env._("Choose the company of this debt first: a dossier is of one company."))
        if record._name == "account.move":
            debtor, lines = record.commercial_partner_id, record._cobranca_get_receivables()
        elif record._name == "cobranca.case":
            debtor, lines = record.partner_id, record._get_lines()
        else:
            debtor = record.commercial_partner_id
            lines = self._search_debts(company, debtor)
        return company, debtor, lines

    @api.model
    def _check_user(self):
        if not self.env.user.has_group(SUPERVISOR):
            raise AccessError(self.env._("Dossiers are made by a supervisor of Cobrança."))

    @api.model
    def _search_debts(self, company, debtor):
        """What a customer owes: what is open, with what an agreement took over and is not paid."""
        # sudo: the debts of a customer whom the user works with, as `_make` checks
        Line = self.env["account.move.line"].sudo()
        return Line.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "child_of", debtor.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("balance", ">", 0),
                ("reconciled", "=", False),
            ]
        )

    @api.model
    def _make(self, company, debtor, lines):
        """Make the dossier of some debts, with all agreements that they were or are in.

        :param lines: account.move.line
        :return: (name of the file, bytes of a ZIP)
        :raise UserError: where there is no debt
        """
        debtor._cobranca_check_business()
        # sudo: supervisors have it in one place; what goes into it is of this customer and company only
        own = self.sudo().with_company(company).with_context(lang="pt_BR")
        scope = own._get_scope(company.with_env(own.env), debtor.with_env(own.env), lines.with_env(own.env))
        if not scope.lines:
            raise UserError(self.env._("There is no debt here to make a dossier of."))
        self.env["cobranca.access.log"]._log(debtor, "dossier")
        files, missing = own._collect_files(scope)
        facts = own._get_facts(scope)
        files.append(dossier.File("lancamentos.csv", own._make_table(facts["entries"])))
        facts.update(
            files=[{"path": file.path, "sha256": file.sha256} for file in files],
            missing=missing,
            maker=self.env.user.name,
        )
        index = own._render_paper(REPORT, facts, f"Dossiê do débito · {debtor.name}")
        files.insert(0, dossier.File("00-dossie.pdf", index))
        name = f"dossie-{dossier.file_name(debtor.name or '').lower()}-{scope.today.isoformat()}.zip"
        return name, dossier.bundle(files, self.env["cobranca.dunning.people"]._get_now())

    # --- files ---

    @api.model
    def _collect_files(self, scope):
        """The papers themselves: contracts, invoices, messages, acceptances, letters.

        :return: (list of tools.dossier.File, list of what could not be printed)
        """
        files, missing = [], []
        for paper in self._search_contract_papers(scope):
            # What an address points at is not ours: it proves nothing, and is not fetched.
            if paper.type != "binary" or not paper.raw:
                missing.append(f"{paper.name}: sem o arquivo")
                continue
            dossier.add(files, "contratos", dossier.bare_name(paper.name or ""), PAPERS[paper.mimetype], paper.raw)
        for move in scope.invoices[:MOST_INVOICES]:
            try:
                document = move._get_invoice_legal_documents("pdf", allow_fallback=True)
            except UserError as error:
                missing.append(f"{move.name}: {error}")
                continue
            dossier.add(files, "faturas", move.name, "pdf", document["content"])
        missing += [f"{move.name}: além das {MOST_INVOICES} primeiras" for move in scope.invoices[MOST_INVOICES:]]
        for message in scope.messages:
            kind, content = ("html", message.body) if message.body else ("txt", message.text)
            name = f"{message.sent_at:%Y-%m-%d %H%M} {message.channel}"
            dossier.add(files, "mensagens", name, kind, dossier.without_links(content or "").encode())
        for acceptance in scope.acceptances:
            try:
                dossier.add(files, "aceites", acceptance.title, "pdf", acceptance._get_proven_file())
            except UserError as error:
                missing.append(f"{acceptance.title}: {error}")
        for letter in scope.letters.filtered("attachment_id"):
            dossier.add(files, "quitacoes", letter.name, "pdf", letter.attachment_id.raw)
        return files, missing

    @api.model
    def _make_table(self, entries):
        """The entries as a table for spreadsheets."""
        names = ("day", "entry", "account", "label", "debit", "credit")
        head = ("Data", "Lançamento", "Conta", "Histórico", "Débito", "Crédito")
        return dossier.table(head, [[row[name] for name in names] for row in entries])
