"""A real Chromium shows a PDF with its own viewer under our policy; nothing else would say so."""

import threading

import pytest
from werkzeug.serving import make_server

from app.accounts.usecases import create_user
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.transaction import transaction
from tests.factories.attachments import attachment
from tests.support.browser import sign_in
from tests.support.chromium import chromium

FRAME = "url => { const f = document.createElement('iframe'); f.src = url; document.querySelector('main').append(f); }"

pytestmark = pytest.mark.journey


@pytest.fixture
def address(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_pdf_is_drawn_in_a_frame_of_our_own_page(app, client, address):
    with transaction():
        user = create_user(username="filer", name="林雨", password_hash="x")
        session.flush()
        actor = Actor(id=user.id, name=user.name)
    kept = attachment(actor=actor)
    sign_in(client, actor.id)
    cookie = client.get_cookie("lodestar").value

    with chromium() as browser:
        page = browser.new_page()
        page.context.add_cookies([{"name": "lodestar", "value": cookie, "url": address}])
        page.goto(f"{address}/notifications")
        page.evaluate(FRAME, f"/attachments/{kept.id}/view")
        page.wait_for_timeout(200)
        for _ in range(50):
            urls = [frame.url for frame in page.frames]
            if any(url.startswith("chrome-extension://") for url in urls):
                break
            page.wait_for_timeout(100)

    assert any(url.startswith("chrome-extension://") for url in urls)
    assert not any(url.startswith("chrome-error://") for url in urls)
