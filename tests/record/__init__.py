"""What each service leaves on record: a table of cases, in modules named as the services are."""
