"""``python -m kaohe`` is ``kaohe``."""

import sys

from kaohe.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
