"""Logs that a stranger may read."""

import logging
import sys

from kaohe.config.logs import OwnFileHandler, QuietFormatter


def line_of(error):
    """What is logged of an exception, raised for a reason of its own."""
    try:
        try:
            raise KeyError("张三 13800000000")  # noqa: TRY301
        except KeyError as cause:
            raise error from cause
    except type(error):
        record = logging.LogRecord("k", logging.ERROR, "f", 1, "broke", None, sys.exc_info())
    return QuietFormatter("{message}", style="{").format(record)


def test_an_exception_is_logged_by_kind_and_place_without_its_words():
    text = line_of(ValueError("李四的身份证号"))

    assert "builtins.ValueError" in text
    assert "caused by builtins.KeyError" in text
    assert f"{__file__}:" in text
    assert "李四" not in text
    assert "张三" not in text


def test_what_speaks_of_the_program_alone_keeps_its_words():
    assert "no module of this name" in line_of(ImportError("no module of this name"))


def test_a_log_makes_its_folder_and_follows_a_file_that_was_moved(tmp_path):
    file = tmp_path / "logs" / "kaohe.log"
    handler = OwnFileHandler(str(file))
    record = logging.LogRecord("k", logging.ERROR, "f", 1, "a line", None, None)

    handler.emit(record)
    file.rename(file.with_suffix(".1"))
    handler.emit(record)
    handler.close()

    assert file.read_text() == file.with_suffix(".1").read_text() == "a line\n"
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_a_full_disk_does_not_break_who_logs(tmp_path, monkeypatch):
    monkeypatch.setattr(logging, "raiseExceptions", False)
    (tmp_path / "logs").write_text("a file where the folder should be")
    handler = OwnFileHandler(str(tmp_path / "logs" / "kaohe.log"))

    handler.emit(logging.LogRecord("k", logging.ERROR, "f", 1, "a line", None, None))

    handler.close()
