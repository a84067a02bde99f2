"""Process definitions, instances, work items, timers, jobs. runner.py turns the crank."""
