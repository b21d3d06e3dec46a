"""Build the CSS and JavaScript of the pages once, in a template: `build_assets.py <database>`.

Every copy has them then; otherwise the first visitor of each database waits for them.
"""

import sys

import odoo
from odoo.modules.registry import Registry

BUNDLES = ("web.assets_web", "web.assets_frontend", "web.assets_frontend_minimal", "web.assets_frontend_lazy")


def main():
    odoo.tools.config.parse_config(["--no-http", "-d", sys.argv[1]])
    with Registry(sys.argv[1]).cursor() as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
        for name in BUNDLES:
            for part in ("css", "js"):
                bundle = env["ir.qweb"]._get_asset_bundle(name, css=part == "css", js=part == "js")
                getattr(bundle, part)()
        cr.commit()


if __name__ == "__main__":
    main()
