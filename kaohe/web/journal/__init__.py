"""Pages of the record: its entries, what proves them, and how a stranger verifies."""
