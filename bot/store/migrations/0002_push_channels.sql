-- Channels that are written to (a web page reads for itself): what came in as it came in, who
-- is who there, what was sent and what became of it, pictures and voice notes.
-- "sealed" columns are encrypted (bot/store/vault.py); hashes are keyed with the same secret.

CREATE TABLE webhook (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel     text NOT NULL,
    body        bytea NOT NULL,    -- sealed, personal: deleted as soon as it was taken in
    received_at timestamptz NOT NULL DEFAULT now(),
    tries       integer NOT NULL DEFAULT 0,
    due_at      timestamptz NOT NULL DEFAULT now(),  -- not tried again before
    failed_at   timestamptz        -- part of it could not be taken in; an operator looks
);
CREATE INDEX webhook_due ON webhook (channel, id) WHERE failed_at IS NULL;

-- The ids of messages that came, for longer than any provider repeats them. It outlives an
-- erasure: a late repetition of an erased message is no new message.
CREATE TABLE received (
    channel     text NOT NULL,
    id_hash     bytea NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (channel, id_hash)
);
CREATE INDEX received_by_age ON received (received_at);

-- Every name under which a channel knows a person: phone number, user id, parent user id.
CREATE TABLE alias (
    channel         text NOT NULL,
    hash            bytea NOT NULL,
    kind            text NOT NULL,
    sealed          bytea NOT NULL,    -- personal
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    seen_at         timestamptz NOT NULL DEFAULT now(),  -- by the provider's time
    PRIMARY KEY (channel, hash)
);
CREATE INDEX alias_by_conversation ON alias (conversation_id);

ALTER TABLE conversation
    ADD COLUMN window_until  timestamptz,  -- until then the channel takes free text; null: always
    ADD COLUMN template_at   timestamptz,  -- when the person was last told that an answer waits
    ADD COLUMN not_before    timestamptz,  -- nothing is sent to this person before
    ADD COLUMN send_failures integer NOT NULL DEFAULT 0,
    ADD COLUMN continued_by  uuid;         -- the same person's other conversation, found out later
CREATE INDEX conversation_continued ON conversation (continued_by) WHERE continued_by IS NOT NULL;

ALTER TABLE inbound
    ADD COLUMN kind    text NOT NULL DEFAULT 'text',
    ADD COLUMN sent_at timestamptz;        -- the provider's time; null: received_at

CREATE TABLE media (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    inbound_id      bigint NOT NULL REFERENCES inbound ON DELETE CASCADE,
    kind            text NOT NULL,     -- voice, audio, image, video, document, sticker
    provider_id     text NOT NULL,
    mime_type       text NOT NULL,
    filename        bytea,             -- sealed, personal
    sha256          bytea,
    bytes           integer,
    content         bytea,             -- sealed, personal; null until fetched
    state           text NOT NULL DEFAULT 'wanted',  -- wanted, kept, lost
    created_at      timestamptz NOT NULL DEFAULT now(),
    kept_at         timestamptz
);
CREATE INDEX media_by_conversation ON media (conversation_id);

-- One row for each bubble that an outbound message became on its channel.
CREATE TABLE delivery (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id uuid NOT NULL REFERENCES conversation ON DELETE CASCADE,
    outbound_id     bigint REFERENCES outbound ON DELETE CASCADE,  -- null: a template
    part            integer NOT NULL DEFAULT 1,
    key             text NOT NULL UNIQUE,  -- goes along and comes back with each status
    provider_id     text UNIQUE,
    state           text NOT NULL,     -- asked, unsure, sent, delivered, read, failed
    error_code      integer,
    tries           integer NOT NULL DEFAULT 1,
    asked_at        timestamptz NOT NULL DEFAULT now(),
    state_at        timestamptz NOT NULL DEFAULT now(),
    UNIQUE (outbound_id, part)
);
CREATE INDEX delivery_by_conversation ON delivery (conversation_id);

ALTER TABLE outbound
    ADD COLUMN failed_at timestamptz,  -- it will never arrive; `error_code` of its delivery says why
    ADD COLUMN author    text NOT NULL DEFAULT 'bot';
CREATE INDEX outbound_undelivered ON outbound (conversation_id, seq)
    WHERE delivered IS NULL AND failed_at IS NULL;

-- A whole number that must be silent for a while: its rate, or its account.
CREATE TABLE channel_pause (
    channel text PRIMARY KEY,
    until   timestamptz NOT NULL,
    reason  text NOT NULL
);
