from odoo import api, models
from odoo.exceptions import AccessError, UserError

# Whose files are evidence.
KEPT = ("cobranca.acceptance", "cobranca.quittance")
# Whose files print documents and contacts in full.
WHOLE = (*KEPT, "cobranca.proposal")
SUPERVISOR = "cobranca_recorrente.cobranca_group_supervisor"
CONTENT = ("raw", "datas", "db_datas", "store_fname", "checksum", "url", "type")
PLACE = ("res_model", "res_id", "res_field", "public", "access_token")
# Lets go of papers whose person is removed (LGPD, art. 16). A client can send this key, but not that object.
WIPE, ON = "cobranca_wipe_papers", object()


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    # === CRUD METHODS === #

    def write(self, vals):
        """Papers that prove something stay as they are, and are for nobody outside."""
        kept = self._get_kept_papers() if vals.keys() & {*CONTENT, *PLACE} else None
        if kept and not kept._is_same_paper(vals):
            raise UserError(self.env._("This paper proves what was accepted or settled: it stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_no_paper(self):
        if self.env.context.get(WIPE) is not ON and self._get_kept_papers():
            raise UserError(self.env._("This paper proves what was accepted or settled: it is not deleted."))

    # === BUSINESS METHODS === #

    def _check_access(self, operation):
        """Below supervisors whole papers go out by their own routes only, which write down who got them."""
        result = super()._check_access(operation)
        if self.env.su or self.env.user.has_group(SUPERVISOR):
            return result
        forbidden, refuse = result or (self.browse(), self._refuse_paper)
        # sudo: whose file it is
        papers = (self - forbidden).filtered(lambda file: file.sudo().res_model in WHOLE)
        if not papers:
            return result
        papers.invalidate_recordset(["res_model"])
        return forbidden | papers, refuse

    def _refuse_paper(self):
        return AccessError(self.env._("Whole papers are opened by a supervisor of Cobrança."))

    def _get_kept_papers(self):
        """Files that a register points at: of nobody else's rights, and not while they are being written down.

        :return: ir.attachment
        """
        return self.sudo().filtered(lambda file: file.res_model in KEPT and file.res_id)  # sudo: whose file it is

    def _is_same_paper(self, vals):
        """Is this only Odoo moving the same bytes to another storage?"""
        if vals.keys() & {*PLACE, "url", "type", "datas"} or "raw" not in vals:
            return False
        return all(file.raw == vals["raw"] for file in self)
