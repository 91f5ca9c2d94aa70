-- One load at a time; readers and writers go on.
lock table events in share update exclusive mode
