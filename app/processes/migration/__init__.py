"""Running instances on another version of their process: what it means, the move, and the way back."""
