"""What happens to thousands of instances at once: calls opened and closed, broadcasts, shared deadlines."""
