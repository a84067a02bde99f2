"""待办: lists, claim, complete, delegate, bulk. Both doors, HTML and JSON, complete items through here."""
