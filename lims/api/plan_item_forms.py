"""Bodies of tasks of the plan: the forms of the pages; the plan is named by its id, or the year means its plan."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField
from wtforms.validators import Optional

from lims.equipment.fields import options
from lims.plans import words
from lims.plans.doings import Entry
from lims.plans.forms import EntryForm, ItemForm, OverrideForm, TargetForm
from lims.plans.models import PlanItem, PlanTarget
from lims.shared.forms import REQUIRED, HouseForm, TextField


class PlanItemChange(ItemForm):
    """What may be changed of a task's text, days and amounts."""

    def __init__(self, obj: PlanItem | None = None, **kwargs: Any) -> None:
        super().__init__(obj, **kwargs)


class NewPlanItem(PlanItemChange):
    """A further row of the annex of a plan."""

    plan = IntegerField(_l("Kế hoạch"), [Optional()])
    year = IntegerField(_l("Năm"), [Optional()])


class PlanItemState(HouseForm):
    """A task is done, dropped, or open again, and on what grounds."""

    state = SelectField(_l("Trạng thái"), [REQUIRED], choices=options(words.ITEM_STATE.items()))
    state_reason = TextField(_l("Căn cứ"), [REQUIRED], most=500)


class NewTarget(TargetForm):
    """A number to reach."""

    def __init__(self, obj: PlanTarget | None = None, **kwargs: Any) -> None:
        super().__init__(obj, **kwargs)


class NewOverride(OverrideForm):
    """Another number in the place of the one computed for a target; null takes it back."""

    target = IntegerField(_l("Chỉ tiêu"), [REQUIRED])


class NewEntry(EntryForm):
    """What was done on a day, with the address of its evidence."""

    target = IntegerField(_l("Tính cho chỉ tiêu"), [Optional()])

    def __init__(self, item: PlanItem | None = None, **kwargs: Any) -> None:
        super().__init__(item or PlanItem(), **kwargs)
        del self.target_id
        del self.file

    def entry(self) -> Entry:
        return Entry(on=self.on.data, text=self.text.data, quantity=self.quantity.data, link=self.link.data or "",
                     target_id=self.target.data)
