"""Every text is in Portuguese: complete, with the same placeholders, in words fit for customers."""

import io
import os
import re
from collections import Counter
from pathlib import Path
from unittest import mock

import polib
import pytest
from lxml import etree

from odoo.tools.translate import trans_export

from .files import ADDONS, ROOT, addon_files, assert_clean, committed

PLACEHOLDER = re.compile(
    r"%\(\w+\)[sdf]|%%|%[sdf]|\{\{.*?\}\}|\$\{.*?\}|\{\w*\}|</?[a-zA-Z][^>]*>|&\w+;|https?://\S+", re.DOTALL
)
WORDS_OF_LINES = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
OUR_WORDS = {"inicio": "start", "fim": "end", "mes": "month", "ano": "year", "vencimento": "due"}
OUR_WORDS |= {"contrato": "contract", "beneficiario": "beneficiary"}
LETTERS = re.compile(r"[^\W\d_]{2}")
SAME_WORDS = "same_words.txt"
# A customer is never called these; in English neither.
FORBIDDEN = re.compile(r"(?i)\b(devedor\w*|inadimpl\w+|caloteir\w+|debtor\w*|delinquen\w+|default(?:er|ed|ing)\w*)\b")
CUSTOMER_DATA = {"mail_template_data.xml", "mail_template_dunning_data.xml", "sms_template_dunning_data.xml"}
CUSTOMER_ADDONS = ("cobranca_recorrente", "cobranca_negociacao")


def placeholders(text):
    """What a translation must hold as it is, counted; the text of translatable attributes is not."""
    # The words of a line's description are typed, and shown, in the user's language.
    text = WORDS_OF_LINES.sub(lambda match: OUR_WORDS.get(match[1], match[1]), text)
    found = (re.sub(r"(title|aria-label|alt|placeholder)=\"[^\"]*\"", "", match) for match in PLACEHOLDER.findall(text))
    return Counter(found)


def missing_violations(template, translated):
    """Terms of the .pot that the .po lacks, and terms that are gone."""
    known = {entry.msgid for entry in translated if not entry.obsolete}
    wanted = {entry.msgid for entry in template}
    return [f"missing: {term!r}" for term in sorted(wanted - known)] + [
        f"no longer in the source: {term!r}" for term in sorted(known - wanted)
    ]


def entry_violations(entry, same_words):
    """What is wrong with one translated term."""
    if entry.obsolete:
        return []
    found = []
    if not entry.msgstr.strip():
        return [f"empty: {entry.msgid!r}"]
    if entry.fuzzy:
        found.append(f"fuzzy: {entry.msgid!r}")
    if entry.msgstr == entry.msgid and LETTERS.search(entry.msgid) and entry.msgid not in same_words:
        found.append(f"still English: {entry.msgid!r}")
    if placeholders(entry.msgid) != placeholders(entry.msgstr):
        found.append(f"other placeholders: {entry.msgid!r} -> {entry.msgstr!r}")
    if (
        entry.msgid[:1].isspace() != entry.msgstr[:1].isspace()
        or entry.msgid[-1:].isspace() != entry.msgstr[-1:].isspace()
    ):
        found.append(f"other spaces around: {entry.msgid!r}")
    return found


def is_for_customers(source):
    name = source.parts[-1]
    return source.addon in CUSTOMER_ADDONS and (name.endswith("_templates.xml") or name in CUSTOMER_DATA)


def customer_records(source):
    """Full xmlids of the templates of a file."""
    for element in etree.fromstring(source.text.encode()).iter("template", "record"):
        yield f"{source.addon}.{element.get('id')}"


def word_violations(path, text):
    return [f"{path}: {match[0]!r} in a text for customers" for match in FORBIDDEN.finditer(text)]


def visible_text(source):
    """The text and the translatable attributes of an XML file."""
    root = etree.fromstring(source.text.encode())
    attributes = [
        element.get(name, "") for element in root.iter("*") for name in ("title", "alt", "placeholder", "string")
    ]
    texts = [text for element in root.iter("*") for text in (element.text, element.tail)]
    return "\n".join([*(text for text in texts if text), *attributes])


def catalog(addon, name):
    """The entries of a catalog; an addon without texts needs none (see test_template_is_fresh)."""
    path = ROOT / addon / "i18n" / name
    return list(polib.pofile(str(path))) if path.exists() else []


def exported_terms(env, addon):
    """The terms of an addon as Odoo would export them now."""
    walk = os.walk

    def walk_addon(path, **options):
        return walk(f"{path}/{addon}", **options) if Path(path) == ROOT else iter(())

    buffer = io.BytesIO()
    # Odoo would read its way through its own six hundred addons for a few files of ours.
    with mock.patch("odoo.tools.translate.os.walk", walk_addon):
        trans_export(None, [addon], buffer, "po", env)
    return {item.msgid for item in polib.pofile(buffer.getvalue().decode())}


def entry(msgid, msgstr, **options):
    return polib.POEntry(msgid=msgid, msgstr=msgstr, **options)


@pytest.mark.parametrize(
    "bad",
    [
        entry("Contract", ""),
        entry("Contract", "Contrato", flags=["fuzzy"]),
        entry("Contract", "Contract"),
        entry("%(name)s is late", "está atrasado"),
        entry("%(name)s is late", "%(nome)s está atrasado"),
        entry("Hello {{ object.name }}", "Olá {{ object.nome }}"),
        entry("Hello <b>you</b>", "Olá <b>você"),
        entry("Total: ", "Total:"),
    ],
)
def test_bad_translation_is_found(bad):
    assert entry_violations(bad, set())


@pytest.mark.parametrize(
    "good",
    [
        entry("Contract", "Contrato"),
        entry("Pix", "Pix"),
        entry("100 %", "100 %"),
        entry("%(name)s is late", "Atraso de %(name)s"),
        entry('<i title="Late"/> %(days)s', '<i title="Atraso"/> %(days)s'),
    ],
)
def test_good_translation_is_allowed(good):
    assert not entry_violations(good, {"Pix"})


def test_missing_term_is_found():
    assert missing_violations([entry("A", "")], []) and missing_violations([], [entry("A", "B")])


def test_forbidden_words_are_found():
    assert word_violations("a", "Caro devedor") and word_violations("a", "cliente inadimplente")
    assert not word_violations("a", "Pagamentos em aberto; default value")


def test_export_finds_texts_of_code_and_data(env):
    terms = exported_terms(env, "cobranca_recorrente")
    assert "Contract" in terms, "a label of a model"
    assert any("not a valid CPF or CNPJ" in term for term in terms), "a text of Python code"


@pytest.mark.parametrize("addon", ADDONS)
def test_template_is_fresh(env, addon):
    written = {item.msgid for item in catalog(addon, f"{addon}.pot")}
    now = exported_terms(env, addon)
    assert_clean(
        [f"new: {term!r}" for term in sorted(now - written)] + [f"gone: {term!r}" for term in sorted(written - now)],
        "make translations",
    )


@pytest.mark.parametrize("addon", ADDONS)
def test_portuguese_is_complete(addon):
    template, translated = catalog(addon, f"{addon}.pot"), catalog(addon, "pt_BR.po")
    same_words = set(committed(SAME_WORDS))
    found = missing_violations(template, translated)
    for item in translated:
        found += entry_violations(item, same_words)
    assert_clean(
        found, f"make translations, then translate {addon}/i18n/pt_BR.po (equal words: tests/house/{SAME_WORDS})"
    )


def test_equal_words_are_needed():
    equal = {item.msgid for addon in ADDONS for item in catalog(addon, "pt_BR.po") if item.msgid == item.msgstr}
    unneeded = set(committed(SAME_WORDS)) - equal
    assert not unneeded, f"remove from tests/house/{SAME_WORDS}: {sorted(unneeded)}"


def test_words_for_customers():
    found, records = [], set()
    for source in filter(is_for_customers, addon_files(".xml")):
        found += word_violations(source.path, visible_text(source))
        records |= set(customer_records(source))
    for addon in CUSTOMER_ADDONS:
        for item in catalog(addon, "pt_BR.po"):
            if records & {place.rsplit(":", 1)[-1] for place, _line in item.occurrences}:
                found += word_violations(f"{addon}/i18n/pt_BR.po", item.msgstr)
    assert_clean(found)
