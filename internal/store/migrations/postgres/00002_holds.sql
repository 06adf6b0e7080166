-- +goose Up
-- Lockouts. The folder beside this one says the same to SQLite, and a test compares them.

CREATE TABLE hold (
    id             TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    person_id      TEXT COLLATE "C" NOT NULL,
    person_key     TEXT COLLATE "C" NOT NULL,
    ticket         TEXT COLLATE "C" NOT NULL,
    category       TEXT COLLATE "C" NOT NULL, -- the reason; it stands in no other column of the store
    requester      TEXT COLLATE "C" NOT NULL,
    confirmed_by   TEXT COLLATE "C" NOT NULL,
    review         BIGINT NOT NULL,
    placed         BIGINT NOT NULL,
    state          TEXT COLLATE "C" NOT NULL,
    accounts       TEXT COLLATE "C" NOT NULL,
    release_ticket TEXT COLLATE "C" NOT NULL,
    released_by    TEXT COLLATE "C" NOT NULL,
    released       BIGINT NOT NULL
);
-- What a run asks before every write.
CREATE INDEX hold_person ON hold (person_id) WHERE state <> 'released';
CREATE INDEX hold_placed ON hold (placed);

-- The accounts of holds that are not released: what a run asks before every write.
CREATE TABLE held_account (
    account TEXT COLLATE "C" NOT NULL,
    hold_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (account, hold_id)
);
CREATE INDEX held_account_hold ON held_account (hold_id);

-- Calls that end sessions elsewhere, until they went through.
CREATE TABLE hook_run (
    id       BIGINT NOT NULL PRIMARY KEY,
    hold_id  TEXT COLLATE "C" NOT NULL,
    hook     TEXT COLLATE "C" NOT NULL,
    account  TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL,
    next_at  BIGINT NOT NULL,
    done_at  BIGINT NOT NULL,
    answer   TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX hook_run_once ON hook_run (hold_id, hook, account);
CREATE INDEX hook_run_due ON hook_run (next_at) WHERE done_at = 0;

INSERT INTO counter (name, value) VALUES ('hook_run', 0);
