import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const FIGURE = /^\/odoo\/(?:(\d+)\/)?action-([\w.]+)$/;

/** A page of figures: a click opens what is behind one, with the way back above it; a new tab works by the address. */
export class OverviewPage extends Component {
    static template = "cobranca_relatorios.OverviewPage";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get content() {
        return this.props.record.data[this.props.name];
    }

    open(ev) {
        const link = ev.target.closest("a[href]");
        const found = link && FIGURE.exec(link.getAttribute("href"));
        if (!found || ev.ctrlKey || ev.metaKey || ev.shiftKey) {
            return;
        }
        ev.preventDefault();
        const id = found[1] && parseInt(found[1]);
        this.action.doAction(found[2], { additionalContext: id ? { active_id: id, active_ids: [id] } : {} });
    }
}

registry.category("fields").add("cobranca_overview_page", {
    component: OverviewPage,
    displayName: _t("Page of figures"),
    supportedTypes: ["html"],
});
