-- Registry records as they came, addressed by the blake3 hash of their bytes.
CREATE TABLE records (
    hash BLOB PRIMARY KEY,
    zstd BLOB NOT NULL
) WITHOUT ROWID;

-- Every version of a record: the snapshots that hold it, from `since` up to, not including, `until` (NULL: it is
-- held still), with the days on which it was first and last seen. A version that comes back has a row of its own.
CREATE TABLE versions (
    registry TEXT NOT NULL,
    record_id TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    hash BLOB NOT NULL REFERENCES records (hash),
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    PRIMARY KEY (registry, record_id, since)
) WITHOUT ROWID;

-- What the reader understood of a record; computed once for each version of the reader.
CREATE TABLE readings (
    hash BLOB NOT NULL REFERENCES records (hash),
    reader_version INTEGER NOT NULL,
    postcard BLOB NOT NULL,
    PRIMARY KEY (hash, reader_version)
) WITHOUT ROWID;

-- Every snapshot that was ever published, in order. The same content on a later day is a row of its own with the
-- same generation.
CREATE TABLE snapshots (
    sequence INTEGER PRIMARY KEY,
    generation TEXT NOT NULL,
    fetched TEXT NOT NULL,
    trials INTEGER NOT NULL,
    sample INTEGER NOT NULL,
    reader_version INTEGER NOT NULL,
    created_by TEXT NOT NULL
);

-- What a snapshot holds of each registry: the day of the last import or fetch, the day on which the record that was
-- not seen for longest was last seen, and the number of records.
CREATE TABLE snapshot_registries (
    sequence INTEGER NOT NULL REFERENCES snapshots (sequence),
    registry TEXT NOT NULL,
    fetched TEXT NOT NULL,
    oldest TEXT NOT NULL,
    records INTEGER NOT NULL,
    PRIMARY KEY (sequence, registry)
) WITHOUT ROWID;

-- The compiled trials of the last generations; those of older snapshots are made again from their versions.
CREATE TABLE compiled (
    generation TEXT PRIMARY KEY,
    checksum BLOB NOT NULL,
    zstd BLOB NOT NULL
);

-- The one snapshot that is served.
CREATE TABLE current (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    sequence INTEGER NOT NULL REFERENCES snapshots (sequence)
);
