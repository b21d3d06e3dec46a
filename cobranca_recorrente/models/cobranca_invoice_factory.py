import collections
import dataclasses
import logging
import random

from odoo import api, models

from .cobranca_contract_billing import is_passing
from .cobranca_invoice_check import WORTH_WHILE
from .cobranca_invoice_fast import FORMATS, RANKS

_logger = logging.getLogger(__name__)

STANDARD, COPIED, FAST = "standard", "copied", "fast"
BATCH = "cobranca_invoice_batch"
# A set that the caller of many batches keeps: shapes that were found equal once in this run.
CHECKED = "cobranca_checked_shapes"


class FastDiffers(Exception):
    """An invoice of the fast way is not equal to Odoo's own; the argument lists where."""


@dataclasses.dataclass
class Batch:
    """What `_create` leaves for `_post` to know, in the context of the invoices."""

    fast_ids: tuple
    expected: dict  # {id of an invoice: what was read of the same, posted by Odoo}
    keys: frozenset  # shapes that were made the fast way


class CobrancaInvoiceFactory(models.AbstractModel):
    """Makes and posts many invoices that differ little, at a fraction of the usual cost, and equal to the last column.

    The first invoice of each shape is made by Odoo; the others are created with all their
    journal items, computed by Odoo's own tax engine, instead of being built up step by step.
    An invoice of a shape that is not known is made by Odoo like any other. A company may
    choose the fast way on top, see `cobranca.invoice.fast`.
    """

    _name = "cobranca.invoice.factory"
    _description = "Invoice Factory"

    @api.model
    def _create(self, vals_list):
        """Create draft invoices.

        :param list vals_list: dicts for account.move, with commands in `invoice_line_ids`
        :return: account.move in the order of the values, to be handed to :meth:`_post` as they are
        """
        shapes = self._group_by_shape(vals_list)
        first = self._get_first_ones(shapes, len(vals_list))
        made = self._create_standard(vals_list, first)
        prototypes = self._make_prototypes(vals_list, shapes, made)
        fast, expected = self._create_fast(vals_list, prototypes)
        copies = self._create_copies(vals_list, prototypes, fast)
        others = [place for place in range(len(vals_list)) if place not in made | fast | copies]
        made |= self._create_standard(vals_list, others)
        self._report({STANDARD: len(made), COPIED: len(copies), FAST: len(fast)})
        made |= fast | copies
        moves = self.env["account.move"].browse(made[place].id for place in range(len(vals_list)))
        if not fast:
            return moves
        # The first ones of the shapes were made by Odoo and are posted with those that were made from them.
        fast_ids = {each.id for place, move in fast.items() for each in (move, prototypes[place].move)}
        keys = frozenset(prototypes[place].key for place in fast)
        return moves.with_context(**{BATCH: Batch(tuple(fast_ids), expected, keys)})

    @api.model
    def _post(self, moves):
        """Post what `_create` returned.

        :param moves: account.move, drafts
        """
        batch = moves.env.context.get(BATCH)
        moves = moves.with_env(self.env)
        fast = moves.filtered(lambda move: move.id in batch.fast_ids) if batch else moves.browse()
        if fast and not self.env["cobranca.invoice.fast"]._can_post(fast):
            fast = moves.browse()
        if others := moves - fast:
            self._post_standard(others)
        if fast and not self._post_fast(fast, batch):
            self._post_standard(fast)

    @api.model
    def _report(self, ways):
        """Told at the end of `_create`: how many invoices went which way.

        :param dict ways: {way: number of invoices}
        """
        _logger.info("Invoices made: %s.", ", ".join(f"{number} {way}" for way, number in ways.items() if number))

    # === SHAPES === #

    def _group_by_shape(self, vals_list):
        """{shape: places in the list} of the invoices whose shape is known."""
        shapes = collections.defaultdict(list)
        memo = {"partner_ids": self._get_partner_ids(vals_list)}
        for place, vals in enumerate(vals_list):
            if key := self.env["cobranca.invoice.shape"]._get_key(vals, memo):
                shapes[key].append(place)
        return {key: places for key, places in shapes.items() if len(places) > 1}

    def _get_partner_ids(self, vals_list):
        return tuple(vals["partner_id"] for vals in vals_list if vals.get("partner_id"))

    def _get_first_ones(self, shapes, number):
        """Places of the first invoice of each shape, and of all invoices of no shape."""
        later = {place for places in shapes.values() for place in places[1:]}
        return [place for place in range(number) if place not in later]

    def _make_prototypes(self, vals_list, shapes, made):
        """{place: prototype} of the invoices that can be made from another."""
        engine = self.env["cobranca.invoice.engine"]
        partner_ids = self._get_partner_ids(vals_list)
        prototypes = {}
        for key, (first, *later) in shapes.items():
            if prototype := engine._make_prototype(key, made[first], vals_list[first], partner_ids):
                prototypes |= dict.fromkeys(later, prototype)
        return dict(sorted(prototypes.items()))

    # === NORMAL WAY === #

    def _create_standard(self, vals_list, places):
        # Odoo may write into the values that it gets.
        moves = self.env["account.move"].create([{**vals_list[place]} for place in places])
        return dict(zip(places, moves, strict=True))

    def _post_standard(self, moves):
        """Post by Odoo's ordinary way, without asking the same for each invoice.

        The format of the numbers is looked up once: from its first number in a transaction on, Odoo
        counts by itself. The customers' ranks are raised together.
        """
        ranks = {}
        moves.with_context(**{FORMATS: {}, RANKS: ranks}).action_post()
        self.env["res.partner"]._cobranca_raise_ranks(ranks)

    def _create_copies(self, vals_list, prototypes, fast):
        copy = self.env["cobranca.invoice.copy"]
        values = {
            place: copy._prepare_values(prototype, vals_list[place])
            for place, prototype in prototypes.items()
            if place not in fast
        }
        return dict(zip(values, self.env["account.move"].create(list(values.values())), strict=True))

    # === FAST WAY === #

    def _is_fast(self, vals):
        company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
        return company.sudo().cobranca_fast_posting  # sudo: an option, whoever bills

    def _pick(self, places):
        """The invoice of a shape that is made by Odoo too, and compared."""
        return random.choice(places)

    def _create_fast(self, vals_list, prototypes):
        """Create the invoices that the company wants the fast way, unless one turns out different.

        :return: ({place: invoice}, {id of an invoice: what it must be when posted})
        """
        places = [place for place in prototypes if self._is_fast(vals_list[place])]
        try:
            values = self._prepare_fast(vals_list, {place: prototypes[place] for place in places})
            if not values:
                return {}, {}
            with self.env.cr.savepoint():
                moves = self.env["cobranca.invoice.fast"]._create(list(values.values()))
                made = dict(zip(values, moves, strict=True))
                expected = self._check_drafts(vals_list, prototypes, made)
        except Exception as error:  # noqa: BLE001 - whatever it is, the invoices are made the normal way
            self._stop(self._get_companies(vals_list, places), error)
            return {}, {}
        return made, expected

    def _prepare_fast(self, vals_list, prototypes):
        """{place: all columns} of the shapes of which there are enough invoices."""
        fast = self.env["cobranca.invoice.fast"]
        values = {place: fast._prepare_values(each, vals_list[place]) for place, each in prototypes.items()}
        values = {place: each for place, each in values.items() if each}
        numbers = collections.Counter(id(prototypes[place]) for place in values)
        return {place: each for place, each in values.items() if numbers[id(prototypes[place])] >= WORTH_WHILE}

    def _check_drafts(self, vals_list, prototypes, made):
        """Make one invoice of each shape by Odoo too, compare the drafts, and undo it.

        :return: dict {id of an invoice: the same, posted by Odoo}, as read by `cobranca.invoice.check`
        :raise FastDiffers: when a draft is not equal
        """
        check = self.env["cobranca.invoice.check"]
        checked = self.env.context.get(CHECKED, ())
        shapes = collections.defaultdict(list)
        for place in made:
            shapes[prototypes[place].key].append(place)
        expected = {}
        for places in [places for key, places in shapes.items() if key not in checked]:
            place = self._pick(places)
            draft = check._read(made[place])
            odoos_draft, expected[made[place].id] = check._make_by_odoo(vals_list[place])
            self._require_equal(odoos_draft, draft)
        return expected

    def _post_fast(self, moves, batch):
        """Post invoices the fast way, unless one turns out different.

        :return: whether they are posted
        """
        try:
            with self.env.cr.savepoint():
                ranks = self.env["cobranca.invoice.fast"]._post(moves)
                for move in moves.filtered(lambda move: move.id in batch.expected):
                    self._require_equal(batch.expected[move.id], self.env["cobranca.invoice.check"]._read(move))
        except Exception as error:  # noqa: BLE001 - whatever it is, the invoices are posted the normal way
            self._stop(moves.company_id, error)
            return False
        self.env["res.partner"]._cobranca_raise_ranks(ranks)
        if (checked := self.env.context.get(CHECKED)) is not None:
            checked.update(batch.keys)
        return True

    def _require_equal(self, expected, found):
        if differences := self.env["cobranca.invoice.check"]._get_differences(expected, found):
            raise FastDiffers(differences)

    def _get_companies(self, vals_list, places):
        ids = {vals_list[place].get("company_id") or self.env.company.id for place in places}
        return self.env["res.company"].browse(ids)

    def _stop(self, companies, error):
        """Switch the fast way off, unless the moment is to blame.

        An error that the normal way has too undoes this with all else of its transaction.
        """
        if is_passing(error):
            raise error
        differences = error.args[0] if isinstance(error, FastDiffers) else [f"{type(error).__name__}: {error}"]
        companies._cobranca_stop_fast_posting(differences)
