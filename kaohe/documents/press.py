"""Sets papers with Typst: a template of this package, and the data as JSON, never as markup.

The same data give the same bytes: the date inside a file is fixed and no template asks for one.
"""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import typst

from kaohe.documents.fonts import Typefaces

TEMPLATES = Path(__file__).parent / "templates"
Form = Literal["pdf", "svg", "png"]
EPOCH = 946_684_800  # 2000-01-01, for the fields of a PDF that must hold some date


def texts_in(data: object) -> Iterator[str]:
    """Every text in JSON-like data, keys left out."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from texts_in(value)
    elif isinstance(data, list | tuple):
        if data and all(isinstance(value, str) for value in data):
            yield " ".join(data)  # a row: who a person or a matter belongs to stands beside it
        else:
            for value in data:
                yield from texts_in(value)


# Marks that turn the direction of writing: on paper a name could be made to read as another.
TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


class Press:
    """One look through the typefaces, then any number of papers.

    Args:
        faces: the typefaces; by default those of this machine.

    Raises:
        FontMissing: there is no Chinese typeface.
    """

    def __init__(self, faces: Typefaces | None = None) -> None:
        self.faces = faces or Typefaces.find()
        self._compiler = typst.Compiler(
            root=str(TEMPLATES),
            font_paths=list(self.faces.folders),
            ignore_system_fonts=not self.faces.system,
        )

    def pages(self, template: str, data: Mapping[str, object], form: Form) -> list[bytes]:
        """The paper as files of ``form``: "pdf" (one file), "svg" or "png" (one for each page).

        Args:
            template: a file of the package's templates, without ``.typ``.
            data: what it shows; whatever ``json.dumps`` can write.

        Raises:
            CharacterMissing: a text cannot be printed with the typefaces of this machine.
        """
        self.faces.insist(texts_in(data))
        whole = {
            **data,
            "fonts": {part: list(names) for part, names in self.faces.families.items()},
            "standin": self.faces.standin,
        }
        made = self._compiler.compile(
            input=str(TEMPLATES / f"{template}.typ"),
            format=form,
            ppi=144.0 if form == "png" else None,
            sys_inputs={"data": json.dumps(whole, ensure_ascii=False).translate(TURNING)},
            timestamp=EPOCH,
        )
        return [page for page in (made if isinstance(made, list) else [made]) if page]

    def print(self, path: Path, template: str, data: Mapping[str, object]) -> None:
        """Writes the paper as one PDF file, whole or not at all.

        Source: docs/rules/outputs.md, O-4.
        """
        (page,) = self.pages(template, data, "pdf")
        aside = path.with_name(f".{path.name}.writing-{os.getpid()}")
        try:
            aside.write_bytes(page)
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
