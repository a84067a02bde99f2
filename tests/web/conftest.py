"""A small application that stands on the web floor alone: kernel, web and a few doors made up for the tests."""

from datetime import UTC, datetime

import pytest
from flask import Blueprint, Flask, render_template
from flask_login import UserMixin, login_user

from app.kernel.actor import Actor, Grant
from app.kernel.db import db
from app.kernel.errors import ConflictError, FieldError, InvalidError, NotFoundError
from app.web import csrf, doors, navigation, person, shell
from app.web.limits import limiter
from app.web.navigation import NavEntry
from app.web.round_line import RoadStage, RoundLine
from config import Settings

AUDITOR = Actor(7, "季明川", 3, (Grant("province_auditor", "province", "370000"),))
STAGES = (
    ("setup", "启动准备", 3, 20), ("filing", "成果备案", 6, 30), ("annual_form", "年度填报", 6, 26),
    ("audit_tail", "审核收尾", 8, 11), ("screening", "项目初筛", 9, 1), ("push", "领域推送", 9, 8),
    ("rating", "线上评价", 10, 12), ("rating_second", "补充评价", 10, 26), ("pool", "案例库", 11, 9),
    ("expert_review", "专家评审", 11, 30), ("panel", "评审会议", 12, 7), ("proposal", "名单审批", 12, 14),
    ("public_notice", "公示", 12, 21), ("results", "通报", 12, 25), ("decision", "结果公布", 12, 28),
    ("archived", "归档", 12, 30),
)  # fmt: skip


def made_up_line(now: int = 1) -> RoundLine:
    """A round whose stage number `now` (from 0) runs."""
    stages = [
        RoadStage(
            code, name, name, datetime(2026, month, day, 4, tzinfo=UTC),
            "done" if number < now else "now" if number == now else "also" if number == now + 1 else "future",
        )
        for number, (code, name, month, day) in enumerate(STAGES)
    ]  # fmt: skip
    parallel = RoadStage(
        "scoring", "指标评分", "指标评分", None, "parallel", "指标评分与上述阶段并行，审核收尾结束后开始"
    )
    return RoundLine(
        name="2026年度评价周期",
        stage_name=STAGES[now][1],
        now="第62个工作日，6月30日截止，剩余6个工作日",
        also="同时进行：年度填报，6月26日截止",
        then="下一阶段：审核收尾，7月1日开始",
        stages=(*stages, parallel),
    )


class MadeUpUser(UserMixin):
    id = "7"
    actor = AUDITOR


def _doors_of_tests() -> Blueprint:  # noqa: C901 -- a list of small doors
    made_up = Blueprint("made_up", __name__, template_folder="templates")

    @made_up.get("/enter")
    def enter():
        login_user(MadeUpUser())
        return "in"

    @made_up.get("/home")
    @person.require_role("province_auditor")
    def home():
        return render_template("gallery.html")

    @made_up.get("/only-leaders")
    @person.require_role("leader")
    def only_leaders():
        return "leaders"

    @made_up.get("/sign-in")
    def sign_in():
        return render_template("sign_in.html")

    @made_up.get("/public")
    def public():
        return render_template("notice.html")

    @made_up.route("/gone", methods=["GET", "POST"])
    def gone():
        raise NotFoundError

    @made_up.get("/fault")
    def fault():
        raise ZeroDivisionError("secret detail")

    @made_up.post("/form")
    def form():
        return "posted"

    @made_up.get("/often")
    @limiter.limit("2/minute")
    def often():
        return "ok"

    return made_up


def _api_of_tests() -> Blueprint:
    api = Blueprint("made_up_api", __name__, url_prefix="/api/v1")

    @api.post("/things")
    def things():
        raise InvalidError(fields={"name": [FieldError("field_required", label="名称")]})

    @api.get("/moved")
    def moved():
        raise ConflictError("already_done", name="季明川", time=datetime(2026, 3, 5, 1, 30, tzinfo=UTC))

    @api.get("/fault")
    def fault():
        raise ZeroDivisionError("secret detail")

    @api.get("/me")
    def me():
        return {"name": person.current_actor().name}

    return csrf.exempt_api(api)


@pytest.fixture
def shell_app(monkeypatch):
    monkeypatch.setattr(navigation, "_entries", {})
    monkeypatch.setattr(doors, "_endpoints", {})
    monkeypatch.setattr(shell, "_providers", shell.Providers())
    monkeypatch.setattr(person.login_manager, "_user_callback", lambda _: MadeUpUser())
    app = Flask("made_up", template_folder=None, static_folder=None)
    app.config.update(SETTINGS=Settings(secret_key="k", upload_limit_mb=1), SECRET_KEY="k", TESTING=True)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"  # doors open transactions; no table is asked here
    db.init_app(app)
    shell.install(app)
    limiter.reset()
    app.register_blueprint(_doors_of_tests())
    app.register_blueprint(_api_of_tests())
    navigation.register(
        NavEntry("made_up.home", "待审队列", "Queue", "inbox", ("province_auditor",), count=lambda _: 50, rank=10),
        NavEntry("made_up.gone", "补正重报", "Resubmitted", "arrow-repeat", ("province_auditor",), lambda _: 4),
        NavEntry("made_up.often", "我的办理", "My items", "clock-history"),
        NavEntry("made_up.fault", "本省备案", "Filings", "folder2-open"),
        NavEntry("made_up.only_leaders", "审签", "To sign", "pencil", ("leader",)),
        NavEntry("made_up.form", "帮助", "Help", "question-circle", place="foot"),
        NavEntry("made_up.public", "公示", "Notices", "megaphone", place="public"),
    )
    doors.register_doors({
        "home": "made_up.home", "sign_in": "made_up.sign_in", "sign_out": "made_up.form", "search": "made_up.gone",
        "messages": "made_up.gone", "account": "made_up.gone", "public_home": "made_up.public",
    })  # fmt: skip
    shell.register_context(
        round_line=lambda _: made_up_line(),
        unread=lambda _: 2,
        role_lines=lambda _: ["省级审核员 · 山东省"],
    )
    return app


@pytest.fixture
def stranger(shell_app):
    """A browser in which nobody is signed in."""
    return shell_app.test_client()


@pytest.fixture
def auditor(shell_app):
    """A browser in which the auditor is signed in."""
    client = shell_app.test_client()
    client.get("/enter")
    return client
