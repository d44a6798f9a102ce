-- Registry records as they came, addressed by the blake3 hash of their bytes.
CREATE TABLE records (
    hash BLOB PRIMARY KEY,
    zstd BLOB NOT NULL
) WITHOUT ROWID;

-- Every version of a record with the day on which it was first seen.
CREATE TABLE versions (
    trial_id TEXT NOT NULL,
    hash BLOB NOT NULL REFERENCES records (hash),
    registry TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    PRIMARY KEY (trial_id, hash)
) WITHOUT ROWID;

-- What the reader understood of a record; computed once for each version of the reader.
CREATE TABLE readings (
    hash BLOB NOT NULL REFERENCES records (hash),
    reader_version INTEGER NOT NULL,
    postcard BLOB NOT NULL,
    PRIMARY KEY (hash, reader_version)
) WITHOUT ROWID;

-- The records of the current generation with the day of the last import that held them.
CREATE TABLE current_records (
    trial_id TEXT PRIMARY KEY,
    hash BLOB NOT NULL REFERENCES records (hash),
    registry TEXT NOT NULL,
    last_seen TEXT NOT NULL
) WITHOUT ROWID;

-- Every generation that was ever current; sequence says in which order.
CREATE TABLE snapshots (
    generation TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL UNIQUE,
    fetched TEXT NOT NULL,
    oldest TEXT NOT NULL,
    trials INTEGER NOT NULL,
    registries TEXT NOT NULL,
    sample INTEGER NOT NULL,
    reader_version INTEGER NOT NULL,
    created_by TEXT NOT NULL
);

-- The compiled trials of the last generations.
CREATE TABLE compiled (
    generation TEXT PRIMARY KEY REFERENCES snapshots (generation),
    checksum BLOB NOT NULL,
    zstd BLOB NOT NULL
);

-- The one generation that is served.
CREATE TABLE current (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    generation TEXT NOT NULL REFERENCES snapshots (generation)
);
