"""The collector leaves alone what a process has loaded."""

import gc

from app.kernel.memory import set_loaded_apart


def test_what_is_loaded_is_taken_out_of_the_collectors_sight():
    before = gc.get_freeze_count()

    set_loaded_apart()
    apart = gc.get_freeze_count()
    gc.unfreeze()

    assert apart > before
