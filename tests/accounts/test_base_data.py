"""Regions and domains: loaded at every start, so in few statements and only what is missing."""

from sqlalchemy import delete, func, select

from app.accounts.models import Region
from app.accounts.usecases import load_regions
from app.accounts.vocabulary import REGION_LETTERS
from app.domains.models import Domain
from app.domains.usecases import load_domains
from app.kernel.db import session
from app.kernel.transaction import transaction
from tests.support.statements import watch_statements


def test_everything_is_loaded_in_two_statements_and_nothing_twice(app, engine):
    with watch_statements(engine) as first, transaction():
        loaded = load_regions(), load_domains()
    with watch_statements(engine) as second, transaction():
        again = load_regions(), load_domains()

    assert (loaded, again) == ((32, 49), (0, 0))
    assert (len(first), len(second)) == (4, 2)


def test_what_is_missing_is_added_and_what_is_there_stays(app):
    with transaction():
        load_regions()
        load_domains()
        session.get_one(Region, "370000").has_city_review = True
        session.execute(delete(Region).where(Region.code == "110000"))
        session.execute(delete(Domain).where(Domain.code == "1.1"))

    with transaction():
        added = load_regions(), load_domains()

    assert added == (1, 1)
    assert session.get_one(Region, "370000").has_city_review
    assert session.scalar(select(func.count()).select_from(Domain).where(Domain.parent_code == "1")) == 5


def test_every_region_has_letters_of_its_own_for_an_english_map(app):
    with transaction():
        load_regions()

    assert set(session.scalars(select(Region.code))) == set(REGION_LETTERS)
    assert len(set(REGION_LETTERS.values())) == len(REGION_LETTERS)
