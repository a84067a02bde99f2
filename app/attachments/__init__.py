"""Files people hand in: checked by content, stored once by hash, shown only to those who may see their owner."""
