"""The linter: what a diagram says wrong, in words and at its element, before the engine looks at it."""
