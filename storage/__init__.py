"""What we know: models, evidence, guard, reconcile, audit, queries. Knows no Scrapy, no country."""
