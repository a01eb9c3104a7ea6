-- The tables of a release. The words behind each column are the data dictionary.
-- Moments are UTC text, dates ISO text, lists and objects JSON text, truth values 0 or 1.

CREATE TABLE meta (             -- what this release was made from
  key TEXT PRIMARY KEY,         -- name of the value
  value TEXT NOT NULL           -- the value
) STRICT, WITHOUT ROWID;

CREATE TABLE codes (            -- kinds of measure
  code TEXT PRIMARY KEY,        -- taxonomy code
  title_en TEXT NOT NULL,       -- its name in English
  title_ru TEXT NOT NULL,       -- its name in Russian
  collected TEXT NOT NULL       -- how: automatic, imported, curated (entered by analysts), none
) STRICT, WITHOUT ROWID;

CREATE TABLE sources (          -- the publications that are watched
  name TEXT PRIMARY KEY,        -- name, fixed by the interface
  family TEXT NOT NULL,         -- designation, blocking, ruling, reference, ...
  country TEXT NOT NULL,        -- country whose state acts, ISO 3166
  title TEXT NOT NULL,          -- title as the publisher writes it
  publisher TEXT NOT NULL,      -- who publishes it
  covers TEXT NOT NULL,         -- everything, window or single: only of the first does absence mean gone
  every TEXT NOT NULL,          -- how often it is read
  fresh_for_s INTEGER NOT NULL, -- age in seconds beyond which our last read is stale
  licence TEXT NOT NULL,        -- terms under which its data may be used
  status_in_country TEXT NOT NULL -- what linking to it risks in its country
) STRICT;

CREATE TABLE parts (            -- units of completeness: a register, a file, a court and window
  id INTEGER PRIMARY KEY,       -- number of the part
  source TEXT NOT NULL,         -- its source
  key TEXT NOT NULL,            -- name within the source
  baseline_run INTEGER,         -- its first complete run
  complete_run INTEGER,         -- its newest complete run
  complete_at TEXT,             -- time of that run
  state_at TEXT,                -- the source's own date of the newest state held
  official INTEGER NOT NULL,    -- 1 where an official state is held
  rows INTEGER                  -- rows observed by the newest complete run
) STRICT;

CREATE TABLE runs (             -- attempts to read a source
  id INTEGER PRIMARY KEY,       -- number of the run
  source TEXT NOT NULL,         -- source read
  trigger TEXT NOT NULL,        -- crawl, import, replay, git, curated
  started_at TEXT NOT NULL,     -- start
  ended_at TEXT NOT NULL,       -- end
  verdict TEXT,                 -- complete, partial, held, failed, interrupted, unchanged
  reasons TEXT NOT NULL,        -- machine words why it is not complete
  baseline INTEGER NOT NULL,    -- 1 where its changes are a baseline and no news
  observed INTEGER NOT NULL,    -- rows observed
  appeared INTEGER NOT NULL,    -- rows new to us
  changed INTEGER NOT NULL,     -- rows that say something else
  gone INTEGER NOT NULL,        -- rows proven to be gone
  returned INTEGER NOT NULL,    -- rows that were gone and stand there again
  reparsed INTEGER NOT NULL,    -- rows that only our reading made different
  absent INTEGER NOT NULL,      -- rows listed before, not seen, not yet gone
  issues INTEGER NOT NULL,      -- things not understood
  fetches INTEGER NOT NULL,     -- requests made
  software TEXT NOT NULL        -- version of the program
) STRICT;

CREATE TABLE part_runs (        -- what one run found of one part
  id INTEGER PRIMARY KEY,       -- number
  run INTEGER NOT NULL,         -- run
  part INTEGER NOT NULL,        -- part
  source TEXT NOT NULL,         -- source
  role TEXT NOT NULL,           -- official, mirror or archive
  verdict TEXT NOT NULL,        -- complete, partial, held, failed, interrupted, unchanged
  reasons TEXT NOT NULL,        -- machine words
  declared INTEGER,             -- rows that the source says it has
  observed INTEGER NOT NULL,    -- rows observed
  state_at TEXT,                -- the source's own date of the state
  seen_at TEXT NOT NULL,        -- time of our look, or of the imported state
  approved_at TEXT,             -- when a person let it through
  week TEXT NOT NULL            -- ISO week of the look
) STRICT;

CREATE TABLE fetches (          -- requests that a published fact rests on
  id TEXT PRIMARY KEY,          -- run and number
  run INTEGER NOT NULL,         -- run
  url TEXT,                     -- address asked; null for a file
  final_url TEXT,               -- address after redirects
  status INTEGER,               -- HTTP status
  fetched_at TEXT NOT NULL,     -- our clock
  body_sha256 TEXT,             -- SHA-256 of the decoded body kept as evidence
  whole_sha256 TEXT             -- SHA-256 of the whole body where only lines of it are kept
) STRICT;

CREATE TABLE records (          -- things that a source lists
  id INTEGER PRIMARY KEY,       -- number of the record
  source TEXT NOT NULL,         -- source
  family TEXT NOT NULL,         -- family of the source
  part INTEGER NOT NULL,        -- part
  key TEXT,                     -- key in the source, a JSON list; null where a person is masked
  status TEXT NOT NULL,         -- listed, absent or gone: does the row stand in the source
  first_seen_at TEXT NOT NULL,  -- first seen
  last_seen_at TEXT,            -- last seen
  ended_on TEXT,                -- date of exclusion, or day it was gone
  absent_at TEXT,               -- first look without it, where it is absent or gone
  absent_run INTEGER,           -- run of that look
  fact INTEGER NOT NULL,        -- current revision
  masked INTEGER NOT NULL       -- 1 where a private person's case shows court, month, article, outcome
) STRICT;

CREATE TABLE revisions (        -- what a source said about a record at one time
  fact INTEGER PRIMARY KEY,     -- number of the fact; `unsilenced verify --fact` takes it
  record INTEGER NOT NULL,      -- record
  run INTEGER NOT NULL,         -- run that read it
  fetch TEXT,                   -- fetch it was read from
  digest TEXT,                  -- SHA-256 of the bytes that state it
  locator TEXT,                 -- where in those bytes
  quote TEXT,                   -- the row that states it
  fields TEXT NOT NULL,         -- its fields, normalised, JSON
  role TEXT NOT NULL,           -- official, mirror or archive
  seen_at TEXT NOT NULL,        -- when it was said, as far as we know
  past INTEGER NOT NULL,        -- 1 where it came late and was never current
  masked INTEGER NOT NULL       -- 1 where a private person is masked
) STRICT;

CREATE TABLE changes (          -- what became different in a source
  id INTEGER PRIMARY KEY,       -- number of the change
  record INTEGER NOT NULL,      -- record
  source TEXT NOT NULL,         -- source
  family TEXT NOT NULL,         -- family of the source
  part INTEGER NOT NULL,        -- part
  run INTEGER NOT NULL,         -- run that saw it
  kind TEXT NOT NULL,           -- baseline, appeared, changed, gone, returned, reparsed, corrected
  event TEXT NOT NULL,          -- added, excluded, reinstated, updated, volatile, gone, returned, reparsed, corrected
  at TEXT NOT NULL,             -- when the source was seen so
  told_at TEXT NOT NULL,        -- when it became known here: the look, or a person's approval
  acted_on TEXT,                -- the act's own date
  week TEXT,                    -- ISO week it is told in; of a baseline, the week of its own date
  from_fact INTEGER,            -- revision before
  to_fact INTEGER NOT NULL,     -- revision after
  fields TEXT NOT NULL          -- names of the fields that differ
) STRICT;

CREATE TABLE measures (         -- acts of a state, as the current revision states them
  record INTEGER PRIMARY KEY,   -- record
  fact INTEGER NOT NULL,        -- current revision
  source TEXT NOT NULL,         -- source
  family TEXT NOT NULL,         -- family of the source
  country TEXT NOT NULL,        -- country whose state acts
  code TEXT NOT NULL,           -- kind of measure
  direction TEXT NOT NULL,      -- act, remedy or reversal
  target TEXT,                  -- who or what it is aimed at
  target_type TEXT,             -- person, organisation, association, information_resource, ...
  acted_on TEXT,                -- date of the act; only the month where a person is masked
  ended_on TEXT,                -- date it ended
  authority TEXT,               -- who decided
  articles TEXT NOT NULL,       -- legal ground, JSON
  status TEXT NOT NULL,         -- listed, absent or gone
  masked INTEGER NOT NULL,      -- 1 where a private person is masked
  search_key TEXT               -- target, folded for searching
) STRICT;

CREATE TABLE designations (     -- somebody was put on a list by an act of a state
  record INTEGER PRIMARY KEY,   -- record
  number TEXT,                  -- number in the register
  name TEXT,                    -- name as listed
  names TEXT NOT NULL,          -- pseudonyms and former names, JSON
  target_type TEXT,             -- kind of target
  legal_basis TEXT,             -- ground as stated
  listed_on TEXT,               -- date of the decision to list
  published_on TEXT,            -- date of its publication
  delisted_on TEXT,             -- date of the decision to exclude
  domains TEXT NOT NULL,        -- domains named, JSON
  urls TEXT NOT NULL,           -- addresses named, JSON
  members TEXT NOT NULL,        -- participants named, JSON
  registration_number TEXT,     -- registration number
  ogrn TEXT,                    -- state registration number of an organisation
  inn TEXT,                     -- tax number of an organisation
  decisions TEXT NOT NULL,      -- decisions, JSON
  country TEXT,                 -- state that its name ends with, ISO 3166; of several the first
  countries TEXT NOT NULL,      -- all states that its name ends with, JSON
  legal_form TEXT,              -- legal form by our table: SIA, e.V., ...
  own_name TEXT,                -- name without legal form and outer quotes
  other_names TEXT NOT NULL,    -- other names with their kinds, JSON
  mixed_script TEXT NOT NULL,   -- words of two alphabets in one and their form for comparing, JSON
  accounts TEXT NOT NULL,       -- accounts: platform, handle, id, site, JSON
  subject_kind TEXT,            -- outlet, journalist, ngo, ...: our reading, review where undecided
  subject_rule TEXT             -- the rule that gave it
) STRICT;

CREATE TABLE blockings (        -- blockings, as a register or a copy of it states them
  record INTEGER PRIMARY KEY,   -- record
  domains TEXT NOT NULL,        -- domains, JSON
  urls TEXT NOT NULL,           -- addresses, JSON
  ips TEXT NOT NULL,            -- network addresses, JSON; they change often and are no news
  agency TEXT,                  -- who decided; null where the register hides it
  agency_inferred TEXT,         -- who probably decided, by a rule of ours
  decision_number TEXT,         -- number of the decision
  decided_on TEXT,              -- date of the decision
  included_at TEXT,             -- when the register included it
  article TEXT,                 -- legal ground
  entry_type TEXT,              -- type of the register's entry
  block_type TEXT,              -- what is blocked: address, domain, network
  political TEXT,               -- yes, no or review
  political_rule TEXT           -- the rule that decided
) STRICT;

CREATE TABLE rulings (          -- decisions of courts; of masked persons only court, month, article, outcome
  record INTEGER PRIMARY KEY,   -- record
  court TEXT,                   -- court
  court_code TEXT,              -- its code
  judge TEXT,                   -- judge
  case_number TEXT,             -- number of the case
  case_numbers TEXT NOT NULL,   -- all its numbers, JSON
  uid TEXT,                     -- unique number of the case, ECLI at Strasbourg
  instance TEXT,                -- instance
  proceeding TEXT,              -- administrative, criminal, civil, cas, echr
  articles TEXT NOT NULL,       -- articles of law, JSON
  received_on TEXT,             -- date received
  decided_on TEXT,              -- date decided; only the month where a person is masked
  in_force_on TEXT,             -- date of entry into force
  outcome TEXT,                 -- outcome, a code
  outcome_raw TEXT,             -- outcome as the court writes it
  direction TEXT,               -- act, remedy or reversal
  sanction TEXT NOT NULL,       -- sanction, JSON
  parties TEXT NOT NULL,        -- roles and names, JSON
  protocol_by TEXT,             -- who drew up the protocol
  restricted_urls TEXT NOT NULL, -- addresses whose content the ruling bans, JSON
  act_url TEXT,                 -- address of the text
  act_text_digest TEXT          -- SHA-256 of the text
) STRICT;

CREATE TABLE references_ (      -- rows of reference lists
  record INTEGER PRIMARY KEY,   -- record
  url TEXT,                     -- address
  domain TEXT,                  -- domain
  category TEXT,                -- category of the list
  name TEXT,                    -- name
  list TEXT,                    -- which list
  listed_on TEXT                -- date listed
) STRICT;

CREATE TABLE announcements (    -- what a state announced of its acts, and the reasons it stated
  record INTEGER PRIMARY KEY,   -- record
  kind TEXT,                    -- inclusion, exclusion, undesirable, other
  subject TEXT,                 -- whom or what it is about, as the state names it
  subject_kind TEXT,            -- person, organisation, unknown
  country TEXT,                 -- country of an organisation, ISO 3166
  title TEXT,                   -- title of the item
  published_on TEXT,            -- date of its publication
  acted_on TEXT,                -- date of the decision, where the item states it
  authority TEXT,               -- who announced it
  reasons TEXT NOT NULL,        -- reasons in the words of the state, JSON: code, text
  text TEXT,                    -- what the item says of the subject
  url TEXT,                     -- address of the item
  state TEXT NOT NULL,          -- announced, or in-register where a row of a register shows it
  register_record INTEGER       -- record of that row, as far as we can tell
) STRICT;

CREATE TABLE courts_read (      -- weeks of a source of many courts, by level and region
  source TEXT NOT NULL,         -- source
  week TEXT NOT NULL,           -- ISO week of the hearings
  level TEXT NOT NULL,          -- kind of court: district, garrison, regional, appeal, cassation
  region TEXT NOT NULL,         -- number of the region
  known INTEGER NOT NULL,       -- courts in the table of the source
  whole INTEGER NOT NULL,       -- read: each day that was over, at each server
  partly INTEGER NOT NULL,      -- read on some of these days
  captcha INTEGER NOT NULL,     -- not read whole: a captcha stood before it
  failed INTEGER NOT NULL,      -- asked, and no day could be read
  never INTEGER NOT NULL,       -- not asked
  PRIMARY KEY (source, week, level, region)
) STRICT, WITHOUT ROWID;

CREATE TABLE domains (          -- domains named by designations and blockings
  domain TEXT NOT NULL,         -- domain
  record INTEGER NOT NULL,      -- record that names it
  family TEXT NOT NULL,         -- family of the record
  PRIMARY KEY (domain, record)
) STRICT, WITHOUT ROWID;

CREATE TABLE joined_blockings ( -- one blocking a domain and ground, whoever states it
  id INTEGER PRIMARY KEY,       -- number of the blocking in this release
  domain TEXT NOT NULL,         -- domain blocked
  code TEXT,                    -- website_blocking or offregister_blocking
  authority TEXT,               -- who decided
  authority_basis TEXT,         -- stated by a source, or inferred by a rule of ours
  decision_number TEXT,         -- number of the decision
  decided_on TEXT,              -- date of the decision, not of the block
  article TEXT,                 -- legal ground
  political TEXT,               -- yes, no or review
  political_rule TEXT,          -- the rule that decided
  since TEXT NOT NULL,          -- when it began, as `since_basis` says
  since_basis TEXT NOT NULL,    -- register (it states so), seen (by us first), first-look (or before)
  status TEXT NOT NULL,         -- blocked, unseen (not there, not yet proven gone) or ended
  ended_on TEXT,                -- last day on which a source proved to have dropped it
  sources TEXT NOT NULL,        -- sources that state it
  records INTEGER NOT NULL      -- rows that state it
) STRICT;

CREATE TABLE joined_rows (      -- the rows that state a joined blocking
  blocking INTEGER NOT NULL,    -- the joined blocking
  record INTEGER NOT NULL,      -- row that states it
  PRIMARY KEY (blocking, record)
) STRICT, WITHOUT ROWID;

CREATE TABLE entities (         -- who and what stands in acts: subjects, domains, courts, agencies
  id TEXT PRIMARY KEY,          -- E and 16 hex digits, the same in every release
  kind TEXT NOT NULL,           -- person, outlet, organisation, domain, court, judge, agency, authority, unknown
  name TEXT NOT NULL,           -- name as the source writes it
  record INTEGER                -- record that is this entity, where it is a row of a register
) STRICT, WITHOUT ROWID;

CREATE TABLE entity_names (     -- every spelling under which an entity is found
  entity TEXT NOT NULL,         -- entity
  name TEXT NOT NULL,           -- the spelling
  kind TEXT NOT NULL,           -- listed, other (stated beside it), former, alias (ours, to search)
  scheme TEXT,                  -- of an alias: the scheme that letters were rewritten by
  search_key TEXT NOT NULL,     -- the spelling, folded for searching
  PRIMARY KEY (entity, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE involvements (     -- who stands in a record in which role
  record INTEGER NOT NULL,      -- record
  place INTEGER NOT NULL,       -- place among those of the record
  entity TEXT NOT NULL,         -- who or what
  role TEXT NOT NULL,           -- target, named, ordered, judge, plaintiff, respondent, announced, listed
  act TEXT NOT NULL,            -- inclusion, exclusion, recognition, blocking, ruling, ...
  acted_on TEXT,                -- date of that act; only the month where a person is masked
  basis TEXT NOT NULL,          -- stated, office or inferred
  score REAL NOT NULL,          -- certainty, up to 1
  decided_by TEXT,              -- rule that inferred it
  PRIMARY KEY (record, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE matches (          -- rows that probably are about the same subject; nothing is merged
  id INTEGER PRIMARY KEY,       -- number of the match
  kind TEXT NOT NULL,           -- announcement, re-inclusion, same-subject
  left_record INTEGER NOT NULL, -- the announcement, or the later row
  right_record INTEGER NOT NULL, -- the row of the register, or the earlier row
  score REAL NOT NULL,          -- certainty, up to 1
  rule TEXT NOT NULL,           -- rule that suggested it
  evidence TEXT NOT NULL,       -- what both sides have in common, JSON
  status TEXT NOT NULL          -- suggested, or confirmed by a person
) STRICT;

CREATE TABLE issues (           -- things not understood
  id INTEGER PRIMARY KEY,       -- number
  source TEXT NOT NULL,         -- source
  part TEXT NOT NULL,           -- part
  run INTEGER NOT NULL,         -- run that saw it last
  kind TEXT NOT NULL,           -- machine word
  heading TEXT NOT NULL,        -- column, field or thing it is about
  times INTEGER NOT NULL,       -- runs that saw it
  opened_at TEXT NOT NULL,      -- when it was first seen
  closed_at TEXT,               -- when a later read no longer met it
  closed_by TEXT                -- source, parser or match
) STRICT;

CREATE TABLE acts (             -- one flat row an act, for charts
  record INTEGER PRIMARY KEY,   -- record
  fact INTEGER NOT NULL,        -- current revision
  family TEXT NOT NULL,         -- designation, blocking, ruling
  source TEXT NOT NULL,         -- source
  publisher TEXT NOT NULL,      -- publisher of the source
  country TEXT NOT NULL,        -- country whose state acts
  code TEXT NOT NULL,           -- kind of measure
  title_en TEXT NOT NULL,       -- its name in English
  title_ru TEXT NOT NULL,       -- its name in Russian
  direction TEXT NOT NULL,      -- act, remedy or reversal
  target TEXT,                  -- who or what it is aimed at
  target_type TEXT,             -- kind of target
  acted_on TEXT,                -- date of the act; only the month where a person is masked
  year INTEGER,                 -- year of the act
  month TEXT,                   -- month of the act
  week TEXT,                    -- ISO week of the act
  ended_on TEXT,                -- date it ended
  authority TEXT,               -- who decided
  articles TEXT,                -- legal ground in words
  outcome TEXT,                 -- outcome of a ruling
  political TEXT,               -- of a blocking: yes, no or review
  status TEXT NOT NULL,         -- listed, absent or gone
  first_seen_at TEXT NOT NULL,  -- first seen
  masked INTEGER NOT NULL       -- 1 where a private person is masked
) STRICT;
