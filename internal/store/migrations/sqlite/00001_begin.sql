-- +goose Up
-- Instants are microseconds since 1970 in UTC, days are days since 1900; 0 is "none".
-- JSON is text. The folder beside this one says the same to PostgreSQL, and a test compares them.

-- One row: whose store this is.
CREATE TABLE installation (vpd TEXT NOT NULL PRIMARY KEY, since INTEGER NOT NULL) STRICT;

-- Numbers that are given out, and rows to lock while something is read and then written.
CREATE TABLE counter (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) STRICT;
INSERT INTO counter (name, value)
VALUES ('mirror', 0), ('feed', 0), ('name', 0), ('link', 0), ('journal', 0), ('finding', 0), ('task', 0);

CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE lease (
    name    TEXT    NOT NULL PRIMARY KEY,
    owner   TEXT    NOT NULL,
    fence   INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT;

-- The mirror of ESR.

CREATE TABLE feed (
    id        INTEGER NOT NULL PRIMARY KEY,
    name      TEXT    NOT NULL,
    sha256    TEXT    NOT NULL,
    source    TEXT    NOT NULL,
    full_file INTEGER NOT NULL,
    sequence  INTEGER NOT NULL,
    run       TEXT    NOT NULL,
    created   INTEGER NOT NULL,
    judged    INTEGER NOT NULL,
    verdict   TEXT    NOT NULL,
    reasons   TEXT    NOT NULL,
    details   TEXT    NOT NULL,
    overruled TEXT    NOT NULL,
    held      TEXT    NOT NULL
) STRICT;
CREATE INDEX feed_sha256 ON feed (sha256);
CREATE INDEX feed_source ON feed (source, id);

CREATE TABLE gap (
    source TEXT    NOT NULL PRIMARY KEY,
    since  INTEGER NOT NULL,
    detail TEXT    NOT NULL
) STRICT;

-- A record of ESR with all its slices in one body: they are read and replaced together.
CREATE TABLE record (
    kind TEXT NOT NULL,
    id   TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE absence (person_id TEXT NOT NULL PRIMARY KEY, full_feeds INTEGER NOT NULL) STRICT;

CREATE TABLE deletion (
    kind      TEXT NOT NULL,
    id        TEXT NOT NULL,
    person_id TEXT NOT NULL,
    feed      TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT;

CREATE TABLE fault (
    kind      TEXT    NOT NULL,
    id        TEXT    NOT NULL,
    place     INTEGER NOT NULL,
    person_id TEXT    NOT NULL,
    feed      TEXT    NOT NULL,
    line      INTEGER NOT NULL,
    field     TEXT    NOT NULL,
    found     TEXT    NOT NULL,
    expected  TEXT    NOT NULL,
    PRIMARY KEY (kind, id, place)
) STRICT;

CREATE TABLE external (
    place     INTEGER NOT NULL PRIMARY KEY,
    reference TEXT    NOT NULL,
    surname   TEXT    NOT NULL,
    forename  TEXT    NOT NULL,
    category  TEXT    NOT NULL,
    sponsor   TEXT    NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL
) STRICT;

-- Whose account and whose name.

CREATE TABLE link (
    account    TEXT    NOT NULL PRIMARY KEY,
    person_id  TEXT    NOT NULL,
    person_key TEXT    NOT NULL,
    secondary  INTEGER NOT NULL,
    state      TEXT    NOT NULL,
    evidence   TEXT    NOT NULL,
    since      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX link_primary ON link (person_id) WHERE secondary = 0;

CREATE TABLE decision (
    person_id  TEXT    NOT NULL,
    account    TEXT    NOT NULL,
    answer     TEXT    NOT NULL,
    decided_by TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (person_id, account)
) STRICT;

CREATE TABLE name (
    kind      TEXT    NOT NULL,
    value     TEXT    NOT NULL,
    person_id TEXT    NOT NULL,
    source    TEXT    NOT NULL,
    since     INTEGER NOT NULL,
    PRIMARY KEY (kind, value)
) STRICT;

-- What was planned, allowed, intended and done.

CREATE TABLE plan (
    id    TEXT    NOT NULL PRIMARY KEY,
    as_of INTEGER NOT NULL,
    at    INTEGER NOT NULL,
    body  TEXT    NOT NULL
) STRICT;

CREATE TABLE approval (
    id         TEXT    NOT NULL PRIMARY KEY,
    plan_id    TEXT    NOT NULL,
    change_ids TEXT    NOT NULL,
    rejected   INTEGER NOT NULL,
    decided_by TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    expires    INTEGER NOT NULL
) STRICT;
CREATE INDEX approval_expires ON approval (expires);

CREATE TABLE journal (
    id        INTEGER NOT NULL PRIMARY KEY,
    run_id    TEXT    NOT NULL,
    change_id TEXT    NOT NULL,
    class     TEXT    NOT NULL,
    kind      TEXT    NOT NULL,
    person_id TEXT    NOT NULL,
    person    TEXT    NOT NULL,
    account   TEXT    NOT NULL,
    slice_id  TEXT    NOT NULL,
    body      TEXT    NOT NULL,
    intended  INTEGER NOT NULL,
    settled   INTEGER NOT NULL,
    outcome   TEXT    NOT NULL,
    detail    TEXT    NOT NULL
) STRICT;
CREATE INDEX journal_open ON journal (id) WHERE outcome = '';
CREATE INDEX journal_run ON journal (run_id, id);
CREATE INDEX journal_person ON journal (person_id, id);
CREATE INDEX journal_settled ON journal (settled);

CREATE TABLE run (
    id        TEXT    NOT NULL PRIMARY KEY,
    cause     TEXT    NOT NULL,
    mode      TEXT    NOT NULL,
    started   INTEGER NOT NULL,
    ended     INTEGER NOT NULL,
    plan_id   TEXT    NOT NULL,
    outcome   TEXT    NOT NULL,
    exit_code INTEGER NOT NULL,
    error     TEXT    NOT NULL,
    report    TEXT    NOT NULL
) STRICT;
CREATE INDEX run_started ON run (started);

-- What does not fit, and what people do about it.

-- A row for each time that the finding was open: from first_seen to last_seen.
CREATE TABLE finding (
    id           TEXT    NOT NULL,
    first_seen   INTEGER NOT NULL,
    last_seen    INTEGER NOT NULL,
    is_open      INTEGER NOT NULL,
    code         TEXT    NOT NULL,
    severity     TEXT    NOT NULL,
    subject_kind TEXT    NOT NULL,
    subject_key  TEXT    NOT NULL,
    wording      TEXT    NOT NULL,
    owner        TEXT    NOT NULL,
    PRIMARY KEY (id, first_seen)
) STRICT;
CREATE UNIQUE INDEX finding_open ON finding (id) WHERE is_open = 1;

CREATE TABLE task (
    id        TEXT    NOT NULL PRIMARY KEY,
    kind      TEXT    NOT NULL,
    owner     TEXT    NOT NULL,
    subject   TEXT    NOT NULL,
    wording   TEXT    NOT NULL,
    opened    INTEGER NOT NULL,
    closed    INTEGER NOT NULL,
    closed_by TEXT    NOT NULL,
    evidence  TEXT    NOT NULL
) STRICT;

CREATE TABLE keep (
    person_id  TEXT    NOT NULL PRIMARY KEY,
    until      INTEGER NOT NULL,
    decided_by TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    at         INTEGER NOT NULL
) STRICT;

CREATE TABLE confirmation (
    person_id  TEXT    NOT NULL PRIMARY KEY,
    day        INTEGER NOT NULL,
    decided_by TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    at         INTEGER NOT NULL
) STRICT;

-- The ledger. Names and values stand apart from the chain, so that they can be erased.

CREATE TABLE ledger (
    sequence INTEGER NOT NULL PRIMARY KEY,
    at       INTEGER NOT NULL,
    action   TEXT    NOT NULL,
    run_id   TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    digests  TEXT    NOT NULL,
    previous TEXT    NOT NULL,
    hash     TEXT    NOT NULL
) STRICT;
CREATE INDEX ledger_subject_rows ON ledger (subject, sequence);

-- One row: how long the chain is. Locked while rows are added.
CREATE TABLE ledger_head (sequence INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
INSERT INTO ledger_head (sequence, hash) VALUES (0, '');

CREATE TABLE ledger_subject (person_id TEXT NOT NULL PRIMARY KEY, subject TEXT NOT NULL) STRICT;

CREATE TABLE ledger_detail (
    sequence INTEGER NOT NULL,
    name     TEXT    NOT NULL,
    value    TEXT    NOT NULL,
    salt     TEXT    NOT NULL,
    PRIMARY KEY (sequence, name)
) STRICT, WITHOUT ROWID;

-- These stop mistakes, not an attacker: against that one stand the chain and the checkpoints.
-- +goose StatementBegin
CREATE TRIGGER ledger_is_not_edited BEFORE UPDATE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_is_not_cut BEFORE DELETE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
