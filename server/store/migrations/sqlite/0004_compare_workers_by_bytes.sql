-- SQLite compares texts by their bytes; this is PostgreSQL's number.
SELECT 1;
