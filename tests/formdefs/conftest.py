from contextlib import contextmanager

import pytest
from sqlalchemy import event


@pytest.fixture
def count_statements(engine):
    @contextmanager
    def count():
        seen = []

        def note(connection, cursor, statement, *rest):
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        yield seen
        event.remove(engine, "before_cursor_execute", note)

    return count
