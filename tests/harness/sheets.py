"""What Odoo's dashboards show: sheets are drawn on a canvas, so that their model is asked."""

LOADING = "Carregando"
# Among the page's components.
MODEL = """() => {
    const find = (node) => {
        const model = node.component.props?.model;
        if (model?.getters?.getEvaluatedCell) return model;
        for (const child of Object.values(node.children)) {
            const found = find(child);
            if (found) return found;
        }
    };
    const root = window.odoo?.__WOWL_DEBUG__?.root?.__owl__;
    return root && find(root);
}"""
SHOWN = f"""(cells) => {{
    const model = ({MODEL})();
    if (!model) return null;
    return cells.map(([sheetId, col, row]) => model.getters.getEvaluatedCell({{ sheetId, col, row }}).formattedValue);
}}"""
COMPLETE = f"""() => {{
    const model = ({MODEL})();
    if (!model) return false;
    const cells = model.getters.getSheetIds().flatMap((id) => Object.values(model.getters.getEvaluatedCells(id)));
    return cells.length > 0 && !cells.some((cell) => String(cell.formattedValue).startsWith("{LOADING}"));
}}"""


def read_cells(visit, cells):
    """The texts of cells once their records have come.

    :param cells: list of (sheet, column, row), from 0
    """
    visit.page.wait_for_function(f"({SHOWN})({cells})?.every((text) => text && !text.startsWith('{LOADING}'))")
    return [" ".join(text.split()) for text in visit.page.evaluate(SHOWN, cells)]


def wait_until_complete(visit):
    """Wait until each cell of each sheet has its value."""
    visit.page.wait_for_function(COMPLETE)
