"""What the register says of a public institution: its fields, and the words that stand in them.

One ordered tuple serves the workbook of the import, the forms, the lists and the exports.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from kaohe.core.problems import N_
from kaohe.core.texts import fold

Value = str | int | Decimal | date | tuple[str, ...] | None
TABLE = "register"  # how problems name the register


class Kind(StrEnum):
    """What may stand in a field, and what an empty one is read as."""

    CODE = "code"  # unified social credit code
    NAME = "name"  # text of one line; empty: ""
    NAMES = "names"  # several of these; empty: ()
    TEXT = "text"  # text of several lines; empty: ""
    PHONE = "phone"  # telephone numbers as text; empty: ""
    CHOICE = "choice"  # the code of one of the choices; empty: ""
    COUNT = "count"  # whole number from 0; empty: None
    MONEY = "money"  # 10,000 yuan, at most 4 digits after the point; empty: None
    DATE = "date"  # empty: None


EMPTY: Mapping[Kind, Value] = {
    **dict.fromkeys(Kind, ""),
    Kind.NAMES: (),
    **dict.fromkeys((Kind.COUNT, Kind.MONEY, Kind.DATE)),
}


class Choice(NamedTuple):
    """One code that a field may hold, its word, and how it is written in Chinese, best first."""

    code: str
    word: str
    written: tuple[str, ...]


CATEGORIES = (
    Choice(
        "public_first", N_("public welfare, class one"), ("公益一类", "公益1类", "公益Ⅰ类", "一类")
    ),
    Choice(
        "public_second", N_("public welfare, class two"), ("公益二类", "公益2类", "公益Ⅱ类", "二类")
    ),
    Choice("administrative", N_("administrative functions"), ("行政类", "承担行政职能")),
    Choice("business", N_("production and business"), ("生产经营类", "经营类")),
    Choice("unclassified", N_("not classified yet"), ("暂未分类", "未分类")),
)
FUNDING = (
    Choice("full", N_("funded in full"), ("财政拨款", "全额拨款", "财政全额拨款", "全额")),
    Choice("subsidy", N_("subsidised"), ("财政补贴", "差额拨款", "财政差额拨款", "差额")),
    Choice("self", N_("self-supporting"), ("经费自理", "自收自支", "自理")),
)
FUNDING_BASES = (
    Choice("per_pupil", N_("per-pupil funding"), ("按生均定额拨款", "生均拨款", "生均")),
    Choice("appropriation", N_("appropriation"), ("按保障比例拨款", "保障比例", "按比例拨款")),
)
LEVELS = (
    Choice("county_chief", N_("county level, chief"), ("正处", "正处级", "正县级")),
    Choice("county_deputy", N_("county level, deputy"), ("副处", "副处级", "副县级")),
    Choice("section_chief", N_("section level, chief"), ("正科", "正科级")),
    Choice("section_deputy", N_("section level, deputy"), ("副科", "副科级")),
    Choice("subsection", N_("subsection level"), ("股级", "正股级", "副股级")),
    Choice("unranked", N_("no level"), ("不定级", "不定级别", "无级别")),
)
STATUSES = (
    Choice("normal", N_("registration in order"), ("正常", "存续")),
    Choice("preparing", N_("in preparation"), ("筹建", "筹建中")),
    Choice("changing", N_("changing its registration"), ("变更中",)),
    Choice("deregistering", N_("being deregistered"), ("注销中",)),
    Choice("deregistered", N_("deregistered"), ("已注销", "注销")),
    Choice("void", N_("certificate void"), ("证书废止", "废止")),
    Choice("revoked", N_("registration revoked"), ("撤销登记", "已撤销登记")),
)


class Field(NamedTuple):
    """One field: ``head`` and ``help`` are message ids, ``written`` its heads in Chinese sheets.

    ``limit``: the most characters of a text, of each name of several.
    """

    name: str
    head: str
    kind: Kind
    written: tuple[str, ...]
    required: bool = False
    choices: tuple[Choice, ...] = ()
    help: str = ""
    limit: int = 120
    default: Value = None

    @property
    def empty(self) -> Value:
        """What an empty cell is read as."""
        return EMPTY[self.kind] if self.default is None else self.default


_NAMES_HELP = N_("several are parted by 、 or ;")
_DATE_HELP = N_("year, month and day, such as 2026-03-05")
_COUNT_HELP = N_("a whole number; empty means not known, which is not 0")

FIELDS: tuple[Field, ...] = (
    Field(
        "code",
        N_("unified social credit code"),
        Kind.CODE,
        ("统一社会信用代码", "信用代码", "社会信用代码"),
        required=True,
        help=N_("18 characters in a column formatted as text; copy them from the certificate"),
        limit=18,
    ),
    Field(
        "name",
        N_("name of the unit"),
        Kind.NAME,
        ("单位名称", "名称", "事业单位名称", "机构名称"),
        required=True,
        help=N_("the full name on the certificate"),
    ),
    Field("short_name", N_("short name"), Kind.NAME, ("单位简称", "简称"), limit=60),
    Field("aliases", N_("further names"), Kind.NAMES, ("加挂牌子", "挂牌"), help=_NAMES_HELP),
    Field("former_names", N_("former names"), Kind.NAMES, ("曾用名",), help=_NAMES_HELP),
    Field(
        "department",
        N_("competent department"),
        Kind.NAME,
        ("主管部门", "主管单位"),
        required=True,
        help=N_("as it stands in the list of departments"),
    ),
    Field(
        "sponsor",
        N_("sponsoring body"),
        Kind.NAME,
        ("举办单位",),
        help=N_("empty where it is the competent department"),
    ),
    Field(
        "category",
        N_("category of the unit"),
        Kind.CHOICE,
        ("机构类别", "类别", "单位类别"),
        required=True,
        choices=CATEGORIES,
    ),
    Field("funding", N_("form of funding"), Kind.CHOICE, ("经费形式", "经费来源"), choices=FUNDING),
    Field(
        "funding_basis",
        N_("basis of funding"),
        Kind.CHOICE,
        ("经费保障方式", "拨款方式"),
        choices=FUNDING_BASES,
        help=N_("decides which financial measure follows from grade A"),
    ),
    Field(
        "level", N_("level of the unit"), Kind.CHOICE, ("机构规格", "规格", "级别"), choices=LEVELS
    ),
    Field("sector", N_("sector of the unit"), Kind.NAME, ("行业", "所属行业"), limit=40),
    Field(
        "group",
        N_("assessment group"),
        Kind.NAME,
        ("组别", "考核组别"),
        help=N_("units of one group are ranked with one another"),
        limit=40,
    ),
    Field(
        "posts_approved",
        N_("posts approved"),
        Kind.COUNT,
        ("核定编制数", "编制数"),
        help=_COUNT_HELP,
    ),
    Field(
        "posts_filled",
        N_("posts filled"),
        Kind.COUNT,
        ("实有在编人数", "实有人数", "在编人数"),
        help=_COUNT_HELP,
    ),
    Field(
        "leader_posts",
        N_("leading posts"),
        Kind.COUNT,
        ("核定领导职数", "领导职数"),
        help=_COUNT_HELP,
    ),
    Field(
        "leaders_filled",
        N_("leading posts filled"),
        Kind.COUNT,
        ("实配领导人数", "领导实配数"),
        help=_COUNT_HELP,
    ),
    Field(
        "temporary_staff",
        N_("temporary staff"),
        Kind.COUNT,
        ("编外人员数", "编外人员"),
        help=_COUNT_HELP,
    ),
    Field(
        "staff",
        N_("people in the annual staff assessment"),
        Kind.COUNT,
        ("应参加年度考核人数", "参加年度考核人数"),
        help=N_("from it follows how many may be graded excellent"),
    ),
    Field(
        "purpose",
        N_("purpose and scope of business"),
        Kind.TEXT,
        ("宗旨和业务范围", "业务范围"),
        limit=2000,
    ),
    Field(
        "start_up",
        N_("start-up funds (10,000 yuan)"),
        Kind.MONEY,
        ("开办资金（万元）", "开办资金"),
        help=N_("in units of 10,000 yuan, at most 4 digits after the point"),
    ),
    Field("address", N_("registered address"), Kind.NAME, ("住所", "地址"), limit=200),
    Field(
        "cert_from",
        N_("certificate valid from"),
        Kind.DATE,
        ("证书有效期起", "有效期起", "证书有效期自"),
        help=_DATE_HELP,
    ),
    Field(
        "cert_to",
        N_("certificate valid to"),
        Kind.DATE,
        ("证书有效期止", "有效期止", "证书有效期至"),
        help=_DATE_HELP,
    ),
    Field("registrar", N_("registration authority"), Kind.NAME, ("登记管理机关", "登记机关")),
    Field(
        "status",
        N_("registration status"),
        Kind.CHOICE,
        ("登记状态", "状态"),
        choices=STATUSES,
        help=N_("empty means in order"),
        default="normal",
    ),
    Field("principal", N_("principal"), Kind.NAME, ("主要负责人",), limit=60),
    Field(
        "principal_title",
        N_("post of the principal"),
        Kind.NAME,
        ("主要负责人职务", "职务"),
        limit=60,
    ),
    Field(
        "principal_from",
        N_("principal since"),
        Kind.DATE,
        ("主要负责人任职日期", "任职日期"),
        help=_DATE_HELP,
    ),
    Field("legal_representative", N_("legal representative"), Kind.NAME, ("法定代表人",), limit=60),
    Field(
        "legal_from",
        N_("legal representative since"),
        Kind.DATE,
        ("法定代表人任职日期",),
        help=_DATE_HELP,
    ),
    Field("contact", N_("contact of the unit"), Kind.NAME, ("联络员", "联系人"), limit=60),
    Field(
        "contact_phone",
        N_("telephone of the contact"),
        Kind.PHONE,
        ("联络员电话", "联系电话", "联系人电话"),
        help=N_("in a column formatted as text"),
        limit=60,
    ),
)
FIELD = {field.name: field for field in FIELDS}
NEEDED_FOR_YEAR = ("group", "funding_basis", "staff")  # on top of what every row needs


class _Lookup:
    """What is written, folded, to what is meant; made when it is first asked for."""

    @cached_property
    def heads(self) -> Mapping[str, Field]:
        return {
            fold(text): field
            for field in FIELDS
            for text in (field.name, field.head, *field.written)
        }

    @cached_property
    def choices(self) -> Mapping[str, Mapping[str, str]]:
        return {
            field.name: {
                fold(text): choice.code
                for choice in field.choices
                for text in (choice.code, choice.word, *choice.written)
            }
            for field in FIELDS
        }


_LOOKUP = _Lookup()


def field_of_head(text: str) -> Field | None:
    """The field that a head of a column names: by its name, its head or a head in Chinese.

    Source: docs/rules/register.md, U-2.

    >>> field_of_head(" 开办资金(万元) ").name, field_of_head("cert_from").name
    ('start_up', 'cert_from')
    """
    return _LOOKUP.heads.get(fold(text))


def choice_of(field: Field, text: str) -> str | None:
    """The code of the choice that a text names, by its code or a word.

    Source: docs/rules/register.md, U-3.

    >>> choice_of(FIELD["funding"], "差额"), choice_of(FIELD["funding"], "半额")
    ('subsidy', None)
    """
    return _LOOKUP.choices[field.name].get(fold(text))


def missing_for_year(values: Mapping[str, Value]) -> tuple[str, ...]:
    """The fields that a unit still lacks before it can enter the register of a year.

    Source: docs/rules/register.md, U-10.

    >>> missing_for_year({"group": "学校", "funding_basis": "per_pupil", "staff": 0})
    ()
    """
    return tuple(name for name in NEEDED_FOR_YEAR if values.get(name) in (None, ""))
