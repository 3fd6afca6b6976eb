"""Long work: queued, carried out by a worker, with progress that pages ask for."""
