"""The rules for passwords, where Django asks for them."""

from kaohe.organization.models.users import User


class PolicyValidator:
    """Django's interface to ``core.passwords``."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuse what breaks a rule."""

    def get_help_text(self) -> str:
        """The rules in a sentence."""
        return ""
