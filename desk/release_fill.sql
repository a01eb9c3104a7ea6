-- From the collector's database (attached as `home`) into the release. Python lends
-- public_fields, is_masked, masked_fields, public_url, fold, week_of, week_of_day, excludes and
-- article_text.

INSERT INTO sources SELECT name, family, country, title, publisher, covers, every, fresh_for_s,
  licence, status_in_country FROM home.source ORDER BY name;

-- A part of the curated acts is called as the analyst called the act, maybe after a person.
INSERT INTO parts SELECT p.id, p.source, iif(s.family = 'curated', 'act ' || p.id, p.key),
  p.baseline_run_id, p.complete_run_id, p.complete_at, p.state_at, p.official_state_at IS NOT NULL,
  p.rows
  FROM home.part p JOIN home.source s ON s.name = p.source ORDER BY p.id;

INSERT INTO runs SELECT id, source, "trigger", started_at, ended_at, verdict, reasons, baseline,
  observed, appeared, changed, gone, returned, reparsed, absent, issues, fetches, software
  FROM home.run WHERE ended_at IS NOT NULL ORDER BY id;

INSERT INTO part_runs SELECT p.id, p.run_id, p.part_id, t.source, p.role, p.verdict, p.reasons,
  p.declared, p.observed, p.state_at, p.seen_at, p.approved_at, week_of(p.seen_at)
  FROM home.part_run p JOIN home.part t ON t.id = p.part_id ORDER BY p.id;

-- Measurements may not be used commercially: they stand in files of their own.
INSERT INTO revisions SELECT v.id, v.record_id, v.run_id, v.fetch_id, v.digest, v.locator, v.quote,
  public_fields(s.family, v.fields), v.role, v.seen_at, v.past, is_masked(s.family, v.fields)
  FROM home.revision v JOIN home.record r ON r.id = v.record_id JOIN home.source s
  ON s.name = r.source WHERE s.family <> 'reachability' ORDER BY v.id;

CREATE INDEX revisions_record ON revisions (record, fact);

CREATE INDEX revisions_masked ON revisions (record) WHERE masked = 1;

-- A record that is masked now is masked as a whole: its older revisions name the same case.
UPDATE revisions SET masked = 1 WHERE masked = 0 AND record IN (SELECT v.record FROM revisions v
  JOIN home.record r ON r.revision_id = v.fact WHERE v.masked = 1);

UPDATE revisions SET fields = masked_fields((SELECT s.family FROM home.record r
  JOIN home.source s ON s.name = r.source WHERE r.id = revisions.record), fields),
  fetch = NULL, digest = NULL, locator = NULL, quote = NULL WHERE masked = 1;

INSERT INTO records SELECT r.id, r.source, s.family, r.part_id, iif(v.masked, NULL, r.key), r.status,
  r.first_seen_at, iif(r.status = 'listed', t.complete_at, r.last_seen_at),
  iif(v.masked, substr(r.ended_on, 1, 7), r.ended_on), iif(v.masked, NULL, r.absent_at),
  iif(v.masked, NULL, r.absent_run_id), r.revision_id, v.masked
  FROM home.record r JOIN home.source s ON s.name = r.source JOIN home.part t ON t.id = r.part_id
  JOIN revisions v ON v.fact = r.revision_id ORDER BY r.id;

INSERT INTO announcements SELECT r.id, json_extract(v.fields, '$.kind'),
  json_extract(v.fields, '$.subject'), json_extract(v.fields, '$.subject_kind'),
  json_extract(v.fields, '$.country'), json_extract(v.fields, '$.title'),
  json_extract(v.fields, '$.published_on'), json_extract(v.fields, '$.acted_on'),
  json_extract(v.fields, '$.authority'), coalesce(json_extract(v.fields, '$.reasons'), '[]'),
  json_extract(v.fields, '$.text'), json_extract(v.fields, '$.url'),
  'announced', (SELECT m.right_record_id FROM home.match m WHERE m.kind = 'announcement'
    AND m.left_record_id = r.id AND m.status <> 'rejected' ORDER BY m.score DESC, m.id LIMIT 1)
  FROM records r JOIN revisions v ON v.fact = r.fact WHERE r.family = 'announcement'
  ORDER BY r.id;

UPDATE announcements SET state = 'in-register' WHERE register_record IS NOT NULL;

INSERT INTO fetches SELECT id, run_id, public_url(url), public_url(final_url), status, fetched_at,
  body_sha256, whole_sha256 FROM home.fetch
  WHERE id IN (SELECT fetch FROM revisions WHERE fetch IS NOT NULL)
  AND id NOT IN (SELECT v.fetch_id FROM home.revision v JOIN revisions p ON p.fact = v.id
    WHERE p.masked = 1)
  ORDER BY run_id, length(id), id;

INSERT INTO changes SELECT c.id, c.record_id, c.source, r.family, c.part_id, c.run_id, c.kind,
  CASE WHEN c.kind IN ('gone', 'returned', 'reparsed', 'corrected') THEN c.kind
    WHEN c.volatile THEN 'volatile'
    WHEN r.family = 'curated' AND json_extract(n.fields, '$.withdrawn_on') IS NOT NULL
      THEN 'corrected'
    WHEN c.kind IN ('baseline', 'appeared') THEN iif(excludes(n.fields), 'excluded', 'added')
    WHEN excludes(n.fields) AND NOT excludes(f.fields) THEN 'excluded'
    WHEN excludes(f.fields) AND NOT excludes(n.fields) THEN 'reinstated'
    ELSE 'updated' END,
  c.at, coalesce(p.approved_at, p.seen_at, c.at),
  CASE WHEN r.family = 'curated' THEN json_extract(n.fields, '$.acted_on')
    WHEN excludes(n.fields) THEN json_extract(n.fields, '$.delisted_on')
    ELSE coalesce(json_extract(n.fields, '$.listed_on'), json_extract(n.fields, '$.decided_on'),
      substr(json_extract(n.fields, '$.included_at'), 1, 10)) END,
  NULL, c.from_revision_id, c.to_revision_id,
  iif(n.masked, '[]', c.fields)
  FROM home.change c JOIN records r ON r.id = c.record_id JOIN revisions n
  ON n.fact = c.to_revision_id LEFT JOIN revisions f ON f.fact = c.from_revision_id
  LEFT JOIN home.part_run p
  ON p.run_id = c.run_id AND p.part_id = c.part_id ORDER BY c.id;

UPDATE changes SET week = iif(kind = 'baseline', week_of_day(acted_on), week_of(told_at));

INSERT INTO measures SELECT m.record_id, m.revision_id, m.source, r.family, m.country, m.code,
  m.direction, iif(r.masked, NULL, m.target), m.target_type,
  iif(r.masked, substr(m.acted_on, 1, 7), m.acted_on), r.ended_on, m.authority, m.articles, m.status,
  r.masked, iif(r.masked, NULL, fold(m.target))
  FROM home.measure m JOIN records r ON r.id = m.record_id ORDER BY m.record_id;

INSERT INTO acts SELECT m.record, m.fact, m.family, m.source, s.publisher, m.country, m.code,
  coalesce(k.title_en, m.code), coalesce(k.title_ru, m.code), m.direction, m.target, m.target_type,
  m.acted_on, CAST(substr(m.acted_on, 1, 4) AS INTEGER),
  iif(length(m.acted_on) >= 7, substr(m.acted_on, 1, 7), NULL),
  week_of_day(m.acted_on), m.ended_on, m.authority, article_text(m.articles),
  json_extract(v.fields, '$.outcome'), json_extract(v.fields, '$.political'), m.status,
  r.first_seen_at, m.masked
  FROM measures m JOIN sources s ON s.name = m.source JOIN records r ON r.id = m.record
  JOIN revisions v ON v.fact = m.fact LEFT JOIN codes k ON k.code = m.code ORDER BY m.record;

-- Of a masked record only who ordered it, by month: a judge or a party beside it leads to the case.
INSERT INTO involvements SELECT i.record_id, i.place, i.entity_id, i.role, i.act,
  iif(r.masked, substr(i.acted_on, 1, 7), i.acted_on), i.basis, i.score, i.decided_by
  FROM home.involvement i JOIN records r ON r.id = i.record_id
  WHERE r.masked = 0 OR i.role = 'ordered' ORDER BY i.record_id, i.place;

CREATE INDEX involvements_entity ON involvements (entity, acted_on);

INSERT INTO entities SELECT e.id, e.kind, e.name, e.record_id FROM home.entity e
  WHERE e.id IN (SELECT entity FROM involvements) ORDER BY e.id;

INSERT INTO entity_names SELECT n.entity_id, n.name, n.kind, n.scheme, n.search_key
  FROM home.entity_name n JOIN entities e ON e.id = n.entity_id ORDER BY n.entity_id, n.name;

INSERT INTO matches SELECT m.id, m.kind, m.left_record_id, m.right_record_id, m.score, m.rule,
  m.evidence, m.status FROM home.match m JOIN records l ON l.id = m.left_record_id
  JOIN records r ON r.id = m.right_record_id
  WHERE m.status <> 'rejected' AND l.masked = 0 AND r.masked = 0 ORDER BY m.id;

-- Text of an issue, its locator and digest stay inside: they may lead to what was not classified.
INSERT INTO issues SELECT i.id, i.source, coalesce(a.key, 'act'), i.run_id, i.kind, i.heading,
  i.times, i.opened_at, i.closed_at, i.closed_by FROM home.issue i JOIN home.source s ON s.name = i.source
  LEFT JOIN home.part t ON t.source = i.source AND t.key = i.part LEFT JOIN parts a ON a.id = t.id
  WHERE s.family = 'curated' UNION ALL
  SELECT i.id, i.source, i.part, i.run_id, i.kind, i.heading, i.times, i.opened_at, i.closed_at,
  i.closed_by
  FROM home.issue i JOIN home.source s ON s.name = i.source WHERE s.family <> 'curated' ORDER BY 1;

INSERT INTO courts_read SELECT source, week, level, region, known, whole, partly, captcha, failed,
  never FROM home.coverage ORDER BY source, week, level, region;
