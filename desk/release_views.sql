-- Indexes and views: the analyst's questions. `escalation` waits for its table of ladders.

INSERT INTO domains SELECT DISTINCT d.value, r.id, r.family FROM records r
  JOIN revisions v ON v.fact = r.fact JOIN json_each(v.fields, '$.domains') d
  WHERE r.family IN ('designation', 'blocking') ORDER BY 1, 2;

CREATE INDEX part_runs_part ON part_runs (part, seen_at);

CREATE INDEX part_runs_week ON part_runs (week, source);

CREATE INDEX records_source ON records (source, status);

CREATE INDEX changes_week ON changes (week, event);

CREATE INDEX changes_record ON changes (record);

CREATE INDEX measures_code ON measures (code, acted_on);

CREATE INDEX measures_acted ON measures (acted_on);

CREATE INDEX measures_search ON measures (search_key);

CREATE INDEX designations_name ON designations (name);

CREATE INDEX blockings_decided ON blockings (decided_on);

CREATE INDEX rulings_court ON rulings (court, decided_on);

CREATE INDEX domains_record ON domains (record);

CREATE INDEX joined_blockings_domain ON joined_blockings (domain);

CREATE INDEX joined_rows_record ON joined_rows (record);

-- A row of a blocking that was known before from another source: one act, told once.
CREATE VIEW copied_blockings AS
  SELECT a.record, min(o.id) AS first_record
  FROM joined_rows a JOIN records r ON r.id = a.record
  JOIN joined_rows b ON b.blocking = a.blocking AND b.record < a.record
  JOIN records o ON o.id = b.record AND o.source <> r.source
  JOIN revisions w ON w.fact = o.fact
    AND coalesce(json_extract(w.fields, '$.political'), '') <> 'review'
  WHERE r.family = 'blocking' GROUP BY a.record;

CREATE VIEW news AS
  SELECT c.id, c.week, c.event, c.family, c.source, c.record, c.to_fact AS fact, m.target,
    CASE WHEN c.family = 'designation' AND c.event = 'added' THEN 'designations'
      WHEN c.event = 'excluded' THEN 'exclusions'
      WHEN c.family = 'ruling' AND c.event = 'added' AND m.direction = 'act' THEN 'rulings'
      WHEN c.family = 'ruling' AND c.event = 'added' THEN 'remedies'
      WHEN c.family = 'blocking' AND c.event = 'added'
        AND c.record IN (SELECT record FROM copied_blockings) THEN 'copies'
      WHEN c.family = 'blocking' AND c.event = 'added'
        AND coalesce(json_extract(v.fields, '$.political'), '') <> 'review' THEN 'blockings'
      WHEN c.family = 'blocking' AND c.event = 'gone' THEN 'unblockings'
      WHEN c.family = 'curated' AND c.event = 'added' THEN 'curated' END AS line,
    coalesce(m.target, 'record ' || c.record) AS subject,
    coalesce(json_extract(v.fields, '$.uid'), json_extract(v.fields, '$.case_number'),
      'record ' || c.record) AS case_of
  FROM changes c JOIN measures m ON m.record = c.record JOIN revisions v ON v.fact = c.to_fact;

CREATE VIEW changes_by_week AS
  SELECT week, family, source, event, count(*) AS changes, count(DISTINCT record) AS records
  FROM changes WHERE week IS NOT NULL AND event <> 'volatile' GROUP BY week, family, source, event;

CREATE INDEX entity_names_search ON entity_names (search_key);

CREATE INDEX matches_left ON matches (left_record, kind);

-- Acts by the date of the act, of the subject itself and of the domains that its rows name.
CREATE VIEW subject_timeline AS
  SELECT i.entity, e.kind, e.name, m.search_key, m.target, i.acted_on, r.first_seen_at AS at,
    i.act AS event, i.role, m.code, m.direction, m.authority, m.ended_on, r.source, i.record, r.fact,
    NULL AS through
  FROM involvements i JOIN entities e ON e.id = i.entity JOIN records r ON r.id = i.record
    LEFT JOIN measures m ON m.record = i.record
  WHERE i.role NOT IN ('ordered', 'judge', 'announced')
  UNION ALL
  SELECT o.id, o.kind, o.name, m.search_key, m.target, i.acted_on, r.first_seen_at, i.act, i.role,
    m.code, m.direction, m.authority, m.ended_on, r.source, i.record, r.fact, d.name
  FROM entities o JOIN involvements n ON n.record = o.record AND n.role = 'named'
    JOIN involvements i ON i.entity = n.entity AND i.role = 'target' AND i.record <> n.record
    JOIN entities d ON d.id = i.entity JOIN records r ON r.id = i.record
    LEFT JOIN measures m ON m.record = i.record;

CREATE VIEW actor_actions AS
  SELECT i.entity, e.kind, e.name AS authority, m.code, i.act, m.direction, i.basis,
    substr(i.acted_on, 1, 7) AS month, count(*) AS acts, count(DISTINCT m.search_key) AS targets
  FROM involvements i JOIN entities e ON e.id = i.entity LEFT JOIN measures m ON m.record = i.record
  WHERE e.kind IN ('agency', 'authority', 'court', 'judge')
  GROUP BY i.entity, m.code, i.act, m.direction, i.basis, month;

-- Blocked though no register that we read lists it. What is measured beside it, and what a register
-- lists though it is measured reachable, stands in `noncommercial/` with the measurements.
CREATE VIEW blocked_off_register AS
  SELECT b.domain, a.record, b.since AS first_seen_at, r.fact
  FROM joined_blockings b JOIN joined_rows a ON a.blocking = b.id JOIN records r ON r.id = a.record
  WHERE b.code = 'offregister_blocking' AND r.status <> 'gone' AND NOT EXISTS (
    SELECT 1 FROM joined_blockings o WHERE o.domain = b.domain AND o.status <> 'ended'
      AND o.code = 'website_blocking');

-- A row that two complete looks did not find, at least 20 hours apart, and who lists the domain still.
CREATE VIEW unblockings AS
  SELECT b.domain, a.blocking, a.record, r.source, r.fact, r.last_seen_at, r.absent_at AS first_look_at,
    r.absent_run AS first_look_run, c.at AS second_look_at, c.run AS second_look_run,
    (SELECT group_concat(source, ' ') FROM (SELECT DISTINCT q.source FROM joined_blockings o
      JOIN joined_rows p ON p.blocking = o.id JOIN records q ON q.id = p.record
      WHERE o.domain = b.domain AND q.status = 'listed' ORDER BY 1)) AS still_listed_by
  FROM changes c JOIN joined_rows a ON a.record = c.record JOIN joined_blockings b ON b.id = a.blocking
    JOIN records r ON r.id = c.record
  WHERE c.event = 'gone' AND r.status = 'gone';

CREATE VIEW coverage AS
  SELECT p.week, s.family, p.source,
    count(DISTINCT iif(p.verdict IN ('complete', 'unchanged'), p.part, NULL)) AS parts_read_whole,
    (SELECT count(*) FROM parts a WHERE a.source = p.source) AS parts_known
  FROM part_runs p JOIN sources s ON s.name = p.source GROUP BY p.week, s.family, p.source;

CREATE VIEW source_health AS
  SELECT t.source, t.key AS part, t.complete_at, t.state_at, s.fresh_for_s, p.verdict, p.reasons,
    p.seen_at AS looked_at, p.observed,
    (SELECT count(*) FROM issues i WHERE i.source = t.source AND i.part = t.key
      AND i.closed_at IS NULL) AS open_issues
  FROM parts t JOIN sources s ON s.name = t.source LEFT JOIN part_runs p
  ON p.id = (SELECT max(id) FROM part_runs l WHERE l.part = t.id);
