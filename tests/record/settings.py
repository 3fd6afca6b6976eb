"""Settings of the scheme, and the common template."""

from functools import partial

from kaohe.core.indicators import Indicator
from kaohe.core.quantities import TICK
from kaohe.core.rows import EventKind
from kaohe.indicators.services import settings_part, template_part
from tests.fixtures.indicators import make_year
from tests.record.cases import leaves

ITEM = Indicator(
    "R21",
    "证书正副本保管",
    "common",
    aspect="法人登记",
    points=TICK,
    rule="deduction",
    kinds=(EventKind("遗失", TICK),),
    ledger="registration",
)


def year_of(city):
    """A year without units; the office head drafts, as of every sort."""
    return make_year(city.place, city.office)


@leaves("settings_part.begin_settings", "part.begun", "part.drafted")
def _(city):
    return partial(settings_part.begin_settings, by=city.office, year=year_of(city))


@leaves("settings_part.change_settings", "part.edited")
def _(city):
    version = settings_part.begin_settings(by=city.office, year=year_of(city))
    return partial(
        settings_part.change_settings,
        by=city.office,
        version=version,
        seen=version.version,
        given={"grading.a_share": "25", "title": "另一方案"},
    )


@leaves("template_part.begin_template", "part.begun", "part.drafted")
def _(city):
    return partial(template_part.begin_template, by=city.office, year=year_of(city))


def template_of(city):
    """The template that comes along, as a draft."""
    return template_part.begin_template(by=city.office, year=year_of(city))


@leaves("template_part.put_common_item", "part.edited")
def _(city):
    return partial(
        template_part.put_common_item,
        by=city.office,
        version=template_of(city),
        seen=None,
        indicator=ITEM,
    )


@leaves("template_part.remove_common_item", "part.edited")
def _(city):
    return partial(
        template_part.remove_common_item,
        by=city.office,
        version=template_of(city),
        seen=None,
        item="R20",
    )


@leaves("template_part.write_template_preface", "part.edited")
def _(city):
    return partial(
        template_part.write_template_preface,
        by=city.office,
        version=template_of(city),
        seen=None,
        preface="本年度起执行。",
    )
