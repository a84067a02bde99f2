"""The public pages, without sign-in (R-085): notices, commendations, objections, the round (flows.md 14, public)."""
