"""Sentences of last year's sheets as rules (计分办法识别): only where they are certain.

First our own sentences (``core.rule_words``) are tried backwards, so that what we print reads back;
then the wordings that departments use.  Anything else is left for the drafter.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from kaohe.core.indicators import Indicator, Values
from kaohe.core.item_lists import show_kinds, show_steps
from kaohe.core.quantities import FULL, half_width, parse_ticks, show_plain
from kaohe.core.rows import EventKind, Step
from kaohe.core.rule_words import OPEN, rule_said

Translate = Callable[[str], str]
Fields = dict[str, str]
JOINT = "；"  # between the sentences of one rule
_N = r"(-?[0-9]+(?:\.[0-9]+)?)"
_P = r"(?:个?百分点|%|％|个?点)?"
_UNIT = r"[%％]?"
_TAIL = re.compile(r"[，,；;。\s]*(?:直至)?(?:扣完|扣光)(?:为止|该项分值(?:为止)?)?[。.]?\Z")
_BLANK = re.compile(r"\s+")
_EVENT = re.compile(
    rf"(?:每)?(?:发生|出现|查实|有)?\s*(?:1|一)?\s*(?:起|次|例|件|人次|人|处|项)?的?"
    rf"(?P<kind>[^，,。；;0-9]{{0,40}}?)[，,]?(?:的)?(?:每(?:次|起|例|件|项|处|人)?)?"
    rf"(?P<sign>扣|加|得|计){_N}分(?:[，,](?:最多|最高|上限|不超过|最多扣|最高加|最多加){_N}分)?\Z"
)


class Read(NamedTuple):
    """What a sentence says: the fields of the indicator, and whether it is in our own words."""

    fields: Fields
    is_ours: bool


def read_rule(text: str, points: str, target: str, translate: Translate) -> Read | None:
    """The rule that a sentence says; None where it is not certain.

    Args:
        points: of the indicator, as text; empty: not known.
        target: the number of the column of targets.
        translate: in whose language our own sentences were printed.

    Source: docs/rules/plan_books.md, PB-7.
    """
    ours = _ours(text, translate)
    if ours is not None:
        return Read(ours, True)
    found = _theirs(_plain(text), points, target)
    return None if found is None else Read(found, False)


# our own sentences, backwards

_SAMPLES = (
    Indicator("", rule="interval"),
    Indicator("", rule="ratio_up", minimum=1),
    Indicator("", rule="ratio_down", minimum=1),
    Indicator("", rule="steps_up", steps=(Step(1, 1),)),
    Indicator("", rule="steps_down", steps=(Step(1, 1),)),
    Indicator("", rule="growth"),
    Indicator("", rule="deduction", kinds=(EventKind("k", 1, 1), EventKind("l", 1))),
    Indicator("", rule="accrual", kinds=(EventKind("k", 1, 1), EventKind("l", 1))),
    Indicator("", rule="milestones"),
    Indicator("", rule="milestones", late_per_day=1),
    Indicator("", rule="rank", direction="up"),
    Indicator("", rule="rank", direction="down"),
    Indicator("", rule="marks"),
    Indicator("", rule="marks", trim=True),
)


class _Pattern(NamedTuple):
    rule: str
    regex: re.Pattern[str]
    extra: Mapping[str, str]  # what the sentence says without a number


@lru_cache(maxsize=4)
def _patterns(translate: Translate) -> list[_Pattern]:
    """Each sentence that a rule can be told in, as a pattern."""
    found = []
    for sample in _SAMPLES:
        falling = Values(2, 1) if sample.rule == "interval" else Values()
        for own in (Values(1, 2), falling) if sample.rule == "interval" else (Values(),):
            for said in rule_said(sample, own):
                extra = {}
                if sample.direction:
                    extra["direction"] = sample.direction
                if sample.trim:
                    extra["trim"] = "true"
                found.append(_Pattern(sample.rule, _regex(translate(said.sentence)), extra))
    return found


def _regex(sentence: str) -> re.Pattern[str]:
    pieces = re.split(r"\{(\w+)\}", sentence)
    made = [
        re.escape(piece) if place % 2 == 0 else f"(?P<{piece}>.+?)"
        for place, piece in enumerate(pieces)
    ]
    return re.compile("".join(made) + r"\Z")


def _ours(text: str, translate: Translate) -> Fields | None:
    """What our own sentences say; all of them must be ours, and of one rule."""
    sentences = [each for each in text.strip().split(JOINT) if each.strip()]
    for rule in dict.fromkeys(each.rule for each in _patterns(translate)):
        found = [_match(rule, each.strip(), translate) for each in sentences]
        whole = [each for each in found if each is not None]
        if whole and len(whole) == len(found):
            return _put_together(rule, whole)
    return None


def _match(rule: str, sentence: str, translate: Translate) -> Fields | None:
    for pattern in _patterns(translate):
        found = pattern.regex.match(sentence) if pattern.rule == rule else None
        if found is not None and _are_numbers(found.groupdict()):
            return {**found.groupdict(), **pattern.extra}
    return None


def _are_numbers(facts: Mapping[str, str]) -> bool:
    return all(
        name == "kind" or text == OPEN or parse_ticks(text) is not None
        for name, text in facts.items()
    )


def _put_together(rule: str, said: list[Fields]) -> Fields:
    """The fields of the indicator from the facts of its sentences."""
    found: Fields = {"rule": rule}
    if rule.startswith("steps"):
        steps = [Step(_ticks(each["threshold"]), _ticks(each["percent"])) for each in said]
        return {**found, "steps": show_steps(steps)}
    if rule in ("deduction", "accrual"):
        kinds = [
            EventKind(
                each["kind"],
                _ticks(each["points"]),
                _ticks(each["cap"]) if "cap" in each else None,
            )
            for each in said
        ]
        return {**found, "kinds": show_kinds(kinds)}
    for facts in said:
        for name, text in facts.items():
            if text != OPEN:
                found["late_per_day" if name == "late" else name] = text
    return found


def _ticks(text: str) -> int:
    return parse_ticks(text) or 0


# the wordings of departments


def _plain(text: str) -> str:
    text = _BLANK.sub("", half_width(text)).replace("％", "%").rstrip("。.；;")
    return _TAIL.sub("", text)


def _theirs(text: str, points: str, target: str) -> Fields | None:
    for read in (_per_point, _ratio, _steps, _events):
        found = read(text, points, target)
        if found is not None:
            return found
    return None


_PER_POINT = re.compile(
    rf"(?:达到|完成|不低于|不高于|高于|低于|控制在)?(?P<sign>[≥≤>＞<＜]?){_N}{_UNIT}(?P<side>以上|以下|以内|及以上|及以下)?"
    rf"(?:的|及以上|及以下)?[，,]?(?:得满分|得全分|计满分|满分)[，,；;。]?"
    rf"(?:每|每下降|每上升)(?P<way>低|降低|下降|减少|高|升高|上升|超过|超|增加|少|多|差)(?:于)?{_N}{_P}[，,]?"
    rf"(?:扣|减){_N}分\Z"
)
_FALLS = frozenset({"高", "升高", "上升", "超过", "超", "增加", "多"})


def _per_point(text: str, points: str, _target: str) -> Fields | None:
    """“≥95%得满分，每低1个百分点扣1分”: between two ends."""
    found = _PER_POINT.match(text)
    all_points = parse_ticks(points)
    if found is None or not all_points:
        return None
    full = _ticks(found.group(2))
    step, off = _ticks(found.group(5)), _ticks(found.group(6))
    if not step or not off or (all_points * step) % off:
        return None
    reach = all_points * step // off
    falls = found["way"] in _FALLS
    low = found["sign"] in ("≤", "<", "＜") or found["side"] in ("以下", "以内", "及以下")
    high = found["sign"] in ("≥", ">", "＞") or found["side"] in ("以上", "及以上")
    if (low and not falls) or (high and falls):
        return None
    zero = full + reach if falls else full - reach
    return {"rule": "interval", "zero_at": show_plain(zero), "full_at": show_plain(full)}


_RATIO = re.compile(
    r"(?:按(?:照)?(?:目标)?完成(?:率|比例|情况比例)(?:得分|计分|折算得分|计算得分)"
    r"|(?:完成|达到)(?:年度)?目标(?:任务|值)?(?:的)?[，,]?(?:得|计)满分[，,；;。]?"
    r"(?:未完成|未达到|达不到|不足)(?:目标)?(?:的)?[，,]?按(?:完成)?比例(?:得分|计分|折算)"
    r"|得分=(?:实际)?完成(?:值|数)?[/÷]目标(?:值|数)?[×*x]分值)\Z"
)


def _ratio(text: str, _points: str, target: str) -> Fields | None:
    """“完成目标得满分，未完成按比例得分”: in proportion to the target, where there is one."""
    ticks = parse_ticks(target)
    if not _RATIO.match(text) or ticks is None or ticks <= 0:
        return None
    return {"rule": "ratio_up", "target": show_plain(ticks)}


_STEP = re.compile(
    rf"(?:≥|>=|达到)?{_N}{_UNIT}(?:及|\(含\)|（含）)?(?P<up>以上|以下)?(?:的)?[，,]?(?:得|计){_N}(?P<unit>分|%)\Z"
)


def _steps(text: str, points: str, _target: str) -> Fields | None:
    """“90%以上得10分，80%以上得8分”: steps, where each is a clean share of the points."""
    parts = [each for each in re.split(r"[，,；;](?=[≥>达0-9])", text) if each]
    all_points = parse_ticks(points)
    found = [_STEP.match(each) for each in parts]
    whole = [each for each in found if each is not None]
    if len(whole) < 2 or len(whole) < len(found) or not all_points:
        return None
    steps = []
    for each in whole:
        earned = _ticks(each.group(3))
        share = earned if each["unit"] == "%" else earned * FULL // all_points
        clean = each["unit"] == "%" or (earned * FULL) % all_points == 0
        if not clean or not 0 <= share <= FULL or each["up"] == "以下":
            return None
        steps.append(Step(_ticks(each.group(1)), share))
    thresholds = [each.threshold for each in steps]
    if thresholds != sorted(set(thresholds), reverse=True):
        return None
    return {"rule": "steps_up", "steps": show_steps(steps)}


def _events(text: str, _points: str, _target: str) -> Fields | None:
    """“每发生一起医疗事故扣2分；…”: deductions, or gains, each clause one kind."""
    clauses = [each for each in re.split(r"[；;。]|[，,](?=每|发生|出现)", text) if each]
    found = list(_kinds(clauses))
    if not found or len(found) < len(clauses):
        return None
    signs = {sign for sign, _ in found}
    names = [kind.kind for _, kind in found]
    if len(set(names)) < len(names) or len(signs) > 1:
        return None
    rule = "deduction" if signs == {"扣"} else "accrual"
    return {"rule": rule, "kinds": show_kinds([kind for _, kind in found])}


def _kinds(clauses: list[str]) -> Iterator[tuple[str, EventKind]]:
    for clause in clauses:
        found = _EVENT.match(clause)
        if found is None or not re.search(r"每|次|起|例|件", clause):
            continue
        kind = found["kind"].strip("的") or "发生一次"
        if re.search(r"[:;]", kind) or kind.startswith(("=", "+", "-", "@")):
            continue
        cap = found.group(4)
        sign = "扣" if found["sign"] == "扣" else "加"
        yield sign, EventKind(kind, _ticks(found.group(3)), _ticks(cap) if cap else None)
