"""Papers of what is decided here: minutes, rules; and the proof that a paper bears."""
