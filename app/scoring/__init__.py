"""The provinces' points: in this version the bonus for excellent projects and the deductions (R-070, E11)."""
