"""Working days in China: the announced holidays and make-up days, and the operator's own exceptions."""
