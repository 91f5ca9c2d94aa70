-- Updates the planner's statistics, and after a load sets hint bits and the visibility map, and merges the pending lists of GIN
-- indexes.
vacuum (analyze) events
