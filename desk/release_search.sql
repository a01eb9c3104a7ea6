-- Full text over names and titles; fold the words of a question as the release was folded.

CREATE VIRTUAL TABLE search USING fts5(
  search_key, title UNINDEXED, record UNINDEXED, what UNINDEXED, tokenize = 'unicode61');

INSERT INTO search SELECT search_key, target, record, 'target' FROM measures
  WHERE search_key IS NOT NULL ORDER BY record;

-- Other and former names, and the spellings by which a name is looked for in the other alphabet.
INSERT INTO search SELECT n.search_key, n.name, e.record, iif(n.kind = 'alias', 'alias', n.kind || ' name')
  FROM entity_names n JOIN entities e ON e.id = n.entity
  WHERE e.record IS NOT NULL AND n.kind <> 'listed' ORDER BY e.record, n.name;

INSERT INTO search SELECT n.search_key, n.name, d.record, 'alias'
  FROM entity_names n JOIN entities e ON e.id = n.entity JOIN domains d ON d.domain = e.name
  WHERE e.kind = 'domain' AND n.kind = 'alias' ORDER BY d.domain, d.record, n.name;

INSERT INTO search SELECT fold(domain), domain, record, 'domain' FROM domains
  ORDER BY domain, record;

INSERT INTO search SELECT fold(coalesce(name, url)), coalesce(name, url), record, 'reference'
  FROM references_ WHERE coalesce(name, url) IS NOT NULL ORDER BY record;
