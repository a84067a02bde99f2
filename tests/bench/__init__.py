"""`make bench`: what a step, a page and a set cost, each beside the least that the same rows can cost."""
