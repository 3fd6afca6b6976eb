"""组织领导: committee, office, departments, the register of units, people, users, rules."""
