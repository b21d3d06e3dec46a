import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;

/** When a customer's turn is: the hour agreed, today, yesterday or the day. */
export class QueueWhen extends Component {
    static template = "cobranca_recorrente.QueueWhen";
    static props = { ...standardFieldProps };

    get callback() {
        return this.props.record.data[this.props.name];
    }

    get text() {
        const today = DateTime.local().startOf("day");
        const day = (this.callback || this.props.record.data.queue_date)?.startOf("day");
        if (!day) {
            return "";
        }
        const days = Math.round(today.diff(day, "days").days);
        if (this.callback && !days) {
            return this.callback.toFormat("HH:mm");
        }
        if (!days) {
            return _t("Today");
        }
        return days === 1 ? _t("Yesterday") : day.toFormat("dd/MM");
    }
}

registry.category("fields").add("cobranca_queue_when", {
    component: QueueWhen,
    supportedTypes: ["datetime"],
    fieldDependencies: [{ name: "queue_date", type: "date" }],
});
