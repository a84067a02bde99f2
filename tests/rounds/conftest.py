"""Counting of statements."""

from tests.support.statements import count_statements

__all__ = ["count_statements"]
