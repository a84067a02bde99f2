"""The workshop of flows: definitions with their proof, drafts, the modeler, deployment."""
