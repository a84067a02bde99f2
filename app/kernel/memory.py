"""What a process has loaded lives as long as the process."""

import gc


def set_loaded_apart() -> None:
    """Takes everything that is loaded out of the garbage collector's sight: call it before a process begins its work.

    Else the collector looks through all of it now and then, for a tenth of a second in the middle of a transaction
    (measured), and writes to pages that forked processes could share.
    """
    gc.collect()
    gc.freeze()
