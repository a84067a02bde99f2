"""`make torture`: faults at random moments on real processes, then a count of what was lost, doubled or stuck."""
