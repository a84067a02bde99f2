"""Counting of statements."""

from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import event


@dataclass
class Counted:
    number: int = 0


@pytest.fixture
def count_statements(engine):
    @contextmanager
    def counting():
        counted = Counted()

        def count(*args):
            counted.number += 1

        event.listen(engine, "before_cursor_execute", count)
        try:
            yield counted
        finally:
            event.remove(engine, "before_cursor_execute", count)

    return counting
