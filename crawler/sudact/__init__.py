"""The aggregator of acts sudact.ru: its search, which is polled, and its documents."""
