-- Conflicts with another load, but not with readers and writers.
lock table events in share update exclusive mode
