"""The event log of processes, read and written as XES and OCEL 2.0."""
