"""The QR code of a receipt: what is in it, and what is left out where room is short."""

import io
import re
import struct

import pytest
import segno
from docx import Document

from kaohe.core.checkpoint import Checkpoint
from kaohe.core.merkle import leaf_hash
from kaohe.core.notes import Note, Signature
from kaohe.core.receipts import Receipt, receipt_of
from kaohe.documents.receipt_code import MODULE, QUIET, PaperProof, grouped, receipt_code
from kaohe.documents.rules_docx import write_rules_docx
from kaohe.documents.rules_paper import print_rules, rules_paper

ORIGIN = "assess.example.gov.cn/trace"
OURS = Signature(ORIGIN, b"\x01\x02\x03\x04", bytes(64))


def witnessed(number):
    return Signature(f"witness{number}.example.gov.cn/w", bytes([number] * 4), bytes(72))


def receipt(*signatures, steps=12):
    text = Checkpoint(ORIGIN, 70_000, bytes(32)).text
    proof = tuple(bytes([step] * 32) for step in range(steps))
    return Receipt(12_345, proof, Note(text, signatures), leaf_hash(b"entry"))


def test_the_code_holds_the_receipt():
    made = receipt(OURS, witnessed(1))

    assert receipt_of(receipt_code(made).content.encode()) == made


def test_of_too_many_witnesses_the_last_are_left_out_and_never_the_log():
    many = receipt(witnessed(1), OURS, *(witnessed(number) for number in range(2, 30)), steps=20)

    held = receipt_of(receipt_code(many).content.encode())

    assert OURS in held.note.signatures
    assert 1 < len(held.note.signatures) < 30
    assert held.note.signatures == many.note.signatures[: len(held.note.signatures)]
    assert (held.proof, held.extra) == (many.proof, many.extra)


def test_what_does_not_fit_without_any_witness_is_refused():
    with pytest.raises(segno.DataOverflowError):
        receipt_code(receipt(OURS, witnessed(1), steps=64))


def test_the_size_on_paper_is_that_of_its_modules():
    code = receipt_code(receipt(OURS))

    wide, high = struct.unpack(">II", code.png[16:24])
    modules = wide // 8
    assert wide == high
    assert code.side == modules * MODULE
    assert f'width="{code.side:g}mm"' in code.svg
    assert (modules - 2 * QUIET - 17) % 4 == 0  # a whole code and its white
    assert not re.search(r"style|script|href", code.svg)


def test_a_paper_bears_the_code_in_each_of_its_forms():
    proof = PaperProof(receipt_code(receipt(OURS)), ("序号 12345", grouped("ab" * 32)))
    bare = rules_paper("会议纪要", "会议议定：通过。")
    paper = type(bare)(**{name: getattr(bare, name) for name in ("title", "pieces")}, proof=proof)

    book = Document(io.BytesIO(write_rules_docx(paper)))
    [picture] = book.inline_shapes
    assert round(picture.width.mm, 1) == round(proof.code.side, 1)
    assert any("12345" in paragraph.text for paragraph in book.paragraphs)
    assert not Document(io.BytesIO(write_rules_docx(bare))).inline_shapes
    assert len(print_rules(paper)) > len(print_rules(bare))
