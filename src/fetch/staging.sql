-- What a fetch has so far, one run a registry. Nothing here is ever served; the file can be removed at any time.
CREATE TABLE IF NOT EXISTS run (
    registry TEXT PRIMARY KEY,
    -- One more than that of the last complete run; no more than that: this run was published.
    number INTEGER NOT NULL,
    -- What was asked for; a run that asks for something else starts anew.
    plan TEXT NOT NULL,
    started TEXT NOT NULL
) WITHOUT ROWID;

-- Where the walk through the answers of a query stands.
CREATE TABLE IF NOT EXISTS walk (
    registry TEXT NOT NULL,
    query TEXT NOT NULL,
    cursor TEXT NOT NULL,
    PRIMARY KEY (registry, query)
) WITHOUT ROWID;

-- The records, page by page, as they will be imported.
CREATE TABLE IF NOT EXISTS page (
    registry TEXT NOT NULL,
    query TEXT NOT NULL,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    checksum BLOB NOT NULL,
    zstd BLOB NOT NULL,
    PRIMARY KEY (registry, query, name)
);

-- The studies that a query gave, each with a mark that changes when the study does.
CREATE TABLE IF NOT EXISTS item (
    registry TEXT NOT NULL,
    query TEXT NOT NULL,
    id TEXT NOT NULL,
    mark TEXT NOT NULL,
    -- Whether the study belongs to the query; one that has changed may belong there no more.
    belongs INTEGER NOT NULL,
    PRIMARY KEY (registry, query, id)
) WITHOUT ROWID;

-- For the question whether another query gave a study too.
CREATE INDEX IF NOT EXISTS item_by_id ON item (registry, id);

-- The studies that the registry no longer has.
CREATE TABLE IF NOT EXISTS gone (
    registry TEXT NOT NULL,
    query TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (registry, query, id)
) WITHOUT ROWID;
