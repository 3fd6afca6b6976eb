"""The second pillar (指标体系): years, schemes, sheets, targets, and the approvals between them."""
