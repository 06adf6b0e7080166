-- +goose Up
-- Lockouts. The folder beside this one says the same to PostgreSQL, and a test compares them.

CREATE TABLE hold (
    id             TEXT    NOT NULL PRIMARY KEY,
    person_id      TEXT    NOT NULL,
    person_key     TEXT    NOT NULL,
    ticket         TEXT    NOT NULL,
    category       TEXT    NOT NULL, -- the reason; it stands in no other column of the store
    requester      TEXT    NOT NULL,
    confirmed_by   TEXT    NOT NULL,
    review         INTEGER NOT NULL,
    placed         INTEGER NOT NULL,
    state          TEXT    NOT NULL,
    accounts       TEXT    NOT NULL,
    release_ticket TEXT    NOT NULL,
    released_by    TEXT    NOT NULL,
    released       INTEGER NOT NULL
) STRICT;
-- What a run asks before every write.
CREATE INDEX hold_person ON hold (person_id) WHERE state <> 'released';
CREATE INDEX hold_placed ON hold (placed);

-- The accounts of holds that are not released: what a run asks before every write.
CREATE TABLE held_account (
    account TEXT NOT NULL,
    hold_id TEXT NOT NULL,
    PRIMARY KEY (account, hold_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_account_hold ON held_account (hold_id);

-- Calls that end sessions elsewhere, until they went through.
CREATE TABLE hook_run (
    id       INTEGER NOT NULL PRIMARY KEY,
    hold_id  TEXT    NOT NULL,
    hook     TEXT    NOT NULL,
    account  TEXT    NOT NULL,
    attempts INTEGER NOT NULL,
    next_at  INTEGER NOT NULL,
    done_at  INTEGER NOT NULL,
    answer   TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX hook_run_once ON hook_run (hold_id, hook, account);
CREATE INDEX hook_run_due ON hook_run (next_at) WHERE done_at = 0;

INSERT INTO counter (name, value) VALUES ('hook_run', 0);
