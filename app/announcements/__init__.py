"""What is made public: notices, the public notice with its objections, commendation, result, archive."""
