"""备选案例库与专家评选: pool, panels, draw, score sheets, minutes, proposal."""
