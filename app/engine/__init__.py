"""The engine: a pure function from state and event to step. Nothing outside this room knows SpiffWorkflow."""
