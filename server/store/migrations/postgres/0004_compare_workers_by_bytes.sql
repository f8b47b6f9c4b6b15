-- The texts that came with 0003 compare by their bytes, as 0002 says of all others.
ALTER TABLE workers
  ALTER COLUMN name    TYPE TEXT COLLATE "C",
  ALTER COLUMN host    TYPE TEXT COLLATE "C",
  ALTER COLUMN version TYPE TEXT COLLATE "C";
ALTER TABLE runs ALTER COLUMN worker TYPE TEXT COLLATE "C";
