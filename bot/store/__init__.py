"""The one store: SQL on PostgreSQL, numbered migrations, jobs deferred in our transactions."""
