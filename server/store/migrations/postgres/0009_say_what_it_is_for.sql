-- What this installation was made for: written once, with its first people, and never changed. People of the demo have
-- a password that everybody knows, so they exist only where nothing else does.
CREATE TABLE installation (
  id      BIGINT PRIMARY KEY CHECK (id = 1),
  purpose TEXT COLLATE "C" NOT NULL CHECK (purpose IN ('demo', 'work'))
);

-- Sessions are kept by the hash of their id from now on. Ids in clear could be taken over by whoever reads this table
-- or a copy of it, so everybody signs in once more.
DELETE FROM sessions;
