def test_people_see_the_entries_of_their_roles_with_counts(auditor):
    page = auditor.get("/home").get_data(as_text=True)

    side = page.split('<nav aria-label="主导航">')[1].split("</nav>")[0]
    assert "待审队列" in side
    assert '<span class="cnt">50</span>' in side
    assert "审签" not in side


def test_the_current_page_is_marked_once_in_each_navigation(auditor):
    page = auditor.get("/home").get_data(as_text=True)

    assert page.count('aria-current="page"') == 3  # side bar, the phone's bar, the tab of the gallery


def test_public_pages_show_the_public_entries_and_the_way_in(stranger):
    page = stranger.get("/public").get_data(as_text=True)

    assert "公示" in page
    assert 'href="/sign-in"' in page
    assert "待审队列" not in page
