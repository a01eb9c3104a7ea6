-- Full text over names and titles; fold the words of a question as the release was folded.

CREATE VIRTUAL TABLE search USING fts5(
  search_key, title UNINDEXED, record UNINDEXED, what UNINDEXED, tokenize = 'unicode61');

INSERT INTO search SELECT search_key, target, record, 'target' FROM measures
  WHERE search_key IS NOT NULL ORDER BY record;

INSERT INTO search SELECT fold(n.value), n.value, d.record, 'other name'
  FROM designations d JOIN json_each(d.names) n ORDER BY d.record, n.id;

INSERT INTO search SELECT fold(domain), domain, record, 'domain' FROM domains
  ORDER BY domain, record;

INSERT INTO search SELECT fold(coalesce(name, url)), coalesce(name, url), record, 'reference'
  FROM references_ WHERE coalesce(name, url) IS NOT NULL ORDER BY record;
