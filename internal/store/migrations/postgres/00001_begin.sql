-- +goose Up
-- Instants are microseconds since 1970 in UTC, days are days since 1900; 0 is "none".
-- JSON is text. The folder beside this one says the same to SQLite, and a test compares them.
-- Text is compared byte by byte, so that what is sorted here is sorted as Go and SQLite do.

-- One row: whose store this is.
CREATE TABLE installation (vpd TEXT COLLATE "C" NOT NULL PRIMARY KEY, since BIGINT NOT NULL);

-- Numbers that are given out, and rows to lock while something is read and then written.
CREATE TABLE counter (name TEXT COLLATE "C" NOT NULL PRIMARY KEY, value BIGINT NOT NULL);
INSERT INTO counter (name, value)
VALUES ('mirror', 0), ('feed', 0), ('name', 0), ('link', 0), ('journal', 0), ('finding', 0), ('task', 0);

CREATE TABLE setting (name TEXT COLLATE "C" NOT NULL PRIMARY KEY, value TEXT COLLATE "C" NOT NULL);

CREATE TABLE lease (
    name    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    owner   TEXT COLLATE "C" NOT NULL,
    fence   BIGINT NOT NULL,
    expires BIGINT NOT NULL
);

-- The mirror of ESR.

CREATE TABLE feed (
    id        BIGINT NOT NULL PRIMARY KEY,
    name      TEXT COLLATE "C" NOT NULL,
    sha256    TEXT COLLATE "C" NOT NULL,
    source    TEXT COLLATE "C" NOT NULL,
    full_file BIGINT NOT NULL,
    sequence  BIGINT NOT NULL,
    run       TEXT COLLATE "C" NOT NULL,
    created   BIGINT NOT NULL,
    judged    BIGINT NOT NULL,
    verdict   TEXT COLLATE "C" NOT NULL,
    reasons   TEXT COLLATE "C" NOT NULL,
    details   TEXT COLLATE "C" NOT NULL,
    overruled TEXT COLLATE "C" NOT NULL,
    held      TEXT COLLATE "C" NOT NULL
);
CREATE INDEX feed_sha256 ON feed (sha256);
CREATE INDEX feed_source ON feed (source, id);

CREATE TABLE gap (
    source TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    since  BIGINT NOT NULL,
    detail TEXT COLLATE "C" NOT NULL
);

-- A record of ESR with all its slices in one body: they are read and replaced together.
CREATE TABLE record (
    kind TEXT COLLATE "C" NOT NULL,
    id   TEXT COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (kind, id)
);

CREATE TABLE absence (person_id TEXT COLLATE "C" NOT NULL PRIMARY KEY, full_feeds BIGINT NOT NULL);

CREATE TABLE deletion (
    kind TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    person_id TEXT COLLATE "C" NOT NULL,
    feed TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, id)
);

CREATE TABLE fault (
    kind      TEXT COLLATE "C" NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    place     BIGINT NOT NULL,
    person_id TEXT COLLATE "C" NOT NULL,
    feed      TEXT COLLATE "C" NOT NULL,
    line      BIGINT NOT NULL,
    field     TEXT COLLATE "C" NOT NULL,
    found     TEXT COLLATE "C" NOT NULL,
    expected  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, id, place)
);

CREATE TABLE external (
    place     BIGINT NOT NULL PRIMARY KEY,
    reference TEXT COLLATE "C" NOT NULL,
    surname   TEXT COLLATE "C" NOT NULL,
    forename  TEXT COLLATE "C" NOT NULL,
    category  TEXT COLLATE "C" NOT NULL,
    sponsor   TEXT COLLATE "C" NOT NULL,
    first_day BIGINT NOT NULL,
    last_day  BIGINT NOT NULL
);

-- Whose account and whose name.

CREATE TABLE link (
    account    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    person_id  TEXT COLLATE "C" NOT NULL,
    person_key TEXT COLLATE "C" NOT NULL,
    secondary  BIGINT NOT NULL,
    state      TEXT COLLATE "C" NOT NULL,
    evidence   TEXT COLLATE "C" NOT NULL,
    since      BIGINT NOT NULL
);
CREATE UNIQUE INDEX link_primary ON link (person_id) WHERE secondary = 0;

CREATE TABLE decision (
    person_id  TEXT COLLATE "C" NOT NULL,
    account    TEXT COLLATE "C" NOT NULL,
    answer     TEXT COLLATE "C" NOT NULL,
    decided_by TEXT COLLATE "C" NOT NULL,
    reason     TEXT COLLATE "C" NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (person_id, account)
);

CREATE TABLE name (
    kind      TEXT COLLATE "C" NOT NULL,
    value     TEXT COLLATE "C" NOT NULL,
    person_id TEXT COLLATE "C" NOT NULL,
    source    TEXT COLLATE "C" NOT NULL,
    since     BIGINT NOT NULL,
    PRIMARY KEY (kind, value)
);

-- What was planned, allowed, intended and done.

CREATE TABLE plan (
    id    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    as_of BIGINT NOT NULL,
    at    BIGINT NOT NULL,
    body  TEXT COLLATE "C" NOT NULL
);

CREATE TABLE approval (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    plan_id    TEXT COLLATE "C" NOT NULL,
    change_ids TEXT COLLATE "C" NOT NULL,
    rejected   BIGINT NOT NULL,
    decided_by TEXT COLLATE "C" NOT NULL,
    reason     TEXT COLLATE "C" NOT NULL,
    at         BIGINT NOT NULL,
    expires    BIGINT NOT NULL
);
CREATE INDEX approval_expires ON approval (expires);

CREATE TABLE journal (
    id        BIGINT NOT NULL PRIMARY KEY,
    run_id    TEXT COLLATE "C" NOT NULL,
    change_id TEXT COLLATE "C" NOT NULL,
    class     TEXT COLLATE "C" NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL,
    person_id TEXT COLLATE "C" NOT NULL,
    person    TEXT COLLATE "C" NOT NULL,
    account   TEXT COLLATE "C" NOT NULL,
    slice_id  TEXT COLLATE "C" NOT NULL,
    body      TEXT COLLATE "C" NOT NULL,
    intended  BIGINT NOT NULL,
    settled   BIGINT NOT NULL,
    outcome   TEXT COLLATE "C" NOT NULL,
    detail    TEXT COLLATE "C" NOT NULL
);
CREATE INDEX journal_open ON journal (id) WHERE outcome = '';
CREATE INDEX journal_run ON journal (run_id, id);
CREATE INDEX journal_person ON journal (person_id, id);
CREATE INDEX journal_settled ON journal (settled);

CREATE TABLE run (
    id        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    cause     TEXT COLLATE "C" NOT NULL,
    mode      TEXT COLLATE "C" NOT NULL,
    started   BIGINT NOT NULL,
    ended     BIGINT NOT NULL,
    plan_id   TEXT COLLATE "C" NOT NULL,
    outcome   TEXT COLLATE "C" NOT NULL,
    exit_code BIGINT NOT NULL,
    error     TEXT COLLATE "C" NOT NULL,
    report    TEXT COLLATE "C" NOT NULL
);
CREATE INDEX run_started ON run (started);

-- What does not fit, and what people do about it.

-- A row for each time that the finding was open: from first_seen to last_seen.
CREATE TABLE finding (
    id           TEXT COLLATE "C" NOT NULL,
    first_seen   BIGINT NOT NULL,
    last_seen    BIGINT NOT NULL,
    is_open      BIGINT NOT NULL,
    code         TEXT COLLATE "C" NOT NULL,
    severity     TEXT COLLATE "C" NOT NULL,
    subject_kind TEXT COLLATE "C" NOT NULL,
    subject_key  TEXT COLLATE "C" NOT NULL,
    wording      TEXT COLLATE "C" NOT NULL,
    owner        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id, first_seen)
);
CREATE UNIQUE INDEX finding_open ON finding (id) WHERE is_open = 1;

CREATE TABLE task (
    id        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind      TEXT COLLATE "C" NOT NULL,
    owner     TEXT COLLATE "C" NOT NULL,
    subject   TEXT COLLATE "C" NOT NULL,
    wording   TEXT COLLATE "C" NOT NULL,
    opened    BIGINT NOT NULL,
    closed    BIGINT NOT NULL,
    closed_by TEXT COLLATE "C" NOT NULL,
    evidence  TEXT COLLATE "C" NOT NULL
);

CREATE TABLE keep (
    person_id  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    until      BIGINT NOT NULL,
    decided_by TEXT COLLATE "C" NOT NULL,
    reason     TEXT COLLATE "C" NOT NULL,
    at         BIGINT NOT NULL
);

CREATE TABLE confirmation (
    person_id  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    day        BIGINT NOT NULL,
    decided_by TEXT COLLATE "C" NOT NULL,
    reason     TEXT COLLATE "C" NOT NULL,
    at         BIGINT NOT NULL
);

-- The ledger. Names and values stand apart from the chain, so that they can be erased.

CREATE TABLE ledger (
    sequence BIGINT NOT NULL PRIMARY KEY,
    at       BIGINT NOT NULL,
    action   TEXT COLLATE "C" NOT NULL,
    run_id   TEXT COLLATE "C" NOT NULL,
    subject  TEXT COLLATE "C" NOT NULL,
    digests  TEXT COLLATE "C" NOT NULL,
    previous TEXT COLLATE "C" NOT NULL,
    hash     TEXT COLLATE "C" NOT NULL
);
CREATE INDEX ledger_subject_rows ON ledger (subject, sequence);

-- One row: how long the chain is. Locked while rows are added.
CREATE TABLE ledger_head (sequence BIGINT NOT NULL, hash TEXT COLLATE "C" NOT NULL);
INSERT INTO ledger_head (sequence, hash) VALUES (0, '');

CREATE TABLE ledger_subject (person_id TEXT COLLATE "C" NOT NULL PRIMARY KEY, subject TEXT COLLATE "C" NOT NULL);

CREATE TABLE ledger_detail (
    sequence BIGINT NOT NULL,
    name     TEXT COLLATE "C" NOT NULL,
    value    TEXT COLLATE "C" NOT NULL,
    salt     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (sequence, name)
);

-- These stop mistakes, not an attacker: against that one stand the chain and the checkpoints.
-- +goose StatementBegin
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER ledger_is_not_edited BEFORE UPDATE ON ledger
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_is_not_cut BEFORE DELETE OR TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
