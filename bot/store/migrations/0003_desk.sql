-- The desk: staff, what they did, and where each handoff stands.

CREATE TABLE staff (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email         text NOT NULL UNIQUE,
    name          text NOT NULL,
    first_name    text NOT NULL,     -- what the person in the chat sees
    role          text NOT NULL,     -- counsellor, coordinator, translator, administrator
    language      text NOT NULL DEFAULT 'ro',
    password_hash text,              -- null: not set yet, an invitation is open
    totp_secret   bytea,             -- sealed; null: not set up yet
    totp_step     bigint,            -- the last code that was used: never twice
    invite_hash   bytea UNIQUE,
    invite_until  timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    seen_at       timestamptz,
    disabled_at   timestamptz
);

CREATE TABLE staff_session (
    hash       bytea PRIMARY KEY,
    staff_id   uuid NOT NULL REFERENCES staff ON DELETE CASCADE,
    csrf       text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE login_failure (
    id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    who bytea NOT NULL,              -- hash of the account's name, or of the address
    at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX login_failure_by_who ON login_failure (who, at);

-- Who saw and did what. It holds ids and codes, and grows only: see the trigger.
CREATE TABLE audit (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at           timestamptz NOT NULL DEFAULT now(),
    staff_id     uuid,
    action       text NOT NULL,
    conversation uuid,
    detail       jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_by_conversation ON audit (conversation);
CREATE FUNCTION audit_grows_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit log grows only'; END $$;
CREATE TRIGGER audit_grows_only BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_grows_only();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_grows_only();

ALTER TABLE handoff
    ADD COLUMN state           text NOT NULL DEFAULT 'waiting',  -- waiting, with_agent, closed
    ADD COLUMN agent_id        uuid REFERENCES staff,
    ADD COLUMN waiting_since   timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN claimed_at      timestamptz,
    ADD COLUMN answered_at     timestamptz,   -- the first answer of a counsellor
    ADD COLUMN unanswered_since timestamptz,  -- the person's oldest message that nobody answered
    ADD COLUMN escalations     integer NOT NULL DEFAULT 0,
    ADD COLUMN escalated_at    timestamptz,
    ADD COLUMN outcome         text,
    ADD COLUMN labels          text[] NOT NULL DEFAULT '{}';
CREATE INDEX handoff_queue ON handoff (state, priority, waiting_since) WHERE closed_at IS NULL;

-- Every step of a handoff, for the times of the monitoring.
CREATE TABLE handoff_event (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    handoff_id bigint NOT NULL REFERENCES handoff ON DELETE CASCADE,
    at         timestamptz NOT NULL DEFAULT now(),
    event      text NOT NULL,
    state      text NOT NULL,        -- afterwards
    staff_id   uuid REFERENCES staff
);
CREATE INDEX handoff_event_by_handoff ON handoff_event (handoff_id);

CREATE TABLE note (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    staff_id        uuid NOT NULL REFERENCES staff,
    text            text NOT NULL,   -- personal
    at              timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX note_by_conversation ON note (conversation_id);

-- Numbers that outlive an erasure: one row for each handoff that ended or was erased.
CREATE TABLE handoff_count (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    day            date NOT NULL,
    language       text,
    reason         text NOT NULL,
    priority       text NOT NULL,
    channel        text NOT NULL,
    outcome        text,
    answer_seconds integer,
    close_seconds  integer
);
-- Its own count, to take back where a handoff goes on.
ALTER TABLE handoff ADD COLUMN count_id bigint REFERENCES handoff_count ON DELETE SET NULL;

-- What the bot was unsure of, with what could lead to a person masked before it is stored.
CREATE TABLE misunderstanding (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    at              timestamptz NOT NULL DEFAULT now(),
    language        text,
    text            text NOT NULL,   -- masked, and still personal: it goes with the conversation
    intent          text,
    confidence      real,
    label           text,            -- the right intent, as staff said; or "none"
    labelled_by     uuid REFERENCES staff,
    labelled_at     timestamptz
);
CREATE INDEX misunderstanding_open ON misunderstanding (language, at) WHERE label IS NULL;
