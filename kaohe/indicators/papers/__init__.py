"""Papers of the second pillar: their rows, for ``kaohe.documents`` to set."""
