"""``kaohe explain``: where each digit of a unit's result comes from (计分说明).

``explain`` gives a dict of plain text, lists, whole numbers, Booleans and None, ready for JSON.
Every decimal is text, printed as in the result tables: scores, points and weights with four
digits, a composite and a margin with two, weights and percentages inside a formula without zeros
at the end.  Words are in the language of ``translate``; codes and keys never change.

    format        "kaohe-explanation/1"
    year, jurisdiction, title                             of the scheme
    unit          code, name, group, department, status, status_words, status_reason, category,
                  sector, staff
    result        composite, weighted, bonus, deduction, rank, group_size, seats, grade,
                  grade_words, reasons [Coded], flags [Coded], sentence
    composite     components [{component, name, weight, score, tier, adjusted, counted}],
                  adjustments [{adjustment, kind, kind_words, matter, points, document, note,
                  counted}], lines [Line]
    components    [Component], in the order common, individual, social
    grade         lines [Line], ranking [Neighbour], obstacles [Obstacle]
    lost          components [{component, name, score, lost}], causes [Loss], keeps [Keep],
                  enough (Enough or None), notes [text]
    linkages      measures [{link, link_words, measure, measure_words, person, amount, basis,
                  basis_words, lines [Line]}], runs [{grade, years, needed, gap, members
                  [{year, grade, unit, document}], sentence}]
    open_events   [{event, item, item_name, kind, occurred_on, status, status_words, document,
                  composite, rank, grade, sentence}]: what would hold if that event alone counted
    checks        [text]: how to check and what to try

    Coded         {code, words}
    Line          {label, clause, chain [text], rounding, result, text}.  A line of arithmetic has
                  a chain: each member is equal to the one before, the last is ``result``, rounded
                  as ``rounding`` says ("exact", "half-up-4", "half-up-2", "half-up-0", "floor",
                  "ceil").  Members use digits, ( ) + − × ÷ and MIN( , ) MAX( , ).  A line of words
                  has an empty chain, and "" for rounding and result.  ``text`` is the whole line.
    Component     {component, name, weight, score, adjusted, tier, lost, flags [Coded],
                  lines [Line], items [Item], rounds [Round], scope (Scope or None)}; ``items`` is
                  empty for social, ``rounds`` for the other two, ``scope`` stands on individual
    Item          {item, name, aspect, element, rule, rule_words, clause, points, earned, lost,
                  facts, applies, reason, flags [Coded], inputs [{label, value}], lines [Line],
                  events [EventLine], milestones [{milestone, share, due_on, done_on, days_late,
                  kept}], marks [{judge, points, counted}], document}; earned and lost are None
                  where the item does not apply, and ``reason`` says why
    EventLine     {event, kind, occurred_on, status, status_words, self_corrected, points,
                  effect, counted, why, document, note, reverses, clause}; ``points`` is what it
                  is worth before caps, ``effect`` what it took ("-0.5000") or brought, None where
                  it does not count, and ``why`` says why not
    Round         {round, name, weight, score, lines [Line], channels [{channel, name, weight,
                  weight_used, minimum, responses, counted, score, margin, flags [Coded],
                  lines [Line]}]}
    Scope         {kind, name, size, seats [{tier, share, threshold, seats, taken}],
                  units [{unit, name, score, tier, this}], reason}: how the tier came about
    Neighbour     {unit, name, rank, composite, grade, seat, this, gap}; gap is the composite's
                  distance to this unit, "+1.20" above it
    Obstacle      {code, clause, words, has, needed, gap, document}: what stood between the unit
                  and grade A; has, needed, gap may be None
    Loss          {number, component, item, item_name, cause, fact, clause, lost, words, document}:
                  every lost point has one cause.  ``lost`` is in points of the item; for the
                  causes "survey", "tier" and "component" of the component; for "adjustment" of
                  the composite
    Keep          {place, cause, action, gain, composite, rank, grade, effort, effort_words, words,
                  changes [text]}: one way to have kept (part of) the cause of that number.
                  ``gain`` is the exact rise of the unrounded composite, all tiers divided anew;
                  composite, rank, grade are what would hold with this one kept; ``changes`` are
                  arguments of ``kaohe what-if --set`` that try it
    Enough        {grade, places [int], changes [text], composite, rank, sentence}: the fewest
                  keeps from the front of the list that together would have reached that grade

Effort orders the keeps, least effort for a composite point first.  It is a stated convention,
not a rule: ``kaohe.inquiry.keeps`` says how it is counted.
"""
