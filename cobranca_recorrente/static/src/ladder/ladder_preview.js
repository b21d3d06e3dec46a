import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useBus, useService } from "@web/core/utils/hooks";

const HIGHEST = 1200;
const TEMPLATES = { email: "mail_template_id", letter: "mail_template_id", sms: "sms_template_id", whatsapp: "sms_template_id" };
export const TEXT_CHANGED = "cobranca_ladder_text_changed";

/** What a real customer would read at a step; the arrows go from one to the next. */
export class LadderPreview extends Component {
    static template = "cobranca_recorrente.LadderPreview";
    static props = { level: Object, version: String, isEditable: Boolean };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        this.state = useState({ channel: "", place: 0, data: null, isBusy: false });
        this.key = "";
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((props) => {
            if (props.level.resId !== this.props.level.resId) {
                this.state.place = 0;
            }
            // The screen does not wait for the preview.
            this.load(props);
        });
        useBus(this.env.bus, TEXT_CHANGED, () => {
            this.key = "";
            this.load(this.props);
        });
    }

    rowsOf(level) {
        const rows = [...level.data.channel_ids.records].filter((row) => row.data.channel);
        return rows.sort((one, other) => one.data.sequence - other.data.sequence);
    }

    get tabs() {
        const labels = {
            email: _t("E-mail"),
            sms: _t("SMS"),
            whatsapp: _t("WhatsApp"),
            call: _t("Call"),
            letter: _t("Letter"),
        };
        return this.rowsOf(this.props.level).map((row) => ({ key: row.data.channel, label: labels[row.data.channel] }));
    }

    request(props) {
        const rows = this.rowsOf(props.level);
        const row = rows.find((item) => item.data.channel === this.state.channel) || rows[0];
        const channel = row?.data.channel;
        const template = (TEMPLATES[channel] && row.data[TEMPLATES[channel]]?.id) || false;
        return { level: props.level.resId, channel, template, place: this.state.place };
    }

    async load(props) {
        const request = this.request(props);
        const key = JSON.stringify([request, props.version, props.level.data.playbook_id?.id, props.level.data.tone]);
        if (key === this.key) {
            return;
        }
        this.key = key;
        this.state.channel = request.channel || "";
        if (!request.level || !request.channel) {
            this.state.data = null;
            return;
        }
        try {
            const data = await this.keepLast.add(this.orm.call("cobranca.dunning.level", "ladder_preview", this.args(request)));
            if (key !== this.key) {
                return; // something else is shown by now
            }
            this.state.data = data;
            this.state.place = data.place || 0;
        } catch (error) {
            this.key = "";
            throw error;
        }
    }

    args({ level, channel, template, place }) {
        return [[level], channel, template, place];
    }

    show(channel) {
        this.state.channel = channel;
        this.load(this.props);
    }

    move(by) {
        this.state.place += by;
        this.load(this.props);
    }

    /** The frame is as high as what it shows: nothing in it can run. */
    fit(ev) {
        const frame = ev.target;
        frame.style.height = "0";
        const height = frame.contentDocument?.documentElement?.scrollHeight;
        frame.style.height = height ? `${Math.min(height + 4, HIGHEST)}px` : "";
    }

    openCustomer() {
        const { id } = this.state.data.customer;
        this.action.doAction({ type: "ir.actions.act_window", res_model: "res.partner", res_id: id, views: [[false, "form"]] });
    }

    async test() {
        this.state.isBusy = true;
        try {
            const args = this.args(this.request(this.props));
            const message = await this.orm.call("cobranca.dunning.level", "ladder_test", args);
            this.notification.add(message, { type: "success" });
        } finally {
            this.state.isBusy = false;
        }
    }
}
