"""成果备案: reports, databases and tools, with their parties, files and application proofs."""
