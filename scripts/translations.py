"""Export the terms of each addon and bring its pt_BR.po up to date.

New terms arrive empty and are listed: a house test refuses an incomplete file.
"""

import polib

from common import ADDONS, ROOT, exclusive, main, say, step
from database import Databases
from get_odoo import odoo_addons_paths
from get_postgres import get_postgres

SCRATCH = "cobranca_translations"
# Whose words are taken for the fields that our models inherit from them.
INHERITED_FROM = ("mail", "portal", "sms", "base")


def odoo_words():
    """{term: Odoo's own translation} of the modules that our models inherit from."""
    words = {}
    for module in INHERITED_FROM:
        for folder in odoo_addons_paths():
            file = folder / module / "i18n/pt_BR.po"
            if file.exists():
                words |= {entry.msgid: entry.msgstr for entry in polib.pofile(str(file)) if entry.msgstr}
    return words


def merge(template, target, words):
    """Update a .po file to the terms of a .pot file, keeping what is translated.

    :return: list of terms without translation
    """
    terms = polib.pofile(str(template))
    known = {entry.msgid: entry.msgstr for entry in polib.pofile(str(target))} if target.exists() else {}
    translated = polib.POFile(wrapwidth=0)
    translated.metadata = {**terms.metadata, "Language": "pt_BR", "Language-Team": "Português (Brasil)"}
    for dated in ("POT-Creation-Date", "PO-Revision-Date"):
        translated.metadata.pop(dated, None)
    for entry in terms:
        entry.msgstr = known.get(entry.msgid) or words.get(entry.msgid, "")
        translated.append(entry)
    translated.save(str(target))
    return [entry.msgid for entry in translated if not entry.msgstr]


def strip_dates(template):
    """Leave the date out of the export: only real changes shall show as changes."""
    terms = polib.pofile(str(template), wrapwidth=0)
    for dated in ("POT-Creation-Date", "PO-Revision-Date"):
        terms.metadata.pop(dated, None)
    terms.save(str(template))


def update_translations():
    databases = Databases(get_postgres())
    with exclusive("database"), step("exporting the terms of the addons"):
        databases.copy(databases.template(), SCRATCH)
        databases.odoo("i18n", "export", "-d", SCRATCH, *ADDONS, log="translations")
        databases.drop(SCRATCH)
    words = odoo_words()
    for addon in ADDONS:
        template = ROOT / addon / "i18n" / f"{addon}.pot"
        if not template.exists() or not polib.pofile(str(template)):
            template.unlink(missing_ok=True)
            template.with_name("pt_BR.po").unlink(missing_ok=True)
            say(f"    {addon}: no terms")
            continue
        strip_dates(template)
        missing = merge(template, template.with_name("pt_BR.po"), words)
        say(f"    {addon}: {len(missing)} terms to translate")
        for term in missing:
            say(f"      - {term!r}")


if __name__ == "__main__":
    main(update_translations)
