-- What seals the board's own secrets where the operator gives no SECRET_KEY: made here once, so that every process has it.
create table board_secret (
    only_row boolean primary key default true constraint board_secret_only_row check (only_row),
    secret bytea not null
);
insert into board_secret (secret)
select sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

-- What a POST with an Idempotency-Key has published, so that it can be answered once more. Nothing here can be read: of the
-- key and the body there are hashes, and the token is sealed under the board's secret and the key itself.
create table idempotency_keys (
    key_hash bytea primary key constraint idempotency_keys_hash check (length(key_hash) = 32),
    body_hash bytea not null,
    event_id bigint not null references events on delete cascade,
    sealed_token bytea not null,
    created_at timestamptz not null
);
create index idempotency_keys_by_age on idempotency_keys (created_at);
create index idempotency_keys_by_event on idempotency_keys (event_id);
