"""How often one person or address may knock. Doors add their own: `@limiter.limit("10/minute")`."""

from flask import Flask, request
from flask_limiter import Limiter

from app.kernel.clock import now
from app.web.person import optional_actor

DEFAULT_LIMIT = "1200/minute"


def _who() -> str:
    actor = optional_actor()
    return f"user:{actor.id}" if actor else f"address:{request.remote_addr}"


limiter = Limiter(_who, default_limits=[DEFAULT_LIMIT], storage_uri="memory://", headers_enabled=False)


def install(app: Flask) -> None:
    """Counts knocks unless the operator has switched it off."""
    app.config.setdefault("RATELIMIT_ENABLED", app.config["SETTINGS"].rate_limits)
    limiter.init_app(app)


def seconds_left() -> int:
    """How long the limit that was just met lasts, in whole seconds."""
    limit = limiter.current_limit
    return max(1, int(limit.reset_at - now().timestamp()) + 1) if limit else 60
