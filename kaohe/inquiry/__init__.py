"""What one asks of an assessment: assess it, explain it, doubt it, change it."""
