"""The API for other systems, under /api/v1: the queries, services and refusals of the pages."""
