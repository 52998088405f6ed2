-- Keys of other systems that mirror the queue; who made one answers for what it does.

CREATE TABLE api_token (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name       text NOT NULL,        -- which system it was made for
    hash       bytea NOT NULL UNIQUE,
    scope      text NOT NULL,        -- read, read_resolve
    made_by    uuid NOT NULL REFERENCES staff ON DELETE CASCADE,
    made_at    timestamptz NOT NULL DEFAULT now(),
    used_at    timestamptz,
    revoked_at timestamptz
);
CREATE INDEX handoff_by_change ON handoff (updated_at, id);
