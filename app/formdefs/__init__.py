"""Forms as data: forms/*.form compiled to one authority for the HTML and the JSON door."""
