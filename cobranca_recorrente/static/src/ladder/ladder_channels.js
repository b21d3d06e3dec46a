import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";
import { TEXT_CHANGED } from "./ladder_preview";

/** The channels of a step in the order in which they are tried, each with its text. */
export class LadderChannels extends X2ManyField {
    static template = "cobranca_recorrente.LadderChannels";

    get rows() {
        return [...this.list.records].sort((one, other) => one.data.sequence - other.data.sequence);
    }

    label(row) {
        const found = row.fields.channel.selection.find(([key]) => key === row.data.channel);
        return found ? found[1] : "";
    }

    text(row) {
        return row.data.mail_template_id || row.data.sms_template_id;
    }

    /** Why a channel is not the first one. */
    words(index) {
        if (!index) {
            return "";
        }
        return {
            email: _t("if there is no e-mail, or it comes back"),
            sms: _t("if there is no mobile, or the SMS fails"),
            whatsapp: _t("if there is no WhatsApp"),
            call: _t("if there is no phone"),
            letter: _t("if there is no address"),
        }[this.rows[index - 1].data.channel];
    }

    async raise(index) {
        const rows = this.rows;
        [rows[index - 1], rows[index]] = [rows[index], rows[index - 1]];
        for (const [place, row] of rows.entries()) {
            await row.update({ sequence: 10 * (place + 1) });
        }
    }

    addChannel() {
        const last = this.rows.at(-1)?.data.sequence || 0;
        const used = this.rows.map((row) => row.data.channel);
        const channel = ["email", "sms", "call", "whatsapp", "letter"].find((key) => !used.includes(key));
        return this.onAdd({ context: { default_sequence: last + 10, default_channel: channel } });
    }

    openText(row) {
        const model = row.data.mail_template_id ? "mail.template" : "sms.template";
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: this.text(row).display_name,
                res_model: model,
                res_id: this.text(row).id,
                views: [[false, "form"]],
                target: "new",
            },
            { onClose: () => this.env.bus.trigger(TEXT_CHANGED) }
        );
    }
}

registry.category("fields").add("cobranca_ladder_channels", { ...x2ManyField, component: LadderChannels });
