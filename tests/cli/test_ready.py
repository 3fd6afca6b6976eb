"""A process is ready before its first request: nothing is compiled or read while somebody waits."""

from django.template import engines
from django.utils.translation import trans_real

from kaohe.cli.ready import make_ready, templates


def test_every_template_and_every_language_is_there_before_the_first_request(monkeypatch):
    loader = engines["django"].engine.template_loaders[0]
    loader.reset()
    monkeypatch.setattr(trans_real, "_translations", {})

    make_ready()

    assert set(templates()) - set(loader.get_template_cache) == set()
    assert {"web/page.html", "indicators/sheet.html"} <= set(templates())
    assert set(trans_real._translations) == {"en", "zh-hans"}
