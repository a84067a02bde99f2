"""评价周期: programmes, rounds, stages, windows, parameters frozen with a hash."""
