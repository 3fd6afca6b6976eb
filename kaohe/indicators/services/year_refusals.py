"""What is refused about years, groups and units that take part."""

from kaohe.core.errors import Conflict
from kaohe.core.problems import N_


class YearThere(Conflict):
    """A jurisdiction has each year once."""

    code = "year.there"
    sentence = N_("The assessment year {year} is there already. Open it.")
    field = "year"
