"""Pages: they find, ask and show; services decide."""
