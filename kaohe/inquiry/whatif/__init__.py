"""Who would move if something were different (变更试算)."""
