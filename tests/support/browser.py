"""A browser in which somebody is signed in."""

from flask.testing import FlaskClient

from app.kernel import clock


def sign_in(client: FlaskClient, user_id: int) -> FlaskClient:
    """Opens a session for the user as the sign-in page does."""
    with client.session_transaction() as browser:
        browser["_user_id"] = str(user_id)
        browser["_fresh"] = True
        browser["signed_in_at"] = clock.now().isoformat()
    return client
