"""The rules for passwords, where Django asks for them."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kaohe.core.passwords import CLASSES, LONGEST, REMEMBERED, SHORTEST
from kaohe.organization.models.users import User
from kaohe.organization.queries.accounts import faults_of_password


class PolicyValidator:
    """Django's interface to ``core.passwords``."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuse what breaks a rule; everything that is wrong is said at once.

        Raises:
            ValidationError: with a line for each fault.
        """
        faults = faults_of_password(user or User(), password)
        if faults:
            raise ValidationError([ValidationError(each.say(_), each.code) for each in faults])

    def get_help_text(self) -> str:
        """The rules in a sentence.

        Source: docs/rules/passwords.md, P-1, P-2, P-3.
        """
        return _(
            "%(least)s to %(most)s characters, of %(kinds)s kinds at least (capital letters, other"
            " letters, digits, signs); without user name and name; none of your last"
            " %(remembered)s passwords."
        ) % {"least": SHORTEST, "most": LONGEST, "kinds": CLASSES, "remembered": REMEMBERED}
