"""推送 and 线上评价: push plan, seats, ratings, aggregation, doubts about ratings."""
