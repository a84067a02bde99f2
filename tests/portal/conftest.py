"""The public notice of tests/announcements serves here as well."""

from tests.announcements.conftest import notice

__all__ = ["notice"]
