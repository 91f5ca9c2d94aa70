-- Does not conflict with readers.
lock table events in share row exclusive mode
