"""A browser in a word, from what it says of itself."""

import re

# the first that fits; most call themselves Chrome or Safari, too
_BROWSERS = (
    ("WeChat", r"MicroMessenger/(\d+)"),
    ("DingTalk", r"DingTalk/(\d+)"),
    ("QQ", r"M?QQBrowser/(\d+)"),
    ("360", r"(?:360SE|360EE|QIHU)"),
    ("UOS", r"UOSBrowser/(\d+)|UBrowser/(\d+)"),
    ("Edge", r"Edg(?:e|A|iOS)?/(\d+)"),
    ("Opera", r"OPR/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chromium", r"(?:Chromium|HeadlessChrome)/(\d+)"),
    ("Chrome", r"(?:Chrome|CriOS)/(\d+)"),
    ("Safari", r"Version/(\d+).*Safari/"),
    ("Internet Explorer", r"MSIE (\d+)|Trident/.*rv:(\d+)"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS|OpenHarmony"),
    ("Android", "Android"),
    ("iOS", "iPhone|iPad"),
    ("Windows", "Windows"),
    ("macOS", "Macintosh"),
    ("UOS", r"\bUOS\b"),
    ("Linux", "Linux|X11"),
)


def called(agent: str) -> str:
    """Browser with its version and system, as far as they are told; empty where neither is.

    >>> called("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36")
    'Chrome 131 · Linux'
    """
    found = []
    for name, pattern in _BROWSERS:
        if told := re.search(pattern, agent):
            version = next((each for each in told.groups() if each), "")
            found.append(f"{name} {version}".strip())
            break
    found += [name for name, pattern in _SYSTEMS if re.search(pattern, agent)][:1]
    return " · ".join(found)
