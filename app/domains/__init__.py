"""Industrial domains by which results are pushed: strategic emerging industries (2018), 9 + 40."""
