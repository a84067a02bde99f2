"""Running cases as operators see them: what stands where, what is wrong, what can be done about it."""
