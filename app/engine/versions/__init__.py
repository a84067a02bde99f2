"""Two versions of a process: what differs, and where a state of the one lies in the other."""
