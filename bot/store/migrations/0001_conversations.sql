-- Columns marked "personal" hold what a person said or what leads to a person. Erasure
-- (bot/store/erasure.py) deletes the rows of all tables below but the last.

CREATE TABLE conversation (
    id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    channel          text NOT NULL,
    external_id      text,             -- personal: the channel's own name for the person
    token_hash       bytea UNIQUE,     -- SHA-256 of the key; the key itself is never stored
    language         text,             -- personal
    hint_language    text,             -- personal: what the browser asks for, until one is chosen
    keep_key         boolean,          -- may the key stay on the person's device; null: not asked yet
    seq              bigint NOT NULL DEFAULT 0,
    created_at       timestamptz NOT NULL DEFAULT now(),
    last_activity_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (channel, external_id)
);
CREATE INDEX conversation_by_activity ON conversation (last_activity_at);  -- retention

CREATE TABLE inbound (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    external_id     text NOT NULL,     -- the sender's own id of the message
    content_hash    bytea NOT NULL,    -- tells a repetition from another message with the same id
    seq             bigint NOT NULL,
    text            text NOT NULL,     -- personal
    choice          text,              -- the id of the choice that was taken
    too_long        boolean NOT NULL DEFAULT false,
    received_at     timestamptz NOT NULL DEFAULT now(),
    done            timestamptz,
    outcome         text,              -- who answered: rasa, gateway, failure
    UNIQUE (conversation_id, external_id),
    UNIQUE (conversation_id, seq)
);

CREATE TABLE outbound (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    seq             bigint NOT NULL,
    key             text NOT NULL UNIQUE,  -- stable: the same effect is never stored twice
    body            jsonb NOT NULL,        -- personal: the message as the person sees it
    payloads        jsonb NOT NULL DEFAULT '[]',  -- personal: what each choice means to Rasa
    asks            boolean NOT NULL,      -- is the current question until the next one
    answered        boolean NOT NULL DEFAULT false,
    created_at      timestamptz NOT NULL DEFAULT now(),
    delivered       timestamptz,
    UNIQUE (conversation_id, seq)
);
CREATE INDEX outbound_questions ON outbound (conversation_id, seq DESC) WHERE asks;

CREATE TABLE handoff (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    reference       text NOT NULL,
    reason          text NOT NULL,
    priority        text NOT NULL,
    language        text,              -- personal
    facts           jsonb NOT NULL,    -- personal
    requests        jsonb NOT NULL,    -- personal: every request in order; each may name a reference
    opened_at       timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    closed_at       timestamptz
);
CREATE UNIQUE INDEX handoff_one_open ON handoff (conversation_id) WHERE closed_at IS NULL;

-- What proves an erasure and repeats it after a backup was restored. Nothing here leads
-- back to a person: the hash is of a random id that stands nowhere else any more.
CREATE TABLE erasure (
    reference         text PRIMARY KEY,
    conversation_hash text NOT NULL,
    erased_at         timestamptz NOT NULL DEFAULT now(),
    rows              jsonb NOT NULL
);
CREATE INDEX erasure_by_conversation ON erasure (conversation_hash);
