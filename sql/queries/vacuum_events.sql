-- Updates the planner's statistics and does the work that a load leaves: hint bits, the visibility map, pending entries of GIN
-- indexes.
vacuum (analyze) events
