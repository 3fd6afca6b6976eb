"""Pages of the second pillar: years, parts, sheets, targets."""
