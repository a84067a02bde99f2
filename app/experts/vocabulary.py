"""Words of the experts room."""

LOOK_BACK_YEARS = 3
"""How long a former employer still counts (政府采购法实施条例 9; domain.md, Annex 4)."""
DEFAULT_CAPACITY = 25
"""Items of one round that an expert can take (15–25, 20–40 minutes each)."""
