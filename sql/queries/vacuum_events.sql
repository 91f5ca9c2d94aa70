-- Statistics for the planner, and what the load left undone: hint bits, the visibility map, pending entries of GIN indexes.
vacuum (analyze) events
