-- Readers go on.
lock table events in share row exclusive mode
