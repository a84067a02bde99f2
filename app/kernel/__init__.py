"""What every floor stands on: database, the one commit, errors, clock, actor."""
