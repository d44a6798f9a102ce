-- The last complete run of each query to a registry.
CREATE TABLE IF NOT EXISTS fetch_runs (
    registry TEXT NOT NULL,
    query TEXT NOT NULL,
    -- Counted up from one complete run of the registry to the next.
    number INTEGER NOT NULL,
    -- The day on which it was begun.
    day TEXT NOT NULL,
    -- The day from which on the next run asks for changes.
    basis TEXT NOT NULL,
    PRIMARY KEY (registry, query)
) WITHOUT ROWID;

-- The studies that belonged to the query then, each with a mark that changes when the study does.
CREATE TABLE IF NOT EXISTS fetch_items (
    registry TEXT NOT NULL,
    query TEXT NOT NULL,
    id TEXT NOT NULL,
    mark TEXT NOT NULL,
    PRIMARY KEY (registry, query, id)
) WITHOUT ROWID;
