import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** The first steps of a collector, with a customer who does not exist. */
registry.category("web_tour.tours").add("cobranca_desk_tour", {
    url: "/odoo",
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            trigger: '.o_app[data-menu-xmlid="cobranca_recorrente.cobranca_menu"]',
            content: _t("Who has to be spoken to today, and what to say, is in here."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: '.o_menu_sections [data-menu-xmlid="cobranca_recorrente.cobranca_record_menu"]',
            content: _t("The work with late customers is under Follow-up."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: '.o-dropdown--menu [data-menu-xmlid="cobranca_recorrente.cobranca_case_menu_train"]',
            content: _t("Practise first: this customer is invented, and nothing reaches anybody."),
            tooltipPosition: "right",
            run: "click",
        },
        {
            trigger: ".o_cobranca_case .o_field_widget[name=debts_html] table",
            content: _t("What is owed as of today, with fine and interest, and why."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_cobranca_case .o_field_widget[name=script_html]",
            content: _t("What to say in this situation, and answers to what customers say."),
            tooltipPosition: "left",
            run: "click",
        },
        {
            trigger: ".o_cobranca_outcomes button[data-outcome=promised]",
            content: _t("The customer promises to pay: one click, or the key 1."),
            tooltipPosition: "top",
            run: "click",
        },
        {
            trigger: ".o_cobranca_outcomes .o_cobranca_confirm",
            content: _t("Day and amount are filled in: correct them if needed, and register."),
            tooltipPosition: "top",
            run: "click",
        },
        {
            trigger: ".o_notification:has(.bg-success), .o_notification_manager .o_notification",
            content: _t("With a real customer the next one of the queue comes by itself."),
        },
    ],
});
