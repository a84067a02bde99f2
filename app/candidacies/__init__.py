"""A result's way through the award: entry, initial screening (初筛), standing."""
